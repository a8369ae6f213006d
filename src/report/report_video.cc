#include "report/report_video.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/checked_json.h"
#include "report/date_in_name.h"
#include "report/result_line.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr const char* kSchema = "vsa.result/1";
constexpr std::size_t kMomentsVideo = 3;   // of each sign, in one video
constexpr std::size_t kNeutral = 1;        // of kSentiments
constexpr long kLongestVideo = 10000000;   // seconds; keeps times in range
constexpr long kLargestPicture = 1000000;  // pixels of a side
constexpr long kMostCharacters = 100000000;
constexpr long kMostComments = 1000000000;
// More than people read; so much of what a result holds is shown.
constexpr std::size_t kLongestShown = 10000;  // code points of one text
constexpr std::size_t kMostWarnings = 200;
constexpr std::size_t kMostAudienceMoments = 20;

// Thousandths are as fine as a page shows and a third of the digits.
long Thousandths(double value) { return std::lround(value * 1000); }

Time TimeOf(double seconds) { return Time(std::llround(seconds * 1e6)); }

// A text as far as it is shown. Bytes that are not UTF-8 are seen to by Dump.
std::string Shown(const std::string& text) {
  std::size_t points = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_one =
        (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts_one && ++points > kLongestShown)
      return text.substr(0, i) + "\u2026";
  }
  return text;
}

std::string ShownText(const Value& value) { return Shown(Text(value)); }

double ReadTime(const Value& value) { return Number(value, 0, kLongestVideo); }

template <std::size_t N>
Json Shares(const Value& object, const std::array<const char*, N>& names) {
  Json shares = Json::array();
  for (const char* name : names)
    shares.push_back(Thousandths(Number(Member(object, name), 0, 1)));
  return shares;
}

// A verdict on a segment, a video, …
struct Verdict {
  std::size_t label = 0;  // of kSentiments
  Json probabilities;     // thousandths
  double intensity = 0;
  Json emotions;  // thousandths, null where unknown
};

// None without evidence.
std::optional<Verdict> ReadVerdict(const Value& object) {
  const Value sentiment = Member(object, "sentiment");
  if (sentiment.json.is_null()) return std::nullopt;
  Verdict verdict;
  const Value label = Member(sentiment, "label");
  const auto found =
      std::find(kSentiments.begin(), kSentiments.end(), Text(label));
  if (found == kSentiments.end()) Fail(label, "negative, neutral or positive");
  verdict.label = static_cast<std::size_t>(found - kSentiments.begin());
  verdict.probabilities =
      Shares(Member(sentiment, "probabilities"), kSentiments);
  verdict.intensity = Number(Member(sentiment, "intensity"), -3, 3);
  const Value emotions = Member(object, "emotions");
  if (!emotions.json.is_null()) verdict.emotions = Shares(emotions, kEmotions);
  return verdict;
}

// null without a verdict
Json VerdictRow(const std::optional<Verdict>& verdict) {
  if (!verdict) return nullptr;
  return {verdict->label, verdict->probabilities,
          Thousandths(verdict->intensity), verdict->emotions};
}

struct Stretch {
  double start, end;
};

Stretch ReadStretch(const Value& value) {
  const double start = ReadTime(Member(value, "start"));
  const Value end_value = Member(value, "end");
  const double end = ReadTime(end_value);
  if (end <= start) Fail(end_value, "a time after start");
  return {start, end};
}

// What one modality did: its verdict alone without emotions, what it changed of
// the label's probability and of the intensity.
Json ReadPart(const Value& part) {
  const std::optional<Verdict> alone = ReadVerdict(part);
  const Value changed = Member(part, "changed");
  return {alone ? Json{alone->label, alone->probabilities,
                       Thousandths(alone->intensity)}
                : Json(),
          Thousandths(Number(Member(changed, "probability"), -1, 1)),
          Thousandths(Number(Member(changed, "intensity"), -6, 6))};
}

double Score(const Value& value) {
  return Number(Member(value, "score"), -1, 1);
}

Json ReadWords(const Value& words) {
  Json rows = Json::array();
  double before = 0;
  for (std::size_t i = 0; i < Array(words).size(); ++i) {
    const Value word = Element(words, i);
    const Value start_value = Member(word, "start");
    const double start = Number(start_value, 0, kMostCharacters);
    if (start < before) Fail(start_value, "a place after the word before");
    const Value end_value = Member(word, "end");
    const double end = Number(end_value, 0, kMostCharacters);
    if (end <= start) Fail(end_value, "a place after start");
    before = end;
    const long score = Thousandths(Score(word));
    if (end <= kLongestShown)
      rows.push_back({std::lround(start), std::lround(end), score});
  }
  return rows;
}

struct Face {
  double time = 0;
  FaceBox box{};
  double score = 0;
};

// `video` tells the size of the picture that boxes are of.
std::vector<Face> ReadFaces(const Value& list, const Value& video) {
  std::vector<Face> faces;
  for (std::size_t i = 0; i < Array(list).size(); ++i) {
    const Value value = Element(list, i);
    const Value box = Member(value, "box");
    if (Array(box).size() != 4) Fail(box, "four numbers");
    Face face;
    face.time = ReadTime(Member(value, "time"));
    face.score = Score(value);
    for (std::size_t side = 0; side < 4; ++side) {
      face.box[side] =
          Number(Element(box, side), -kLargestPicture, kLargestPicture) /
          Number(Member(video, side % 2 == 0 ? "width" : "height"), 1,
                 kLargestPicture);
    }
    faces.push_back(face);
  }
  return faces;
}

// The places of a segment's row. The last two are left out where there is
// nothing to say.
enum SegmentPlace {
  kStart,
  kEnd,
  kVerdict,
  kText,
  kEvidence,
  kExplanation,
  kHeard  // how sure the recogniser is of words that were heard
};

// A segment as data.js reads it, and as a moment where it is not neutral.
struct ReadSegment {
  Json row;
  std::optional<Moment> moment;
};

// The keys of the result's modalities, in its order.
std::vector<std::string> ReadModalities(const Value& result) {
  std::vector<std::string> keys;
  const Value modalities = OptionalMember(result, "modalities");
  if (modalities.json.is_object())
    for (const auto& [key, present] : modalities.json.items())
      keys.push_back(key);
  return keys;
}

// The explanation's row, and of its faces the frame of the one that decided.
struct ReadExplanation {
  Json row;
  std::optional<DecidingFrame> deciding;
};

ReadExplanation ReadOneExplanation(const Value& value, const Value& video,
                                   const std::vector<std::string>& modalities) {
  ReadExplanation explanation;
  explanation.row = {{"parts", Json::array()},
                     {"words", ReadWords(Member(value, "words"))}};
  for (const std::string& key : modalities)
    explanation.row["parts"].push_back(ReadPart(Member(value, key.c_str())));
  const std::vector<Face> faces = ReadFaces(Member(value, "faces"), video);
  const auto deciding = std::max_element(
      faces.begin(), faces.end(),
      [](const Face& a, const Face& b) { return a.score < b.score; });
  if (deciding == faces.end() || deciding->score <= 0) return explanation;
  Json& row = explanation.row["face"] = {Thousandths(deciding->time),
                                         Thousandths(deciding->score)};
  for (const double share : deciding->box) row.push_back(Thousandths(share));
  explanation.deciding = DecidingFrame{TimeOf(deciding->time), {deciding->box}};
  for (auto face = faces.begin(); face != faces.end(); ++face)
    if (face != deciding && face->time == deciding->time)
      explanation.deciding->faces.push_back(face->box);
  return explanation;
}

// The places in `modalities` of those that the segment rests on.
Json ReadEvidence(const Value& segment,
                  const std::vector<std::string>& modalities) {
  Json places = Json::array();
  const Value present = OptionalMember(segment, "modalities");
  if (!present.json.is_object()) return places;
  for (std::size_t i = 0; i < modalities.size(); ++i)
    if (present.json.value(modalities[i], Json()) == Json(true))
      places.push_back(i);
  return places;
}

ReadSegment ReadOneSegment(const Value& value, const Value& video,
                           const std::vector<std::string>& modalities) {
  const Stretch stretch = ReadStretch(value);
  const std::optional<Verdict> verdict = ReadVerdict(value);
  ReadSegment segment;
  segment.row = {Thousandths(stretch.start), Thousandths(stretch.end),
                 VerdictRow(verdict), ShownText(Member(value, "text")),
                 ReadEvidence(value, modalities)};
  ReadExplanation explanation;
  const Value explanation_value = OptionalMember(value, "explanation");
  if (verdict && !explanation_value.json.is_null()) {
    explanation = ReadOneExplanation(explanation_value, video, modalities);
    segment.row.push_back(std::move(explanation.row));
  }
  const Value heard = OptionalMember(value, "confidence");
  if (!heard.json.is_null()) {
    if (segment.row.size() == kExplanation) segment.row.push_back(nullptr);
    segment.row.push_back(Thousandths(Number(heard, 0, 1)));
  }
  if (verdict && verdict->label != kNeutral) {
    segment.moment = Moment{0,
                            0,
                            TimeOf(stretch.start),
                            TimeOf(stretch.end),
                            verdict->intensity,
                            std::move(explanation.deciding)};
  }
  return segment;
}

ReadSegment SegmentAt(const ResultLine& line, std::size_t i, const Value& video,
                      const std::vector<std::string>& modalities) {
  const Json json = ReadElement(line.segments[i]);
  return ReadOneSegment({json, "segments[" + std::to_string(i) + "]"}, video,
                        modalities);
}

// How the page names a bundle that judged: what tells it from the others.
std::string NameOf(const Value& model) {
  return Shown(Text(Member(model, "name")) + " " +
               Text(Member(model, "version")) + ", " +
               Text(Member(model, "dtype")));
}

// What the list of the strongest moments shows of a segment.
Json MomentRow(const Moment& moment, const Json& segment) {
  Json row = {moment.segment, segment[kStart], segment[kEnd], segment[kVerdict],
              segment[kText]};
  if (segment.size() > kHeard) row.push_back(segment[kHeard]);
  return row;
}

Json ReadAudience(const Value& audience) {
  const auto comments = [](const Value& of) {
    return std::lround(Number(Member(of, "comments"), 0, kMostComments));
  };
  Json row = {{"comments", comments(audience)},
              {"verdict", VerdictRow(ReadVerdict(audience))},
              {"windows", Json::array()},
              {"moments", Json::array()}};
  if (const Value model = OptionalMember(audience, "model");
      !model.json.is_null())
    row["model"] = NameOf(model);
  const auto read_windows = [&](const char* key, std::size_t most) {
    const Value list = Member(audience, key);
    for (std::size_t i = 0; i < std::min(Array(list).size(), most); ++i) {
      const Value window = Element(list, i);
      const Stretch stretch = ReadStretch(window);
      row[key].push_back({Thousandths(stretch.start), Thousandths(stretch.end),
                          VerdictRow(ReadVerdict(window)), comments(window)});
    }
  };
  read_windows("windows", Array(Member(audience, "windows")).size());
  read_windows("moments", kMostAudienceMoments);
  return row;
}

Json ReadWarnings(const Value& warnings) {
  Json rows = Json::array();
  const std::size_t shown = std::min(Array(warnings).size(), kMostWarnings);
  for (std::size_t i = 0; i < shown; ++i) {
    const Value warning = Element(warnings, i);
    rows.push_back({ShownText(Member(warning, "code")),
                    ShownText(Member(warning, "message"))});
  }
  return rows;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool MorePositive(const Moment& a, const Moment& b) {
  return a.intensity > b.intensity;
}
bool MoreNegative(const Moment& a, const Moment& b) {
  return a.intensity < b.intensity;
}

}  // namespace

std::vector<Moment> Strongest(std::vector<Moment> moments, std::size_t most) {
  std::vector<Moment> strongest;
  std::stable_sort(moments.begin(), moments.end(), MorePositive);
  for (std::size_t i = 0; i < std::min(most, moments.size()); ++i)
    if (moments[i].intensity > 0) strongest.push_back(moments[i]);
  std::stable_sort(moments.begin(), moments.end(), MoreNegative);
  for (std::size_t i = 0; i < std::min(most, moments.size()); ++i)
    if (moments[i].intensity < 0) strongest.push_back(moments[i]);
  return strongest;
}

ReportVideo ReadReportVideo(const std::string& line,
                            const VideoFinder& finder) {
  const ResultLine taken = TakeApart(line);
  const Json& json = taken.result;
  const Value result{json, ""};
  if (!json.is_object() || json.value("schema", Json()) != Json(kSchema))
    throw Error(
        ErrorKind::kInput,
        std::string("is no result; expected \"schema\": \"") + kSchema + "\"");
  const Value video = Member(result, "video");
  const std::string path = Text(Member(video, "path"));
  ReportVideo read;
  Json row = {{"path", Shown(path)}};
  if (const auto id = OptionalText(OptionalMember(result, "id")))
    row["id"] = Shown(*id);
  std::string date =
      DateInName(OptionalText(OptionalMember(result, "date")).value_or(""));
  if (date.empty())
    date = DateInName(std::filesystem::path(path).filename().string());
  if (!date.empty()) row["date"] = date;
  read.file = finder.Find(path);
  if (!read.file.empty()) row["url"] = finder.Url(read.file);

  if (const Value error = OptionalMember(result, "error");
      !error.json.is_null()) {
    row["error"] = ShownText(Member(error, "message"));
    read.row = Dump(row);
    return read;
  }
  const Value duration = Member(video, "duration");
  if (!duration.json.is_null())
    row["duration"] = Thousandths(ReadTime(duration));
  const Value model = Member(result, "model");
  read.model = Text(Member(model, "sha256"));
  row["model"] = NameOf(model);
  row["verdict"] = VerdictRow(ReadVerdict(result));
  if (const Value speech = OptionalMember(result, "speech");
      !speech.json.is_null())
    row["heard"] = ShownText(Member(speech, "language"));

  const std::vector<std::string> modalities = ReadModalities(result);
  Array(Member(result, "segments"));
  std::string segments;
  Json start = 0;  // the page looks for a time among them
  for (std::size_t i = 0; i < taken.segments.size(); ++i) {
    ReadSegment segment = SegmentAt(taken, i, video, modalities);
    if (segment.row[kStart] < start)
      Fail({segment.row, "segments[" + std::to_string(i) + "].start"},
           "a time not before the segment before");
    start = segment.row[kStart];
    if (i > 0) segments += ',';
    segments += Dump(segment.row);
    if (!segment.moment) continue;
    segment.moment->segment = i;
    read.moments.push_back(*std::move(segment.moment));
  }
  read.moments = Strongest(std::move(read.moments), kMomentsVideo);
  Json details = {{"modalities", Json::array()}};
  for (const std::string& key : modalities)
    details["modalities"].push_back(Shown(key));
  if (const Value audience = OptionalMember(result, "audience");
      !audience.json.is_null())
    details["audience"] = ReadAudience(audience);
  const Value warnings = Member(result, "warnings");
  details["warnings"] = ReadWarnings(warnings);
  const std::string more = Dump(details);
  read.details = "{\"segments\":[" + segments + "]," + more.substr(1);

  row["segments"] = taken.segments.size();
  row["warnings"] = warnings.json.size();
  row["moments"] = Json::array();
  for (const Moment& moment : read.moments)
    row["moments"].push_back(MomentRow(
        moment, SegmentAt(taken, moment.segment, video, modalities).row));
  read.row = Dump(row);
  return read;
}

}  // namespace vsa
