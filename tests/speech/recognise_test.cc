#include "speech/recognise.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/speech/fake_speech.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

// Sections of a sound that says its number, 3 s each, and silence of half a
// minute behind each: a window each.
constexpr std::size_t kSections = 10;
constexpr double kSectionSeconds = 3, kPeriodSeconds = 42;

class FakeAudioReader : public AudioReader {
 public:
  explicit FakeAudioReader(std::size_t sections, std::size_t piece = 40000)
      : left_(sections * kPeriod), piece_(piece) {}

  bool Next(std::vector<float>* samples) override {
    if (at_ >= broken_at) throw Error(ErrorKind::kInput, "the sound broke");
    if (at_ >= left_) return false;
    for (std::size_t i = 0; i < piece_ && at_ < left_; ++i, ++at_) {
      const std::size_t section = at_ / kPeriod;
      samples->push_back(at_ % kPeriod < kSection
                             ? 0.1f + static_cast<float>(section) / 100
                             : 0.0f);
    }
    return true;
  }
  const std::vector<Warning>& warnings() const override { return warnings_; }

  std::size_t broken_at = static_cast<std::size_t>(-1);

 private:
  static constexpr auto kPeriod =
      static_cast<std::size_t>(kPeriodSeconds * kSampleRate);
  static constexpr auto kSection =
      static_cast<std::size_t>(kSectionSeconds * kSampleRate);

  std::size_t at_ = 0;
  const std::size_t left_;
  const std::size_t piece_;
  const std::vector<Warning> warnings_;
};

// Hears the number of a window's section, half a second into it.
class FakeSpeechModel : public SpeechModel {
 public:
  std::unique_ptr<SpeechStates> Encode(
      const std::vector<std::vector<float>>& windows) const override {
    std::vector<int> sections;
    for (const std::vector<float>& window : windows) {
      EXPECT_LE(window.size(), 480000u);
      float loudest = 0;
      for (const float sample : window) loudest = std::max(loudest, sample);
      sections.push_back(static_cast<int>(std::lround(loudest * 100)) - 10);
    }
    std::unique_lock<std::mutex> lock(mutex_);
    batches.push_back(sections);
    all_came_.notify_all();
    all_came_.wait(lock, [this] { return batches.size() >= side_by_side; });
    lock.unlock();
    return std::make_unique<FakeSpeechStates>(
        [this, sections](std::size_t window, const Tokens& written) {
          if (written.size() == 1) ++starts;
          const int section = sections.at(window);
          if (section == broken_section)
            throw Error(ErrorKind::kInternal, "the model broke");
          // Early windows take longer than late ones.
          std::this_thread::sleep_for(
              std::chrono::milliseconds(section < 4 ? 5 : 0));
          return written.size() == 1
                     ? Among({{kEnglish, 0.25}, {kGerman, 0.75}})
                     : Say({TimeToken(0.5), 2 + section, TimeToken(2.5)},
                           written);
        });
  }

  int broken_section = -1;
  std::size_t side_by_side = 0;  // none is encoded before so many are begun
  mutable std::vector<std::vector<int>> batches;
  mutable std::atomic<int> starts{0};

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable all_came_;
};

Heard Hear(AudioReader* audio, const FakeSpeechModel& model,
           const std::string& language, int workers,
           const std::function<void(Time)>& progress = nullptr) {
  const SpeechSpec spec = SmallSpec();
  TaskPool pool(workers);
  return Recognise(audio, model, spec, language, &pool, progress);
}

TEST(Recognise, GivesCuesInTheOrderOfTimeOnTheClockOfTheSound) {
  const SpeechSpec spec = SmallSpec();
  FakeAudioReader audio(kSections);
  FakeSpeechModel model;
  const Heard heard = Hear(&audio, model, "", 3);
  ASSERT_THAT(heard.cues, SizeIs(kSections));
  for (std::size_t i = 0; i < kSections; ++i) {
    SCOPED_TRACE(i);
    // A window begins 0.2 s before its sound, the first one with it.
    const double start =
        kPeriodSeconds * static_cast<double>(i) + (i > 0 ? 0.3 : 0.5);
    const HeardCue& cue = heard.cues[i];
    EXPECT_NEAR(static_cast<double>(cue.start.count()) / 1e6, start, 0.021);
    EXPECT_EQ(cue.end - cue.start, std::chrono::seconds(2));
    EXPECT_EQ(" " + cue.text, spec.tokens[i + 2]);
    EXPECT_NEAR(cue.confidence, 1, 1e-6);
  }
}

TEST(Recognise, ListensToFourWindowsAtATimeButToTheFirstAndTheLastInTwoParts) {
  const std::vector<std::pair<std::size_t, std::vector<std::vector<int>>>>
      cases = {{1, {{0}}},
               {2, {{0}, {1}}},
               {3, {{0, 1}, {2}}},
               {4, {{0, 1}, {2, 3}}},
               {6, {{0, 1}, {2, 3}, {4}, {5}}},
               {8, {{0, 1}, {2, 3}, {4, 5}, {6, 7}}},
               {10, {{0, 1}, {2, 3}, {4, 5, 6, 7}, {8}, {9}}}};
  for (const auto& [sections, batches] : cases) {
    FakeAudioReader audio(sections);
    FakeSpeechModel model;
    Hear(&audio, model, "en", 1);
    EXPECT_EQ(model.batches, batches);
  }
}

// Both find its language, and neither waits for the other.
TEST(Recognise, ListensToTwoWindowsOnTwoCoresAtOnce) {
  FakeAudioReader audio(2);
  FakeSpeechModel model;
  model.side_by_side = 2;
  EXPECT_THAT(Hear(&audio, model, "", 2).cues, SizeIs(2));
}

TEST(Recognise, FindsTheLanguageOfTheFirstWindowsAlone) {
  FakeAudioReader audio(kSections);
  FakeSpeechModel model;
  const Heard heard = Hear(&audio, model, "", 2);
  EXPECT_EQ(heard.language.tag, "de");
  EXPECT_NEAR(heard.language.probability, 0.75, 1e-6);
  EXPECT_EQ(model.starts, static_cast<int>(kSections) + 4);

  FakeAudioReader again(kSections);
  FakeSpeechModel other;
  const Heard asked = Hear(&again, other, "en", 2);
  EXPECT_EQ(asked.language.tag, "en");
  EXPECT_EQ(asked.language.probability, 1);
  EXPECT_EQ(other.starts, static_cast<int>(kSections));
}

TEST(Recognise, GivesTheSameWhateverTheWorkersAndThePieces) {
  FakeAudioReader audio(kSections);
  FakeSpeechModel model;
  const Heard one = Hear(&audio, model, "", 1);
  for (const std::size_t piece : {777, 500000}) {
    FakeAudioReader other(kSections, piece);
    const Heard three = Hear(&other, model, "", 3);
    EXPECT_EQ(three.language.tag, one.language.tag);
    EXPECT_EQ(three.language.probability, one.language.probability);
    EXPECT_EQ(three.length, one.length);
    ASSERT_EQ(three.cues.size(), one.cues.size());
    for (std::size_t i = 0; i < one.cues.size(); ++i) {
      EXPECT_EQ(three.cues[i].start, one.cues[i].start);
      EXPECT_EQ(three.cues[i].end, one.cues[i].end);
      EXPECT_EQ(three.cues[i].text, one.cues[i].text);
      EXPECT_EQ(three.cues[i].confidence, one.cues[i].confidence);
    }
  }
}

TEST(Recognise, TellsHowFarItCame) {
  FakeAudioReader audio(3);
  std::vector<Time> told;
  Hear(&audio, FakeSpeechModel(), "en", 2,
       [&](Time time) { told.push_back(time); });
  ASSERT_THAT(told, SizeIs(3));
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_THAT(told, Each(Le(std::chrono::seconds(126))));
}

TEST(Recognise, HearsNothingInSilence) {
  class Silence : public AudioReader {
   public:
    bool Next(std::vector<float>* samples) override {
      samples->resize(samples->size() + 16000);
      return ++seconds_ < 70;
    }
    const std::vector<Warning>& warnings() const override { return none_; }

   private:
    int seconds_ = 0;
    const std::vector<Warning> none_{};
  };
  Silence audio;
  FakeSpeechModel model;
  const Heard heard = Hear(&audio, model, "", 2);
  EXPECT_THAT(heard.cues, IsEmpty());
  EXPECT_EQ(heard.language.tag, "");
  EXPECT_EQ(heard.length, Time(0));
  EXPECT_THAT(model.batches, IsEmpty());
}

// What of it waits still for a worker may use nothing that is gone by then.
TEST(Recognise, ThrowsWhatTheModelOrTheReaderThrows) {
  for (const int section : {0, 5, 9}) {
    FakeAudioReader audio(kSections);
    FakeSpeechModel model;
    model.broken_section = section;
    try {
      Hear(&audio, model, "en", 3);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "the model broke");
    }
  }
  FakeAudioReader audio(kSections);
  audio.broken_at = 168 * kSampleRate;  // four windows are on their way
  FakeSpeechModel model;
  try {
    Hear(&audio, model, "en", 1);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the sound broke");
  }
}

}  // namespace
}  // namespace vsa
