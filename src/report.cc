#include "report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "date_in_name.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* kSchema = "vsa.result/1";
// A day of video is about 20 MB; what is longer is no result.
constexpr std::size_t kLongestLine = 64000000;
constexpr std::size_t kDeepest = 64;      // arrays and objects in each other
constexpr std::size_t kMomentsEach = 6;   // of each sign, in the whole report
constexpr std::size_t kMomentsVideo = 3;  // of each sign, in one video
constexpr std::size_t kNeutral = 1;       // of kSentiments
constexpr long kLongestVideo = 10000000;  // seconds; keeps times in range

// A value of a result with its name for messages, as "segments[4].start".
struct Value {
  const Json& json;
  std::string name;
};

[[noreturn]] void Fail(const Value& value, const std::string& expected) {
  throw Error(ErrorKind::kInput, value.name + ": expected " + expected);
}

std::string NameOf(const Value& parent, const std::string& key) {
  return parent.name.empty() ? key : parent.name + "." + key;
}

// The member `key` of an object.
Value Member(const Value& object, const char* key) {
  if (!object.json.is_object()) Fail(object, "an object");
  const auto found = object.json.find(key);
  if (found == object.json.end())
    throw Error(ErrorKind::kInput, NameOf(object, key) + " is missing");
  return {*found, NameOf(object, key)};
}

// The same, null where it is not there.
Value OptionalMember(const Value& object, const char* key) {
  static const Json null;
  const auto found = object.json.find(key);
  return {found == object.json.end() ? null : *found, NameOf(object, key)};
}

double Number(const Value& value, long low, long high) {
  if (!value.json.is_number()) Fail(value, "a number");
  const double number = value.json.get<double>();
  if (!(number >= static_cast<double>(low) &&
        number <= static_cast<double>(high))) {
    Fail(value, "a number from " + std::to_string(low) + " to " +
                    std::to_string(high));
  }
  return number;
}

std::string Text(const Value& value) {
  if (!value.json.is_string()) Fail(value, "a string");
  return value.json.get<std::string>();
}

std::optional<std::string> OptionalText(const Value& value) {
  if (value.json.is_null()) return std::nullopt;
  return Text(value);
}

const Json& Array(const Value& value) {
  if (!value.json.is_array()) Fail(value, "an array");
  return value.json;
}

Value Element(const Value& array, std::size_t i) {
  return {array.json[i], array.name + "[" + std::to_string(i) + "]"};
}

// Thousandths are as fine as a page shows and a third of the digits.
long Thousandths(double value) { return std::lround(value * 1000); }

template <std::size_t N>
Json Shares(const Value& object, const std::array<const char*, N>& names) {
  Json shares = Json::array();
  for (const char* name : names)
    shares.push_back(Thousandths(Number(Member(object, name), 0, 1)));
  return shares;
}

// A verdict on a segment or a video.
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

// A segment as data.js reads it, and as a moment where it is not neutral.
struct ReadSegment {
  Json row;
  std::optional<Moment> moment;
};

ReadSegment ReadOneSegment(const Value& value) {
  const double start = Number(Member(value, "start"), 0, kLongestVideo);
  const Value end_value = Member(value, "end");
  const double end = Number(end_value, 0, kLongestVideo);
  if (end <= start) Fail(end_value, "a time after start");
  const Value modalities = OptionalMember(value, "modalities");
  long evidence = 0;  // 1 words, 2 pictures
  if (modalities.json.is_object()) {
    evidence += modalities.json.value("text", Json()) == Json(true) ? 1 : 0;
    evidence += modalities.json.value("visual", Json()) == Json(true) ? 2 : 0;
  }
  ReadSegment segment;
  segment.row = {Thousandths(start), Thousandths(end),
                 Text(Member(value, "text")), evidence};
  if (const std::optional<Verdict> verdict = ReadVerdict(value)) {
    segment.row.push_back(verdict->label);
    segment.row.push_back(verdict->probabilities);
    segment.row.push_back(Thousandths(verdict->intensity));
    segment.row.push_back(verdict->emotions);
    if (verdict->label != kNeutral) {
      segment.moment =
          Moment{0, 0, Time(std::llround(start * 1e6)),
                 Time(std::llround(end * 1e6)), verdict->intensity};
    }
  }
  return segment;
}

bool MorePositive(const Moment& a, const Moment& b) {
  return a.intensity > b.intensity;
}
bool MoreNegative(const Moment& a, const Moment& b) {
  return a.intensity < b.intensity;
}

// The `most` strongest moments of each sign, the positive ones first; of equal
// ones the earlier.
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

// A relative reference of a URL: no byte of a path can be read as a scheme, a
// query or a fragment.
std::string UrlOf(const std::string& path) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string url;
  for (const unsigned char c : path) {
    if (std::isalnum(c) ||
        std::string("-_.~/").find(static_cast<char>(c)) != std::string::npos) {
      url += static_cast<char>(c);
    } else {
      url += {'%', kHex[c >> 4], kHex[c & 15]};
    }
  }
  return url;
}

// Where videos are, and how the page refers to them.
class VideoFinder {
 public:
  explicit VideoFinder(const std::string& report)
      : folder_(fs::absolute(report).parent_path()) {}

  // As it can be opened; empty if it does not exist.
  std::string Find(const std::string& path) const {
    std::error_code error;
    for (const fs::path& candidate : {fs::path(path), folder_ / path})
      if (fs::is_regular_file(candidate, error)) return candidate.string();
    return "";
  }

  std::string Url(const std::string& file) const {
    std::error_code error;
    const fs::path absolute = fs::weakly_canonical(file, error);
    if (error) return "";
    const fs::path relative =
        absolute.lexically_relative(fs::weakly_canonical(folder_, error));
    return UrlOf(relative.string());
  }

 private:
  fs::path folder_;
};

Json ReadWarnings(const Value& result) {
  const Value warnings = Member(result, "warnings");
  Json rows = Json::array();
  for (std::size_t i = 0; i < Array(warnings).size(); ++i) {
    const Value warning = Element(warnings, i);
    rows.push_back(
        {Text(Member(warning, "code")), Text(Member(warning, "message"))});
  }
  return rows;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Appends what the page shows of a result. Throws Error (kInput), without the
// file and line, if it is none.
void AddResult(const Value& result, const VideoFinder& finder, ReportData* data,
               std::vector<Moment>* all_moments) {
  if (!result.json.is_object() ||
      result.json.value("schema", Json()) != Json(kSchema))
    throw Error(
        ErrorKind::kInput,
        std::string("is no result; expected \"schema\": \"") + kSchema + "\"");
  const Value video = Member(result, "video");
  const std::string path = Text(Member(video, "path"));
  ReportVideo added;
  Json row = {{"path", path}};
  if (const auto id = OptionalText(OptionalMember(result, "id")))
    row["id"] = *id;
  std::string date =
      DateInName(OptionalText(OptionalMember(result, "date")).value_or(""));
  if (date.empty()) date = DateInName(fs::path(path).filename().string());
  if (!date.empty()) row["date"] = date;
  added.file = finder.Find(path);
  if (!added.file.empty()) row["url"] = finder.Url(added.file);

  Json segments = Json::array(), warnings = Json::array();
  std::vector<Moment> moments;
  if (const Value error = OptionalMember(result, "error");
      !error.json.is_null()) {
    row["error"] = Text(Member(error, "message"));
  } else {
    const Value duration = Member(video, "duration");
    if (!duration.json.is_null())
      row["duration"] = Thousandths(Number(duration, 0, kLongestVideo));
    const Value model = Member(result, "model");
    added.model = Text(Member(model, "sha256"));
    row["model"] = Text(Member(model, "name")) + " " +
                   Text(Member(model, "version")) + ", " +
                   Text(Member(model, "dtype"));
    if (const std::optional<Verdict> verdict = ReadVerdict(result)) {
      row["label"] = verdict->label;
      row["probabilities"] = verdict->probabilities;
      row["intensity"] = Thousandths(verdict->intensity);
      row["emotions"] = verdict->emotions;
    }
    const Value list = Member(result, "segments");
    for (std::size_t i = 0; i < Array(list).size(); ++i) {
      ReadSegment segment = ReadOneSegment(Element(list, i));
      segments.push_back(std::move(segment.row));
      if (!segment.moment) continue;
      segment.moment->video = data->videos.size();
      segment.moment->segment = i;
      moments.push_back(*segment.moment);
    }
    warnings = ReadWarnings(result);
    row["segments"] = segments.size();
    row["warnings"] = warnings.size();
    moments = Strongest(std::move(moments), kMomentsVideo);
    row["moments"] = Json::array();
    for (const Moment& moment : moments) {
      row["moments"].push_back({moment.segment, segments[moment.segment]});
    }
  }
  added.row = Dump(row);
  added.segments = Dump({{"segments", segments}, {"warnings", warnings}});
  data->videos.push_back(std::move(added));
  all_moments->insert(all_moments->end(), moments.begin(), moments.end());
}

Json ParseLine(const std::string& line) {
  const auto check_depth = [](int depth, Json::parse_event_t, Json&) {
    if (depth > static_cast<int>(kDeepest))
      throw Error(ErrorKind::kInput, "is no result; it is nested too deep");
    return true;
  };
  const Json json = Json::parse(line, check_depth, /*allow_exceptions=*/false);
  if (json.is_discarded())
    throw Error(ErrorKind::kInput, "is no JSON; expected a result on one line");
  return json;
}

enum class Line { kRead, kTooLong, kEnd };

// Reads on to the end of a line; of one that is too long nothing is kept.
Line NextLine(std::streambuf* in, std::string* line) {
  line->clear();
  std::size_t length = 0;
  while (true) {
    const int c = in->sbumpc();
    if (c == std::streambuf::traits_type::eof()) {
      if (length == 0) return Line::kEnd;
      break;
    }
    if (c == '\n') break;
    if (++length <= kLongestLine) line->push_back(static_cast<char>(c));
  }
  if (length <= kLongestLine) return Line::kRead;
  *line = std::string();
  return Line::kTooLong;
}

}  // namespace

ReportData ReadResults(const std::string& path, const std::string& report) {
  std::error_code error;
  if (!fs::exists(path, error))
    throw Error(ErrorKind::kInput,
                path + ": no such file; expected results of vsa");
  if (!fs::is_regular_file(path, error))
    throw Error(ErrorKind::kInput, path + ": is not a regular file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorKind::kInput, path + ": cannot be opened");

  const VideoFinder finder(report);
  ReportData data;
  std::vector<Moment> moments;
  std::string line;
  for (std::size_t number = 1;; ++number) {
    const Line read = NextLine(file.rdbuf(), &line);
    if (read == Line::kEnd) break;
    if (line.find_first_not_of(" \t\r") == line.npos && read == Line::kRead)
      continue;
    try {
      if (read == Line::kTooLong)
        throw Error(ErrorKind::kInput, "is no result; it is over 64 MB");
      AddResult({ParseLine(line), ""}, finder, &data, &moments);
    } catch (const Error& fault) {
      data.faults.push_back(path + ":" + std::to_string(number) + ": " +
                            fault.what());
    }
  }
  if (data.videos.empty()) {
    throw Error(ErrorKind::kInput,
                path + (data.faults.empty()
                            ? ": is empty; expected results of vsa, one a line"
                            : ": holds no result of vsa; expected one a line"));
  }
  data.moments = Strongest(std::move(moments), kMomentsEach);
  return data;
}

}  // namespace vsa
