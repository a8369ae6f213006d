#include "subtitle/ebu_stl.h"

#include <iconv.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "subtitle/cue_text.h"
#include "subtitle/raw_subtitles.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr size_t kHeadSize = 1024;
constexpr size_t kBlockSize = 128;
constexpr size_t kTextAt = 16;  // in a block
constexpr char kNewLine = '\x8A';
constexpr char kUnused = '\x8F';
constexpr unsigned char kLastBlock = 0xFF;  // of a caption
constexpr unsigned char kUserData = 0xFE;

constexpr char kReplacement[] = "\xEF\xBF\xBD";

[[noreturn]] void Refuse(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::kInput, path + ": EBU STL subtitles " + what);
}

// The rate of "STL25.01"; nullopt if it is no such name.
std::optional<int> RateOf(std::string_view name) {
  if (name.size() != 8 || name.substr(0, 3) != "STL" ||
      name.substr(5) != ".01" || !HasOnlyDigits(std::string(name.substr(3, 2))))
    return std::nullopt;
  return (name[3] - '0') * 10 + (name[4] - '0');
}

std::string_view RateName(std::string_view bytes) {
  return bytes.substr(std::min<size_t>(3, bytes.size()), 8);
}

// The name of the table of characters that the head names.
const char* EncodingOf(const std::string& path, std::string_view head) {
  static constexpr const char* kNames[] = {
      "ISO_6937", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8"};
  const std::string_view number = head.substr(12, 2);
  if (number[0] != '0' || number[1] < '0' || number[1] > '4') {
    Refuse(path, "with the table of characters \"" + std::string(number) +
                     "\"; expected 00 (Latin), 01 (Cyrillic), 02 (Arabic), 03 "
                     "(Greek) or 04 (Hebrew)");
  }
  return kNames[number[1] - '0'];
}

// ICU does not know ISO 6937, in which an accent stands before its letter.
class Iso6937 {
 public:
  Iso6937() : converter_(iconv_open("UTF-8", "ISO_6937")) {
    if (converter_ == iconv_t(-1))
      throw Error(ErrorKind::kSetup,
                  "iconv knows no ISO_6937; expected the C library's");
  }
  ~Iso6937() { iconv_close(converter_); }
  Iso6937(const Iso6937&) = delete;
  Iso6937& operator=(const Iso6937&) = delete;

  // What is not of it becomes U+FFFD and sets `*replaced`.
  std::string ToUtf8(std::string bytes, bool* replaced) {
    std::string utf8;
    char* from = bytes.data();
    size_t left = bytes.size();
    while (left > 0) {
      char buffer[256];
      char* to = buffer;
      size_t room = sizeof buffer;
      const bool whole = iconv(converter_, &from, &left, &to, &room) !=
                         static_cast<size_t>(-1);
      if (whole) iconv(converter_, nullptr, nullptr, &to, &room);
      utf8.append(buffer, to);
      if (whole || to != buffer) continue;
      utf8 += kReplacement;
      *replaced = true;
      ++from;
      --left;
    }
    return utf8;
  }

 private:
  const iconv_t converter_;
};

// What of a block is text: ends of lines are \n, codes of teletext and of
// italics are spaces.
std::string TextOf(std::string_view block) {
  std::string text;
  for (const char c : block.substr(kTextAt)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == kUnused) break;
    if (c == kNewLine) {
      text += '\n';
    } else if (byte < 0x20 || byte == 0x7F) {
      text += ' ';
    } else if (byte < 0x80 || byte >= 0xA0) {
      text += c;
    }
  }
  return text;
}

// Of hours, minutes, seconds and frames.
std::optional<Time> TimeOf(int h, int m, int s, int f, int rate) {
  if (h > 23 || m > 59 || s > 59 || f >= rate) return std::nullopt;
  return std::chrono::hours(h) + std::chrono::minutes(m) +
         std::chrono::seconds(s) + Time(f * 1'000'000LL / rate);
}

std::optional<Time> TimeOf(std::string_view block, size_t at, int rate) {
  const auto part = [&](size_t i) {
    return static_cast<unsigned char>(block[at + i]);
  };
  return TimeOf(part(0), part(1), part(2), part(3), rate);
}

// "10000000", where the programme starts; 0 if the head does not say.
Time ProgrammeStart(std::string_view head, int rate) {
  const std::string figures(head.substr(256, 8));
  if (!HasOnlyDigits(figures)) return Time(0);
  const auto part = [&](size_t i) {
    return (figures[i] - '0') * 10 + (figures[i + 1] - '0');
  };
  return TimeOf(part(0), part(2), part(4), part(6), rate).value_or(Time(0));
}

}  // namespace

bool IsEbuStl(std::string_view bytes) {
  return RateOf(RateName(bytes)).has_value();
}

Subtitles ParseEbuStl(const std::string& path, std::string_view bytes,
                      DecodedText* text) {
  if (bytes.size() < kHeadSize)
    Refuse(path, "whose head is cut; expected 1024 bytes of it");
  const std::string_view head = bytes.substr(0, kHeadSize);
  const int rate = *RateOf(RateName(bytes));
  if (rate == 0) Refuse(path, "without frames; expected STL25.01 or STL30.01");
  text->encoding = EncodingOf(path, head);
  Iso6937 latin;
  const auto decode = [&](const std::string& raw) {
    if (text->encoding == "ISO_6937") return latin.ToUtf8(raw, &text->replaced);
    DecodedText decoded = DecodeText(raw, text->encoding);
    text->replaced = text->replaced || decoded.replaced;
    return decoded.utf8;
  };

  RawSubtitles out;
  std::string caption;  // of the blocks before its last one
  int number = 0;
  for (bytes.remove_prefix(kHeadSize); !bytes.empty();
       bytes.remove_prefix(std::min(kBlockSize, bytes.size()))) {
    ++number;
    const std::string_view block = bytes.substr(0, kBlockSize);
    if (block.size() < kBlockSize) {
      AddWarning(path, number, "subtitle_block_skipped",
                 "a block that is cut short: skipped", &out);
      break;
    }
    const auto part = static_cast<unsigned char>(block[3]);
    const bool comment = block[15] == 1;
    if (part == kUserData || comment) continue;
    caption += TextOf(block);
    if (part != kLastBlock) continue;
    const std::string words = decode(std::exchange(caption, ""));
    const std::optional<Time> start = TimeOf(block, 5, rate);
    const std::optional<Time> end = TimeOf(block, 9, rate);
    if (!start || !end) {
      AddWarning(path, number, "subtitle_block_skipped",
                 "a block without a time; expected hours, minutes, seconds "
                 "and frames under " +
                     std::to_string(rate),
                 &out);
      continue;
    }
    AddCue(path, {*start, *end, CleanLines(words, Markup::kHtml), number},
           &out);
  }
  const Time programme = ProgrammeStart(head, rate);
  if (std::all_of(out.cues.begin(), out.cues.end(),
                  [&](const RawCue& cue) { return cue.start >= programme; })) {
    for (RawCue& cue : out.cues) {
      cue.start -= programme;
      cue.end -= programme;
    }
  }
  return ToSubtitles(path, "ebu_stl", std::move(out));
}

}  // namespace vsa
