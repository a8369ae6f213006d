#include "report/result_line.h"

#include <optional>

#include "vsa/error.h"

namespace vsa {
namespace {

constexpr std::size_t kDeepest = 64;  // arrays and objects in each other
// A key is looked for among those before it, so that many take their square.
constexpr std::size_t kMostKeys = 1000;             // of one object
constexpr std::size_t kLongestAsJson = 64'000'000;  // bytes; 20 times as memory

[[noreturn]] void FailLine(const std::string& why) {
  throw Error(ErrorKind::kInput, "is no result; " + why);
}

Json Parse(std::string_view text) {
  if (text.size() > kLongestAsJson)
    FailLine("what is no segment, or a single one, is over 64 MB");
  Json json = Json::parse(text.begin(), text.end(), nullptr,
                          /*allow_exceptions=*/false);
  if (json.is_discarded())
    throw Error(ErrorKind::kInput, "is no JSON; expected a result on one line");
  return json;
}

// The place of the quote that ends the string that starts at `quote`; the last
// one of the line where it does not end.
std::size_t EndOfString(std::string_view line, std::size_t quote) {
  for (std::size_t i = quote + 1; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '"') {
      return i;
    }
  }
  return line.size() - 1;
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == text.npos;
}

// Whether a key is that, which may be written with escapes.
bool IsSegments(std::string_view key) {
  if (key.find('\\') == key.npos) return key == "\"segments\"";
  return Json::parse(key, nullptr, /*allow_exceptions=*/false) ==
         Json("segments");
}

// Goes through a line once, by its brackets, commas and colons alone.
class Scan {
 public:
  explicit Scan(std::string_view line) : line_(line) {}

  ResultLine TakeApart() {
    for (std::size_t i = 0; i < line_.size(); ++i) {
      switch (line_[i]) {
        case '"': {
          const std::size_t end = EndOfString(line_, i);
          string_ = line_.substr(i, end + 1 - i);
          i = end;
          break;
        }
        case ':':
          Colon();
          break;
        case '[':
        case '{':
          Open(i);
          break;
        case ']':
        case '}':
          Close(i);
          break;
        case ',':
          Comma(i);
          break;
        default:
          break;
      }
    }
    rest_.append(line_.substr(kept_));
    return {Parse(rest_), std::move(segments_)};
  }

 private:
  void Colon() {
    if (keys_.empty()) return;
    if (++keys_.back() > kMostKeys)
      FailLine("an object of it has over " + std::to_string(kMostKeys) +
               " keys");
    at_segments_ = keys_.size() == 1 && IsSegments(string_);
  }

  void Open(std::size_t i) {
    keys_.push_back(0);
    if (keys_.size() > kDeepest) FailLine("it is nested too deep");
    if (keys_.size() != 2 || !at_segments_) return;
    at_segments_ = false;
    segments_.clear();
    if (line_[i] != '[') return;
    element_ = i + 1;
    rest_.append(line_.substr(kept_, i + 1 - kept_));
  }

  void Close(std::size_t i) {
    if (keys_.size() == 2 && element_) {
      const std::string_view last = line_.substr(*element_, i - *element_);
      if (!segments_.empty() || !IsBlank(last)) segments_.push_back(last);
      element_.reset();
      kept_ = i;
    }
    if (!keys_.empty()) keys_.pop_back();
  }

  void Comma(std::size_t i) {
    if (keys_.size() == 1) at_segments_ = false;
    if (keys_.size() != 2 || !element_) return;
    segments_.push_back(line_.substr(*element_, i - *element_));
    element_ = i + 1;
  }

  std::string_view line_;
  std::vector<std::size_t> keys_;       // of each array and object that is open
  std::string_view string_;             // the last one
  bool at_segments_ = false;            // its value comes next
  std::optional<std::size_t> element_;  // where the one of segments starts
  std::vector<std::string_view> segments_;
  std::string rest_;
  std::size_t kept_ = 0;  // up to where rest_ has the line
};

}  // namespace

ResultLine TakeApart(const std::string& line) { return Scan(line).TakeApart(); }

Json ReadElement(std::string_view text) { return Parse(text); }

}  // namespace vsa
