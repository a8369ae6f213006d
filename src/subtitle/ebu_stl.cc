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

// The header (GSI) and what of it is read: offsets and sizes in bytes.
constexpr size_t kHeaderSize = 1024;
constexpr size_t kFormatCode = 3;
constexpr size_t kFormatCodeSize = 8;
constexpr size_t kCharacterTable = 12;
constexpr size_t kBlockCount = 238;
constexpr size_t kProgrammeStart = 256;
// A block (TTI) and what of it is read.
constexpr size_t kBlockSize = 128;
constexpr size_t kNumber = 1;
constexpr size_t kExtension = 3;
constexpr size_t kTimeIn = 5;
constexpr size_t kTimeOut = 9;
constexpr size_t kComment = 15;
constexpr size_t kText = 16;
constexpr unsigned kLastBlock = 0xFF;
constexpr unsigned kFirstReserved = 0xF0;  // up to user data, 0xFE

constexpr unsigned kNewLine = 0x8A;
constexpr unsigned kUnused = 0x8F;

constexpr char kReplacement[] = "\xEF\xBF\xBD";

unsigned ByteAt(std::string_view bytes, size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// ICU does not know ISO 6937, in which an accent stands before its letter; the
// standard means its version of 1983.
class Iso6937 {
 public:
  Iso6937() : converter_(iconv_open("UTF-8", "ISO_6937-2")) {
    if (converter_ == iconv_t(-1))
      throw Error(ErrorKind::kSetup,
                  "iconv knows no ISO_6937-2; expected the C library's");
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

// The encoding of a character table; empty: ISO 6937.
std::string EncodingOf(std::string_view table) {
  return table == "01"   ? "ISO-8859-5"
         : table == "02" ? "ISO-8859-6"
         : table == "03" ? "ISO-8859-7"
         : table == "04" ? "ISO-8859-8"
                         : "";
}

// The characters of a text field, lines ended by \n, without codes of colour,
// size and boxes.
std::string Characters(std::string_view field) {
  std::string out;
  for (size_t i = 0; i < field.size(); ++i) {
    const unsigned byte = ByteAt(field, i);
    if (byte == kUnused) break;
    if (byte == kNewLine) {
      out += '\n';
    } else if (byte < 0x20) {
      out += ' ';
    } else if (byte < 0x7F || byte >= 0xA0) {
      out += field[i];
    }
  }
  return out;
}

// Of four bytes: hours, minutes, seconds, frames.
std::optional<Time> TimeCode(std::string_view code, unsigned rate) {
  const unsigned h = ByteAt(code, 0);
  const unsigned m = ByteAt(code, 1);
  const unsigned s = ByteAt(code, 2);
  const unsigned f = ByteAt(code, 3);
  if (h > 23 || m > 59 || s > 59 || f >= rate) return std::nullopt;
  return std::chrono::hours(h) + std::chrono::minutes(m) +
         std::chrono::seconds(s) +
         std::chrono::microseconds(1000000LL * f / rate);
}

// Of "HHMMSSFF"; 0 if it is none.
Time ProgrammeStart(std::string_view digits, unsigned rate) {
  std::string code;
  for (size_t i = 0; i < 8; i += 2) {
    if (!IsAsciiDigit(digits[i]) || !IsAsciiDigit(digits[i + 1]))
      return Time(0);
    code += static_cast<char>((digits[i] - '0') * 10 + digits[i + 1] - '0');
  }
  return TimeCode(code, rate).value_or(Time(0));
}

// Whether times count from where the programme starts, rather than from 0: most
// captions come after it. One of the time 0, the zero subtitle, says nothing of
// it: it names the programme.
bool IsFromProgrammeStart(const std::vector<RawCue>& cues, Time start) {
  size_t before = 0;
  size_t after = 0;
  for (const RawCue& cue : cues) {
    if (cue.start >= start) {
      ++after;
    } else if (cue.start != Time(0)) {
      ++before;
    }
  }
  return after > before;
}

// How many blocks the header says there are; 0 if it does not.
size_t BlockCount(std::string_view digits) {
  size_t count = 0;
  for (const char c : digits) {
    if (!IsAsciiDigit(c)) return 0;
    count = 10 * count + static_cast<size_t>(c - '0');
  }
  return count;
}

// A caption as its blocks have it.
struct Caption {
  unsigned number = 0;
  int block = 0;  // its first
  std::string_view in;
  std::string_view out;
  std::string text;  // not decoded
};

std::vector<Caption> Captions(std::string_view blocks) {
  std::vector<Caption> captions;
  bool open = false;  // the last one goes on in the next block
  int block = 0;
  for (; blocks.size() >= kBlockSize; blocks.remove_prefix(kBlockSize)) {
    ++block;
    const unsigned extension = ByteAt(blocks, kExtension);
    const bool last = extension == kLastBlock;
    if (ByteAt(blocks, kComment) == 1 || (extension >= kFirstReserved && !last))
      continue;
    const unsigned number =
        ByteAt(blocks, kNumber) + 256 * ByteAt(blocks, kNumber + 1);
    if (!open || captions.back().number != number) {
      captions.push_back({number, block, blocks.substr(kTimeIn, 4),
                          blocks.substr(kTimeOut, 4), ""});
    }
    captions.back().text +=
        Characters(blocks.substr(kText, kBlockSize - kText));
    open = !last;
  }
  return captions;
}

}  // namespace

bool IsEbuStl(std::string_view bytes) {
  return bytes.size() >= kFormatCode + kFormatCodeSize &&
         bytes.substr(kFormatCode, 3) == "STL" && IsAsciiDigit(bytes[6]) &&
         IsAsciiDigit(bytes[7]) && bytes.substr(8, 3) == ".01";
}

SubtitleFile ParseEbuStl(const std::string& path, std::string_view bytes,
                         const std::string& encoding) {
  const std::string code(bytes.substr(kFormatCode, kFormatCodeSize));
  if (code != "STL25.01" && code != "STL30.01") {
    throw Error(ErrorKind::kInput, path + ": is EBU STL of the format " + code +
                                       "; expected STL25.01 or STL30.01");
  }
  if (bytes.size() < kHeaderSize) {
    throw Error(ErrorKind::kInput,
                path +
                    ": is EBU STL that breaks off in its header; expected "
                    "a header of 1024 bytes");
  }
  const unsigned rate = code == "STL25.01" ? 25 : 30;
  const std::string_view table = bytes.substr(kCharacterTable, 2);
  const std::string named = encoding.empty() ? EncodingOf(table) : encoding;

  SubtitleFile result;
  RawSubtitles raw;
  std::vector<RawCue> cues;
  std::optional<Iso6937> latin;
  if (named.empty()) {
    latin.emplace();
    result.decoded.encoding = "ISO_6937";
    // Tables that the standard does not have, and those who leave it out.
    result.decoded.confidence = table == "00" ? 1 : 0.5;
  } else {
    result.decoded = DecodeText("", named);
  }
  for (const Caption& caption : Captions(bytes.substr(kHeaderSize))) {
    DecodedText text;
    if (latin) {
      text.utf8 = latin->ToUtf8(caption.text, &text.replaced);
    } else {
      text = DecodeText(caption.text, named);
    }
    result.decoded.replaced = result.decoded.replaced || text.replaced;
    std::vector<std::string> lines =
        CleanLines(WithoutStrayBytes(text.utf8), Markup::kHtml);
    if (lines.empty()) continue;
    const std::optional<Time> in = TimeCode(caption.in, rate);
    const std::optional<Time> out = TimeCode(caption.out, rate);
    if (!in || !out) {
      AddWarning(path, caption.block, "subtitle_block_skipped",
                 "a block whose time is not one of 24 hours and " +
                     std::to_string(rate) + " frames a second: skipped",
                 &raw);
      continue;
    }
    cues.push_back({*in, *out, std::move(lines), caption.block});
  }
  const Time start = ProgrammeStart(bytes.substr(kProgrammeStart, 8), rate);
  const bool relative = IsFromProgrammeStart(cues, start);
  for (RawCue& cue : cues) {
    if (relative) {
      cue.start -= start;
      cue.end -= start;
    }
    AddCue(path, std::move(cue), &raw);
  }
  const size_t held = (bytes.size() - kHeaderSize) / kBlockSize;
  const size_t counted = BlockCount(bytes.substr(kBlockCount, 5));
  if (bytes.size() % kBlockSize != 0 || held < counted) {
    AddWarning(path, static_cast<int>(held) + 1, "subtitle_block_skipped",
               "the file breaks off; its header counts " +
                   std::to_string(counted) + " blocks",
               &raw);
  }
  result.subtitles = ToSubtitles(path, "ebu_stl", std::move(raw));
  return result;
}

}  // namespace vsa
