#include "speech/decode.h"

#include <gmock/gmock.h>

#include <cmath>
#include <string>

#include "tests/speech/fake_speech.h"

namespace vsa {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

// Windows of so many seconds, without pauses.
std::vector<WindowSound> Of(const std::vector<double>& lengths) {
  std::vector<WindowSound> sounds;
  for (const double length : lengths) sounds.push_back({length, {}});
  return sounds;
}

using Windows = std::vector<std::size_t>;

auto Is(double start, double end, const std::string& text) {
  const auto at = [](double seconds) {
    return Time(std::llround(seconds * 1e6));
  };
  return AllOf(Field(&HeardCue::start, at(start)),
               Field(&HeardCue::end, at(end)), Field(&HeardCue::text, text));
}

// What is heard of one window of 3 s in which `said` is, as surely as it says.
std::vector<HeardCue> HeardOf(const Tokens& said, double probability = 1,
                              const SpeechSpec& spec = SmallSpec()) {
  const FakeSpeechStates states([&](std::size_t, const Tokens& written) {
    return Say(said, written, probability);
  });
  return Decode(states, Of({3}), 0, "en", spec)[0];
}

TEST(Decode, GivesTheStretchesThatTimesBound) {
  EXPECT_THAT(HeardOf({TimeToken(0.2), 0, 1, TimeToken(1), TimeToken(1.5), 1,
                       TimeToken(2.9)}),
              ElementsAre(Is(0.2, 1, "Hello you"), Is(1.5, 2.9, "you")));
  EXPECT_THAT(
      HeardOf({TimeToken(0), 0, TimeToken(1), TimeToken(1), 1, TimeToken(2)}),
      ElementsAre(Is(0, 1, "Hello"), Is(1, 2, "you")));
}

TEST(Decode, EndsAStretchThatBreaksOffWithTheWindow) {
  EXPECT_THAT(HeardOf({TimeToken(0.5), 0, 1}),
              ElementsAre(Is(0.5, 3, "Hello you")));
  EXPECT_THAT(HeardOf({TimeToken(0.5), 0, TimeToken(1), TimeToken(1.2)}),
              ElementsAre(Is(0.5, 1, "Hello")));
}

TEST(Decode, EndsNoStretchBehindTheWindow) {
  const FakeSpeechStates states([](std::size_t, const Tokens& written) {
    return Say({TimeToken(0), 0, TimeToken(1.3)}, written);
  });
  EXPECT_THAT(Decode(states, Of({1.25}), 0, "en", SmallSpec())[0],
              ElementsAre(Is(0, 1.25, "Hello")));
}

TEST(Decode, BeginsWithStartLanguageAndTask) {
  Tokens first;
  const FakeSpeechStates states([&](std::size_t, const Tokens& written) {
    if (first.size() < 3) first = written;
    return Say({}, written);
  });
  Decode(states, Of({3}), 0, "de", SmallSpec());
  EXPECT_THAT(first, ElementsAre(kStart, kGerman, kTranscribe));

  SpeechSpec english = SmallSpec();
  english.languages.clear();
  std::vector<Tokens> all;
  const FakeSpeechStates alone([&](std::size_t, const Tokens& written) {
    all.push_back(written);
    return written.size() == 1 ? Surely(TimeToken(0.5)) : Surely(kEnd);
  });
  Decode(alone, Of({3}), 0, "en", english);
  EXPECT_THAT(all, ElementsAre(ElementsAre(kStart),
                               ElementsAre(kStart, TimeToken(0.5))));
}

TEST(Decode, WritesTheTextsOfSeveralWindowsSideBySide) {
  const std::vector<Tokens> said = {
      {TimeToken(0), 0, TimeToken(1)},
      {},
      {TimeToken(0), 1, 0, 1, TimeToken(2)},
      {TimeToken(1), 1, TimeToken(1.5), TimeToken(1.5), 0, TimeToken(2)}};
  const FakeSpeechStates states([&](std::size_t window, const Tokens& written) {
    // Nothing said: a time and the end.
    return said[window].empty() ? Say({TimeToken(0)}, written)
                                : Say(said[window], written);
  });
  EXPECT_THAT(Decode(states, Of({3, 3, 3, 3}), 0, "en", SmallSpec()),
              ElementsAre(ElementsAre(Is(0, 1, "Hello")), IsEmpty(),
                          ElementsAre(Is(0, 2, "you Hello you")),
                          ElementsAre(Is(1, 1.5, "you"), Is(1.5, 2, "Hello"))));
  EXPECT_THAT(states.begun, ElementsAre(ElementsAre(0, 1, 2, 3)));
}

TEST(Decode, SaysHowProbableTheWordsOfAStretchAre) {
  const std::vector<HeardCue> sure = HeardOf({TimeToken(0), 0, TimeToken(1)});
  ASSERT_THAT(sure, SizeIs(1));
  EXPECT_NEAR(sure[0].confidence, 1, 1e-6);
  const std::vector<HeardCue> heard =
      HeardOf({TimeToken(0), 0, 1, 2, TimeToken(1)}, 0.6);
  ASSERT_THAT(heard, SizeIs(1));
  EXPECT_NEAR(heard[0].confidence, 0.6, 1e-4);
}

TEST(Decode, LeavesOutAStretchOfImprobableWords) {
  const FakeSpeechStates states([](std::size_t, const Tokens& written) {
    const bool second = written.size() > 7;
    return Say(
        {TimeToken(0), 0, 1, TimeToken(1), TimeToken(1), 2, TimeToken(2)},
        written, second ? 0.25 : 1);
  });
  EXPECT_THAT(Decode(states, Of({3}), 0, "en", SmallSpec())[0],
              ElementsAre(Is(0, 1, "Hello you")));
}

TEST(Decode, GivesNothingOfWhatIsNotBelievedAtAnyTemperature) {
  SpeechSpec spec = SmallSpec();
  const FakeSpeechStates states([&](std::size_t, const Tokens& /*written*/) {
    return Logits(static_cast<std::size_t>(spec.vocabulary));
  });
  EXPECT_THAT(Decode(states, Of({3, 3}), 0, "en", spec),
              ElementsAre(IsEmpty(), IsEmpty()));
  const Windows first(5, 0), second(5, 1);
  EXPECT_THAT(states.begun,
              ElementsAre(Windows{0, 1}, first, second, first, second));
}

TEST(Decode, TriesSilenceNotAgain) {
  const auto states_of = [](double no_speech) {
    return FakeSpeechStates([=](std::size_t, const Tokens& written) {
      return written.size() == 1
                 ? Among({{kNoSpeech, no_speech}, {kEnglish, 1 - no_speech}})
                 : Logits(static_cast<std::size_t>(SmallSpec().vocabulary));
    });
  };
  const FakeSpeechStates silence = states_of(0.7);
  EXPECT_THAT(Decode(silence, Of({3}), 0, "en", SmallSpec())[0], IsEmpty());
  EXPECT_THAT(silence.begun, SizeIs(1));
  const FakeSpeechStates speech = states_of(0.5);
  EXPECT_THAT(Decode(speech, Of({3}), 0, "en", SmallSpec())[0], IsEmpty());
  EXPECT_THAT(speech.begun, SizeIs(3));
}

TEST(Decode, KeepsProbableWordsThatSeemedToBeSilence) {
  const FakeSpeechStates states([](std::size_t, const Tokens& written) {
    return written.size() == 1 ? Surely(kNoSpeech)
                               : Say({TimeToken(0), 0, TimeToken(1)}, written);
  });
  EXPECT_THAT(Decode(states, Of({3}), 0, "en", SmallSpec())[0],
              ElementsAre(Is(0, 1, "Hello")));
}

// The most probable text says one word over and over again, one that is drawn
// does not.
Logits Stutter(const Tokens& written) {
  if (written.size() < 3) return Surely(kEnglish);
  const std::size_t at = written.size() - 3;
  if (at == 0) return Surely(TimeToken(0));
  if (at > 24) return Surely(at == 25 ? TimeToken(2) : kEnd);
  return Among({{0, 0.51}, {static_cast<SpeechToken>(at + 1), 0.49}});
}

TEST(Decode, TriesWhatRepeatsItselfAgainAtAHigherTemperature) {
  const auto heard_of = [](const std::vector<double>& temperatures) {
    SpeechSpec spec = SmallSpec();
    spec.temperatures = temperatures;
    const FakeSpeechStates states(
        [](std::size_t window, const Tokens& written) {
          return window == 1 ? Say({TimeToken(0), 0, TimeToken(1)}, written)
                             : Stutter(written);
        });
    const auto heard = Decode(states, Of({3, 3, 3}), 0, "en", spec);
    EXPECT_EQ(states.begun[0], (Windows{0, 1, 2}));
    if (temperatures.size() > 1) {
      EXPECT_EQ(states.begun.at(1), Windows(5, 0));
      EXPECT_EQ(states.begun.at(2), Windows(5, 2));
    }
    EXPECT_THAT(heard[1], ElementsAre(Is(0, 1, "Hello")));
    return std::pair(heard[0], heard[2]);
  };
  const auto none = heard_of({0});
  EXPECT_THAT(none.first, IsEmpty());
  EXPECT_THAT(none.second, IsEmpty());
  const auto [first, third] = heard_of({0, 1});
  ASSERT_THAT(first, SizeIs(1));
  ASSERT_THAT(third, SizeIs(1));
  EXPECT_NE(first[0].text, third[0].text);  // by chances of their own
}

TEST(Decode, BelievesALongPassageThatIsSaidAgain) {
  Tokens said = {TimeToken(0)};
  for (int i = 0; i < 3 * 40; ++i) said.push_back(i % 40);
  said.push_back(TimeToken(3));
  const std::vector<HeardCue> heard = HeardOf(said);
  ASSERT_THAT(heard, SizeIs(1));
  EXPECT_GT(heard[0].text.size(), 3u * 39 * 6);
}

// A loop makes its rounds sure of themselves: its first one is not.
TEST(Decode, GivesUpWhereEachDrawIsStuck) {
  const FakeSpeechStates states([](std::size_t, const Tokens& written) {
    if (written.size() == 4)
      return Among({{1, 0.3}, {10, 0.2}, {11, 0.2}, {12, 0.2}, {13, 0.1}});
    Tokens said = {TimeToken(0)};
    said.resize(300, written.size() > 4 ? written[4] : 1);
    return Say(said, written);
  });
  EXPECT_THAT(Decode(states, Of({3}), 0, "en", SmallSpec())[0], IsEmpty());
  EXPECT_THAT(states.begun, ElementsAre(Windows{0}, Windows(5, 0)));
}

TEST(Decode, BelievesASentenceThatIsSaidSeveralTimes) {
  const auto heard_of = [](int times, double no_speech) {
    const FakeSpeechStates states([=](std::size_t, const Tokens& written) {
      if (written.size() == 1)
        return Among({{kNoSpeech, no_speech}, {kEnglish, 1 - no_speech}});
      Tokens said = {TimeToken(0), 9};
      for (int i = 0; i < times; ++i) said.insert(said.end(), {0, 1, 2, 3, 4});
      said.push_back(TimeToken(3));
      return Say(said, written);
    });
    const auto heard = Decode(states, Of({3}), 0, "en", SmallSpec())[0];
    EXPECT_THAT(states.begun, ElementsAre(Windows{0}, Windows(5, 0)));
    return heard;
  };
  // All of a text that ended, one round of one that broke off.
  const std::vector<HeardCue> four = heard_of(5, 0);
  ASSERT_THAT(four, SizeIs(1));
  const std::string& text = four[0].text;
  EXPECT_EQ(text.find("Hello"), 6u);
  EXPECT_GT(text.rfind("Hello"), 4u * 25);
  const std::vector<HeardCue> many = heard_of(50, 0);
  ASSERT_THAT(many, SizeIs(1));
  EXPECT_EQ(many[0].text, text.substr(0, text.find(" Hello", 7)));
  EXPECT_THAT(heard_of(50, 0.7), IsEmpty());
}

// Claps and tones are written so, surely.
TEST(Decode, GivesNothingOfANumberThatComesAgainAndAgain) {
  SpeechSpec spec = SmallSpec();
  spec.tokens[0] = " 9";
  spec.tokens[2] = " 10";
  Tokens said;
  for (int i = 0; i < 6; ++i)
    said.insert(said.end(), {TimeToken(0.4 * i), 0, TimeToken(0.4 * i + 0.2)});
  EXPECT_THAT(HeardOf(said, 1, spec), IsEmpty());
  spec.tokens[0] = " no";
  EXPECT_THAT(HeardOf(said, 1, spec), SizeIs(6));
  spec.tokens[0] = " 9";
  EXPECT_THAT(HeardOf({TimeToken(0), 2, 0, TimeToken(1)}, 1, spec),
              ElementsAre(Is(0, 1, "10 9")));
}

TEST(Decode, DrawsTheSameByTheNumberOfTheWindowAlone) {
  SpeechSpec spec = SmallSpec();
  spec.temperatures = {1};
  const FakeSpeechStates states(
      [](std::size_t, const Tokens& written) { return Stutter(written); });
  const std::vector<double> three(3, 3.0);
  const auto heard = Decode(states, Of(three), 7, "en", spec);
  ASSERT_THAT(heard[2], SizeIs(1));
  const auto again = Decode(states, Of(three), 7, "en", spec);
  const auto alone = Decode(states, Of({3}), 9, "en", spec);
  ASSERT_THAT(again[2], SizeIs(1));
  ASSERT_THAT(alone[0], SizeIs(1));
  EXPECT_EQ(again[2][0].text, heard[2][0].text);
  EXPECT_EQ(alone[0][0].text, heard[2][0].text);
  EXPECT_EQ(alone[0][0].confidence, heard[2][0].confidence);
}

TEST(Decode, CutsALoopToOneRound) {
  SpeechSpec spec = SmallSpec();
  spec.most_compression = 100;  // else it would not be believed
  std::size_t longest = 0;
  const FakeSpeechStates states([&](std::size_t, const Tokens& written) {
    longest = std::max(longest, written.size());
    Tokens said = {TimeToken(0.5), 0};
    said.resize(300, 1);
    return Say(said, written);
  });
  EXPECT_THAT(Decode(states, Of({3}), 0, "en", spec)[0],
              ElementsAre(Is(0.5, 3, "Hello you")));
  EXPECT_LE(longest, 3u + 2u + 25u);
}

TEST(Decode, WritesAtMostHalfOfTheTokensThatTheModelTakes) {
  SpeechSpec spec = SmallSpec();
  spec.max_tokens = 10;
  Tokens said = {TimeToken(0)};
  for (SpeechToken token = 0; token < 40; ++token) said.push_back(token);
  const std::vector<HeardCue> heard = HeardOf(said, 1, spec);
  ASSERT_THAT(heard, SizeIs(1));
  EXPECT_EQ(" " + heard[0].text,
            spec.tokens[0] + spec.tokens[1] + spec.tokens[2] + spec.tokens[3]);
}

TEST(Decode, GivesPlainWordsInUtf8) {
  SpeechSpec spec = SmallSpec();
  spec.tokens[2] = " \xE4\xBD";  // 你 has three bytes
  spec.tokens[3] = "\xA0";
  spec.tokens[4] = "\n\n\t ";
  spec.tokens[5] = " \xF0\x9F\x98\x80";
  EXPECT_THAT(HeardOf({TimeToken(0), 2, 3, TimeToken(1)}, 1, spec),
              ElementsAre(Is(0, 1, "\xE4\xBD\xA0")));
  EXPECT_THAT(HeardOf({TimeToken(0), 2, 0, TimeToken(1)}, 1, spec),
              ElementsAre(Is(0, 1, "\xEF\xBF\xBD Hello")));
  EXPECT_THAT(HeardOf({TimeToken(0), 0, 4, 1, 4, 5, TimeToken(1)}, 1, spec),
              ElementsAre(Is(0, 1, "Hello you \xF0\x9F\x98\x80")));
  EXPECT_THAT(HeardOf({TimeToken(0), 4, TimeToken(1)}, 1, spec), IsEmpty());
}

TEST(FindLanguage, IsTheMostProbableOfAllWindowsTogether) {
  const FakeSpeechStates states([](std::size_t window, const Tokens& written) {
    EXPECT_THAT(written, ElementsAre(kStart));
    const double english = std::vector<double>{0.6, 0.55, 0.2}[window];
    // What is no language counts for nothing.
    return Among({{kEnglish, english / 2},
                  {kGerman, (1 - english) / 2},
                  {kTranscribe, 0.5}});
  });
  const SpokenLanguage two = FindLanguage({{&states, 2}}, SmallSpec());
  EXPECT_EQ(two.tag, "en");
  EXPECT_NEAR(two.probability, 0.575, 1e-6);
  const SpokenLanguage three = FindLanguage({{&states, 3}}, SmallSpec());
  EXPECT_EQ(three.tag, "de");
  EXPECT_NEAR(three.probability, 0.55, 1e-6);
}

TEST(FindLanguage, OfAModelThatKnowsEnglishAloneIsEnglish) {
  SpeechSpec spec = SmallSpec();
  spec.languages.clear();
  const FakeSpeechStates states(
      [](std::size_t, const Tokens& /*written*/) { return Logits(); });
  const SpokenLanguage language = FindLanguage({{&states, 2}}, spec);
  EXPECT_EQ(language.tag, "en");
  EXPECT_EQ(language.probability, 1);
  EXPECT_THAT(states.begun, IsEmpty());
}

}  // namespace
}  // namespace vsa
