#include "speech/recognise.h"

#include <cmath>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <utility>

#include "speech/hear.h"
#include "speech/pauses.h"
#include "speech/windows.h"

namespace vsa {
namespace {

// Windows whose texts are written side by side at most: one product with the
// decoder's weights serves them all. Which they are follows from the sound
// alone, as the last bits of the products depend on it.
constexpr std::size_t kBatch = 4;

Time TimeOf(double samples) {
  return Time(std::llround(samples * 1e6 / kSampleRate));
}

class Recogniser {
 public:
  Recogniser(const SpeechModel& model, const SpeechSpec& spec,
             std::string language, TaskPool* pool,
             const std::function<void(Time)>& progress)
      : model_(model), spec_(spec), pool_(pool), progress_(progress) {
    if (!language.empty()) heard_.language = {std::move(language), 1};
  }

  void Add(std::vector<SoundWindow> windows) {
    for (SoundWindow& window : windows) {
      if (waiting_.size() == kBatch) Listen(listened_ == 0 ? 2 : 1);
      waiting_.push_back(std::move(window));
    }
  }

  Heard Finish() {
    if (!waiting_.empty()) Listen(2);
    while (!running_.empty()) TakeFirst();
    return std::move(heard_);
  }

 private:
  using Texts = std::vector<std::vector<HeardCue>>;
  struct Batch {
    std::vector<double> starts;  // samples
    std::vector<WindowSound> sounds;
    std::shared_ptr<std::vector<std::vector<float>>> windows;
    std::shared_ptr<SpeechStates> states;  // null where not known yet
    std::future<Texts> texts;
  };

  // Sends the windows that wait to the pool, in so many parts: the first and
  // the last ones in two, so that two cores have to do.
  void Listen(std::size_t parts) {
    std::vector<Batch> batches;
    const std::size_t most = (waiting_.size() + parts - 1) / parts;
    for (SoundWindow& window : waiting_) {
      if (batches.empty() || batches.back().windows->size() == most) {
        batches.emplace_back();
        batches.back().windows =
            std::make_shared<std::vector<std::vector<float>>>();
      }
      Batch& batch = batches.back();
      batch.starts.push_back(static_cast<double>(window.start));
      batch.sounds.push_back(
          {static_cast<double>(window.samples.size()) / kSampleRate,
           FindPauses(window.samples)});
      batch.windows->push_back(std::move(window.samples));
    }
    waiting_.clear();
    if (heard_.language.tag.empty()) FindLanguageOf(&batches);
    for (Batch& batch : batches) Send(std::move(batch));
  }

  void FindLanguageOf(std::vector<Batch>* batches) {
    std::vector<std::future<std::shared_ptr<SpeechStates>>> encoded;
    for (const Batch& batch : *batches) {
      encoded.push_back(
          pool_->Submit([&model = model_, windows = batch.windows] {
            return std::shared_ptr<SpeechStates>(model.Encode(*windows));
          }));
    }
    std::vector<WindowStates> known;
    for (std::size_t i = 0; i < batches->size(); ++i) {
      Batch& batch = (*batches)[i];
      batch.states = encoded[i].get();
      known.push_back({batch.states.get(), batch.windows->size()});
    }
    heard_.language = FindLanguage(known, spec_);
  }

  void Send(Batch batch) {
    while (running_.size() >= static_cast<std::size_t>(pool_->workers()))
      TakeFirst();
    const std::uint64_t first = listened_;
    listened_ += batch.windows->size();
    // Not `this`: where an error ends it all a task may run later.
    batch.texts = pool_->Submit([&model = model_, &spec = spec_,
                                 windows = std::move(batch.windows), first,
                                 states = std::move(batch.states),
                                 sounds = batch.sounds,
                                 language = heard_.language.tag] {
      return Hear(model, *windows, states.get(), sounds, first, language, spec);
    });
    running_.push_back(std::move(batch));
  }

  void TakeFirst() {
    Batch batch = std::move(running_.front());
    running_.pop_front();
    Texts texts = batch.texts.get();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (HeardCue& cue : texts[i]) {
        Shift(TimeOf(batch.starts[i]), &cue);
        heard_.cues.push_back(std::move(cue));
      }
      const double samples = batch.sounds[i].length * kSampleRate;
      heard_.length += TimeOf(samples);
      if (progress_) progress_(TimeOf(batch.starts[i] + samples));
    }
  }

  const SpeechModel& model_;
  const SpeechSpec& spec_;
  TaskPool* const pool_;
  const std::function<void(Time)>& progress_;
  std::vector<SoundWindow> waiting_;  // for others of their batch
  std::deque<Batch> running_;         // in the order of time
  std::uint64_t listened_ = 0;
  Heard heard_;
};

}  // namespace

Heard Recognise(AudioReader* audio, const SpeechModel& model,
                const SpeechSpec& spec, const std::string& language,
                TaskPool* pool, const std::function<void(Time)>& progress) {
  WindowCutter cutter;
  Recogniser recogniser(model, spec, language, pool, progress);
  std::vector<float> samples;
  std::vector<SoundWindow> windows;
  while (audio->Next(&samples)) {
    cutter.Add(samples, &windows);
    samples.clear();
    recogniser.Add(std::move(windows));
    windows.clear();
  }
  cutter.Finish(&windows);
  recogniser.Add(std::move(windows));
  return recogniser.Finish();
}

}  // namespace vsa
