#include "analysis/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Time Seconds(double s) { return Time(std::llround(s * 1e6)); }

struct Span {
  double start, end;
  std::string text;
  bool operator==(const Span& other) const {
    return std::tie(start, end, text) ==
           std::tie(other.start, other.end, other.text);
  }
};
void PrintTo(const Span& s, std::ostream* out) {
  *out << s.start << "-" << s.end << " '" << s.text << "'";
}

std::vector<Span> Spans(const std::vector<Segment>& segments) {
  std::vector<Span> spans;
  for (const Segment& s : segments) {
    spans.push_back({s.start.count() / 1e6, s.end.count() / 1e6, s.text});
  }
  return spans;
}

Segment U(double start, double end, const std::string& text = "x") {
  return {Seconds(start), Seconds(end), text};
}

std::vector<Span> Whole(std::vector<Segment> utterances, double end,
                        double start = 0,
                        std::optional<Time> limit = std::nullopt) {
  return Spans(
      Timeline(std::move(utterances), SegmentSpec(), Seconds(start), limit)
          .Finish(Seconds(end), Seconds(end)));
}

TEST(Timeline, WithoutWordsIsPicturesInPieces) {
  EXPECT_THAT(Whole({}, 0), IsEmpty());
  EXPECT_THAT(Whole({}, 0.04), ElementsAre(Span{0, 0.04, ""}));
  EXPECT_THAT(Whole({}, 10), ElementsAre(Span{0, 10, ""}));
  EXPECT_THAT(Whole({}, 25),
              ElementsAre(Span{0, 10, ""}, Span{10, 20, ""}, Span{20, 25, ""}));
  // No piece of less than a second is left over.
  EXPECT_THAT(Whole({}, 20.5), ElementsAre(Span{0, 10, ""}, Span{10, 15.25, ""},
                                           Span{15.25, 20.5, ""}));
}

TEST(Timeline, GivesShortGapsToTheSegmentBefore) {
  EXPECT_THAT(Whole({U(0.5, 2, "a"), U(2.9, 4, "b"), U(5, 6, "c")}, 6.9),
              ElementsAre(Span{0, 2.9, "a"}, Span{2.9, 4, "b"}, Span{4, 5, ""},
                          Span{5, 6.9, "c"}));
}

TEST(Timeline, FillsLongGapsWithPictures) {
  EXPECT_THAT(
      Whole({U(1, 2, "a"), U(14, 15, "b")}, 17),
      ElementsAre(Span{0, 1, ""}, Span{1, 2, "a"}, Span{2, 12, ""},
                  Span{12, 14, ""}, Span{14, 15, "b"}, Span{15, 17, ""}));
}

TEST(Timeline, EndsWordsWhereTheMediaEnd) {
  EXPECT_THAT(Whole({U(1, 4, "a"), U(4.5, 6, "b")}, 3),
              ElementsAre(Span{0, 1, ""}, Span{1, 3, "a"}, Span{4.5, 6, "b"}));
}

TEST(Timeline, WordsOverSoundCountBehindThePictures) {
  SegmentSpec spec;
  const auto segments =
      Timeline({U(1, 4, "a"), U(4.5, 600, "b"), U(700, 701, "c")}, spec)
          .Finish(Seconds(3), Seconds(5));
  EXPECT_THAT(Spans(segments),
              ElementsAre(Span{0, 1, ""}, Span{1, 4.5, "a"}, Span{4.5, 5, "b"},
                          Span{700, 701, "c"}));
  EXPECT_FALSE(segments[2].after_end);
  EXPECT_TRUE(segments[3].after_end);
}

TEST(Timeline, CoversSoundBehindThePictures) {
  const auto whole = [](std::vector<Segment> utterances, double pictures,
                        double media) {
    return Spans(Timeline(std::move(utterances), SegmentSpec())
                     .Finish(Seconds(pictures), Seconds(media)));
  };
  EXPECT_THAT(whole({}, 4, 4.9), ElementsAre(Span{0, 4.9, ""}));
  EXPECT_THAT(
      whole({}, 20.5, 20.9),
      ElementsAre(Span{0, 10, ""}, Span{10, 15.25, ""}, Span{15.25, 20.9, ""}));
  EXPECT_THAT(whole({}, 0.04, 9), ElementsAre(Span{0, 9, ""}));
  EXPECT_THAT(whole({}, 4, 18),
              ElementsAre(Span{0, 4, ""}, Span{4, 14, ""}, Span{14, 18, ""}));
  // What is silent and without pictures is no part of what is said before.
  EXPECT_THAT(whole({U(1, 3.5, "a"), U(7, 8, "b")}, 4, 12),
              ElementsAre(Span{0, 1, ""}, Span{1, 4, "a"}, Span{4, 7, ""},
                          Span{7, 8, "b"}, Span{8, 12, ""}));
  EXPECT_THAT(whole({U(0, 3.5, "a"), U(4.7, 8, "b")}, 4, 8.5),
              ElementsAre(Span{0, 4.7, "a"}, Span{4.7, 8.5, "b"}));
  EXPECT_THAT(
      whole({U(0, 2, "a"), U(4.7, 8, "b")}, 4, 8),
      ElementsAre(Span{0, 2, "a"}, Span{2, 4.7, ""}, Span{4.7, 8, "b"}));
}

TEST(Timeline, LeavesLaterWordsAsTheyAre) {
  EXPECT_THAT(Whole({U(1.5, 2, "a"), U(5, 6, "b"), U(6.5, 7, "c")}, 4),
              ElementsAre(Span{0, 1.5, ""}, Span{1.5, 2, "a"}, Span{2, 4, ""},
                          Span{5, 6, "b"}, Span{6.5, 7, "c"}));
  EXPECT_THAT(
      Whole({U(1, 2, "a"), U(2.8, 4, "b")}, 2.5),
      ElementsAre(Span{0, 1, ""}, Span{1, 2.5, "a"}, Span{2.8, 4, "b"}));
  EXPECT_THAT(Whole({U(0.5, 2, "a")}, 0.3),
              ElementsAre(Span{0, 0.3, ""}, Span{0.5, 2, "a"}));
}

TEST(Timeline, WithoutPicturesIsTheUtterances) {
  EXPECT_THAT(Whole({U(0.5, 1, "a"), U(1.5, 2, "b")}, 0),
              ElementsAre(Span{0.5, 1, "a"}, Span{1.5, 2, "b"}));
}

TEST(Timeline, IsOfTheStretchAskedFor) {
  const std::vector<Segment> utterances = {U(1, 2, "before"), U(4, 6, "edge"),
                                           U(8, 9, "in"), U(11.5, 14, "cut"),
                                           U(15, 16, "after")};
  EXPECT_THAT(Whole(utterances, 12.04, 5, Seconds(12)),
              ElementsAre(Span{5, 6, "edge"}, Span{6, 8, ""}, Span{8, 9, "in"},
                          Span{9, 11.5, ""}, Span{11.5, 12, "cut"}));
  // A stretch that lies behind the end of the pictures.
  EXPECT_THAT(
      Whole(utterances, 3, 5, Seconds(12)),
      ElementsAre(Span{5, 6, "edge"}, Span{8, 9, "in"}, Span{11.5, 12, "cut"}));
}

TEST(Timeline, GivesWhatIsSettled) {
  Timeline timeline({U(2, 3, "a"), U(3.5, 4, "b"), U(30, 31, "c")},
                    SegmentSpec());
  EXPECT_THAT(timeline.Advance(Seconds(2)), IsEmpty());
  EXPECT_THAT(Spans(timeline.Advance(Seconds(2.5))),
              ElementsAre(Span{0, 2, ""}));
  EXPECT_EQ(timeline.next_reaches(), Seconds(3));
  EXPECT_THAT(timeline.Advance(Seconds(3.4)), IsEmpty());
  // "b" will not begin before 3.5: the gap before it is that of "a".
  EXPECT_THAT(Spans(timeline.Advance(Seconds(3.5))),
              ElementsAre(Span{2, 3.5, "a"}));
  // The pictures could end within a second after "b".
  EXPECT_THAT(timeline.Advance(Seconds(4.9)), IsEmpty());
  EXPECT_THAT(Spans(timeline.Advance(Seconds(5))),
              ElementsAre(Span{3.5, 4, "b"}));
  EXPECT_THAT(timeline.Advance(Seconds(14.9)), IsEmpty());
  EXPECT_EQ(timeline.next_reaches(), Seconds(4));
  EXPECT_THAT(Spans(timeline.Advance(Seconds(15))),
              ElementsAre(Span{4, 14, ""}));
  EXPECT_THAT(Spans(timeline.Finish(Seconds(20), Seconds(20))),
              ElementsAre(Span{14, 20, ""}, Span{30, 31, "c"}));
}

TEST(Timeline, IsTheSameHoweverItIsAsked) {
  std::mt19937 random(11);
  for (int round = 0; round < 5000; ++round) {
    // Times on a grid of 0.25 s, so that all borders are met.
    const auto some = [&random](int quarters) {
      return Time(250000L * static_cast<int>(random() % (quarters + 1)));
    };
    std::vector<Segment> utterances;
    Time at(0);
    while (random() % 6 != 0) {
      at += some(random() % 3 == 0 ? 100 : random() % 2 * 6);
      const Time end = at + some(24) + Time(250000);
      utterances.push_back({at, end, "said"});
      at = end;
    }
    const Time start = random() % 3 == 0 ? some(40) : Time(0);
    std::optional<Time> limit;
    if (random() % 3 == 0) limit = start + some(80) + Time(250000);
    const Time end = some(200);
    SegmentSpec spec;
    spec.longest = random() % 2 == 0 ? 10 : 1.5;

    const Time media =
        random() % 2 == 0 && end > Time(0) ? end + some(60) : end;
    const std::vector<Segment> whole =
        Timeline(utterances, spec, start, limit).Finish(end, media);
    Timeline asked(utterances, spec, start, limit);
    std::vector<Segment> pieces;
    const Time step = some(20) + Time(10000);
    for (Time now(0); now <= end; now += step) {
      for (Segment& s : asked.Advance(now)) pieces.push_back(s);
      // What is not given and lies before it is the next segment's.
      if (pieces.size() < whole.size()) {
        ASSERT_LE(std::min(asked.next_reaches(), media),
                  whole[pieces.size()].end);
      }
    }
    for (Segment& s : asked.Finish(end, media)) pieces.push_back(s);
    ASSERT_EQ(Spans(pieces), Spans(whole)) << "round " << round;

    const Time last = limit ? std::min(media, *limit) : media;
    Time covered = start;
    Time longest(0);
    for (const Segment& s : whole) {
      ASSERT_GT(s.end, s.start);
      if (covered < last) {
        ASSERT_EQ(s.start, covered) << "round " << round;
      } else {
        ASSERT_GE(s.start, covered);
        ASSERT_FALSE(s.text.empty());
      }
      if (s.text.empty()) longest = std::max(longest, s.end - s.start);
      covered = s.end;
    }
    ASSERT_TRUE(last <= start || covered >= last) << "round " << round;
    ASSERT_LE(longest.count(), spec.longest * 1e6);
  }
}

}  // namespace
}  // namespace vsa
