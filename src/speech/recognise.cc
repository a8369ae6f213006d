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

// Windows whose texts are written side by side: one product with the decoder's
// weights serves them all.
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
      batch_.push_back(std::move(window));
      if (batch_.size() == kBatch) Listen();
    }
  }

  Heard Finish() {
    if (!batch_.empty()) Listen();
    while (!running_.empty()) TakeFirst();
    return std::move(heard_);
  }

 private:
  using Texts = std::vector<std::vector<HeardCue>>;
  struct Batch {
    std::vector<double> starts;  // samples
    std::vector<WindowSound> sounds;
    std::future<Texts> texts;
  };

  // Sends the batch to the pool, the first one once its language is known.
  void Listen() {
    Batch batch;
    auto windows = std::make_shared<std::vector<std::vector<float>>>();
    for (SoundWindow& window : batch_) {
      batch.starts.push_back(static_cast<double>(window.start));
      batch.sounds.push_back(
          {static_cast<double>(window.samples.size()) / kSampleRate,
           FindPauses(window.samples)});
      windows->push_back(std::move(window.samples));
    }
    batch_.clear();
    std::shared_ptr<SpeechStates> states;
    if (heard_.language.tag.empty()) {
      states = model_.Encode(*windows);
      heard_.language = FindLanguage(*states, windows->size(), spec_);
    }
    while (running_.size() >= static_cast<std::size_t>(pool_->workers()))
      TakeFirst();
    const std::uint64_t first = listened_;
    listened_ += windows->size();
    // Not `this`: where an error ends it all a task may run later.
    batch.texts = pool_->Submit([&model = model_, &spec = spec_, windows, first,
                                 states, sounds = batch.sounds,
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
  std::vector<SoundWindow> batch_;
  std::deque<Batch> running_;  // in the order of time
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
