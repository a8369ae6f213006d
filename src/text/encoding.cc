#include "text/encoding.h"

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "text/encoding_fit.h"
#include "text/text_language.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
// The detectors need no more text than this to make up their minds.
constexpr size_t kMostEvidence = 256 * 1024;
// Measured on short subtitles of 20 languages: above it ICU is right where the
// two detectors differ (German, Spanish, English in windows-1252), below it
// uchardet is (Arabic, Thai, Turkish, Cyrillic).
constexpr int kIcuIsSure = 50;
// What uchardet's guess is worth where ICU does not share it; it gives no
// figure of its own.
constexpr double kUchardetAlone = 0.5;
// Of how a reading fits (Misfit): from where on another may replace it, and
// how much worse another may be to be named beside it.
constexpr double kMisfits = 0.2;
constexpr double kNear = 0.1;

bool IsHigh(char c) { return static_cast<unsigned char>(c) >= 0x80; }

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

Converter OpenConverter(const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &status), &ucnv_close);
  if (U_FAILURE(status)) converter.reset();
  return converter;
}

size_t CountReplacements(std::string_view utf8) {
  size_t count = 0;
  for (size_t at = utf8.find(kReplacement); at != std::string_view::npos;
       at = utf8.find(kReplacement, at + kReplacement.size())) {
    ++count;
  }
  return count;
}

struct Conversion {
  std::string utf8;
  size_t replaced = 0;  // characters
};

Conversion Convert(std::string_view bytes, UConverter* converter) {
  Conversion result;
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text(bytes.data(), static_cast<int32_t>(bytes.size()),
                          converter, status);
  if (U_FAILURE(status)) throw Error(ErrorKind::kInternal, "ICU failed");
  if (text.length() > 0 && text.charAt(0) == 0xFEFF) text.remove(0, 1);
  // For single bytes ICU substitutes a control character.
  if (bytes.find('\x1A') == std::string_view::npos) {
    text.findAndReplace(icu::UnicodeString(UChar32{0x1A}),
                        icu::UnicodeString(UChar32{0xFFFD}));
  }
  text.toUTF8String(result.utf8);
  const size_t original = CountReplacements(bytes);
  const size_t found = CountReplacements(result.utf8);
  result.replaced = found > original ? found - original : 0;
  return result;
}

// `bytes` without their byte order mark, which said `encoding`.
DecodedText ConvertFrom(std::string_view bytes, const std::string& encoding,
                        double confidence) {
  const Converter converter = OpenConverter(encoding);
  if (!converter) throw Error(ErrorKind::kInternal, encoding + " not in ICU");
  Conversion text = Convert(bytes, converter.get());
  return {std::move(text.utf8), encoding, confidence, text.replaced > 0, ""};
}

DecodedText ConvertAsAsked(const std::string& bytes, const std::string& name) {
  const Converter converter = OpenConverter(name);
  if (!converter) {
    throw Error(ErrorKind::kUsage,
                "--encoding " + name +
                    ": not a known encoding; expected a name such as UTF-8, "
                    "GB18030 or windows-1252");
  }
  UErrorCode status = U_ZERO_ERROR;
  const char* internal = ucnv_getName(converter.get(), &status);
  const char* known = nullptr;
  for (const char* standard : {"MIME", "IANA"}) {
    status = U_ZERO_ERROR;
    if (known == nullptr) {
      known = ucnv_getStandardName(internal, standard, &status);
    }
  }
  Conversion text = Convert(bytes, converter.get());
  return {std::move(text.utf8), known != nullptr ? known : internal, 1,
          text.replaced > 0, ""};
}

struct Mark {
  std::string_view bytes;
  const char* encoding;
};
// Longer ones first: that of UTF-16LE begins that of UTF-32LE.
constexpr Mark kMarks[] = {{{"\xFF\xFE\0\0", 4}, "UTF-32LE"},
                           {{"\0\0\xFE\xFF", 4}, "UTF-32BE"},
                           {kByteOrderMark, "UTF-8"},
                           {{"\xFF\xFE", 2}, "UTF-16LE"},
                           {{"\xFE\xFF", 2}, "UTF-16BE"}};

// Line ends, figures and spaces of wide encodings have zeros at fixed places.
// Empty if the zeros do not tell.
std::string WideEncoding(std::string_view bytes) {
  bytes = bytes.substr(0, kMostEvidence);
  size_t zeros[4] = {};
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\0') ++zeros[i % 4];
  }
  const size_t even = zeros[0] + zeros[2];
  const size_t odd = zeros[1] + zeros[3];
  const size_t quarter = bytes.size() / 4;
  if (quarter == 0 || (even + odd) * 10 < bytes.size()) return "";
  const auto nearly_all = [quarter](size_t n) { return n * 10 > quarter * 9; };
  if (nearly_all(zeros[2]) && nearly_all(zeros[3])) return "UTF-32LE";
  if (nearly_all(zeros[0]) && nearly_all(zeros[1])) return "UTF-32BE";
  if (odd > even * 8) return "UTF-16LE";
  if (even > odd * 8) return "UTF-16BE";
  return "";
}

// Whether `bytes` are UTF-8 but for single ones, as files are that were cut,
// joined or edited in another encoding; `*whole`: without exception. In other
// encodings sequences of UTF-8 come up by chance: rarely ones of three bytes,
// or U+0080 to U+00FF, which are two rare characters of Western encodings.
bool IsNearlyUtf8(std::string_view bytes, bool* whole) {
  size_t bad = 0;
  size_t good = 0;
  const int64_t length = static_cast<int64_t>(bytes.size());
  int64_t i = 0;
  while (i < length) {
    UChar32 c;
    U8_NEXT(bytes.data(), i, length, c);
    if (c < 0) ++bad;
    if (c >= 0x80) good += c >= 0x800 ? 5 : c < 0x100 ? 3 : 1;
  }
  *whole = bad == 0;
  return bad == 0 || good > bad * 2;
}

// CESU-8, which is UTF-8 but for characters beyond U+FFFF: they are two
// surrogates of three bytes each. Java and some databases write it. Returns
// UTF-8; the same bytes if there is no such pair.
std::string JoinSurrogates(std::string_view bytes) {
  std::string joined;
  const auto surrogate = [bytes](size_t at, int low, int high) {
    const auto byte = [bytes](size_t i) {
      return static_cast<unsigned char>(bytes[i]);
    };
    const bool found = at + 2 < bytes.size() && byte(at) == 0xED &&
                       byte(at + 1) >= low && byte(at + 1) <= high &&
                       (byte(at + 2) & 0xC0) == 0x80;
    return found ? (byte(at + 1) & 0x0F) << 6 | (byte(at + 2) & 0x3F) : -1;
  };
  for (size_t i = 0; i < bytes.size(); ++i) {
    const int lead = surrogate(i, 0xA0, 0xAF);
    const int trail = lead < 0 ? -1 : surrogate(i + 3, 0xB0, 0xBF);
    if (trail < 0) {
      joined += bytes[i];
      continue;
    }
    char character[4];
    int length = 0;
    U8_APPEND_UNSAFE(character, length,
                     0x10000 + (lead << 10 | (trail & 0x3FF)));
    joined.append(character, length);
    i += 5;
  }
  return joined;
}

// The lines that tell something: those with bytes beyond ASCII. Numbers, times
// and markup only mislead the detectors.
std::string Evidence(std::string_view bytes) {
  std::string evidence;
  while (!bytes.empty() && evidence.size() < kMostEvidence) {
    const size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    const std::string_view line = bytes.substr(0, end);
    if (std::any_of(line.begin(), line.end(), IsHigh)) {
      evidence.append(line.substr(0, kMostEvidence));
    }
    bytes.remove_prefix(end);
  }
  return evidence;
}

// Files that claim a standard are mostly written on Windows, with its superset.
std::string UsualName(const std::string& detected, std::string_view evidence) {
  std::string name = LowerAscii(detected);
  if (name == "ascii" || name == "iso-8859-1") return "windows-1252";
  if (name == "iso-8859-8" || name == "iso-8859-8-i") return "windows-1255";
  if (name == "iso-8859-9") return "windows-1254";
  if (name == "tis-620" || name == "iso-8859-11") return "windows-874";
  // The one capital that the two have at different places.
  if (name == "iso-8859-7" && evidence.find('\xB6') == std::string_view::npos) {
    return "windows-1253";
  }
  if (name == "gb2312" || name == "gbk") return "GB18030";
  if (name == "uhc" || name == "windows-949") return "EUC-KR";
  if (name == "shift_jis") return "Shift_JIS";
  if (name == "big5") return "Big5";
  if (name.substr(0, 8) == "windows-") return name;
  return detected;
}

// The converter for a usual name: EUC-KR is read as its superset.
std::string ConverterName(const std::string& name) {
  return name == "EUC-KR" ? "windows-949" : name;
}

std::string AskUchardet(const std::string& evidence) {
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(
      uchardet_new(), &uchardet_delete);
  if (uchardet_handle_data(detector.get(), evidence.data(), evidence.size())) {
    return "";
  }
  uchardet_data_end(detector.get());
  return uchardet_get_charset(detector.get());
}

struct Guess {
  std::string name;
  int confidence = 0;  // 0..100
};

// Best first, without those that are told by other means or never meant.
std::vector<Guess> AskIcu(const std::string& evidence) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(
      ucsdet_open(&status), &ucsdet_close);
  ucsdet_setText(detector.get(), evidence.data(),
                 static_cast<int32_t>(evidence.size()), &status);
  int32_t count = 0;
  const UCharsetMatch** matches =
      ucsdet_detectAll(detector.get(), &count, &status);
  std::vector<Guess> guesses;
  for (int32_t i = 0; U_SUCCESS(status) && i < count; ++i) {
    const std::string name = ucsdet_getName(matches[i], &status);
    if (name.substr(0, 3) == "UTF" || name.substr(0, 3) == "IBM") continue;
    guesses.push_back({name, ucsdet_getConfidence(matches[i], &status)});
  }
  return guesses;
}

// Every run of high bytes consists of Hangul syllables of EUC-KR. One line of
// it is too little for the detectors, and Western text has no such runs.
bool IsHangul(std::string_view evidence) {
  for (size_t i = 0; i < evidence.size(); ++i) {
    if (!IsHigh(evidence[i])) continue;
    const unsigned char lead = evidence[i];
    if (lead < 0xB0 || lead > 0xC8 || ++i == evidence.size()) return false;
    if (static_cast<unsigned char>(evidence[i]) < 0xA1) return false;
  }
  return true;
}

// The likeliest encodings of bytes that are not Unicode, best first.
std::vector<DecodedText> Guesses(const std::string& evidence) {
  const std::vector<Guess> icu = AskIcu(evidence);
  const std::string first = UsualName(AskUchardet(evidence), evidence);
  std::vector<DecodedText> guesses;
  const auto add = [&](const std::string& name, double confidence) {
    if (!name.empty()) guesses.push_back({"", name, confidence, false, ""});
  };
  if (!icu.empty() && icu[0].confidence >= kIcuIsSure) {
    add(UsualName(icu[0].name, evidence), icu[0].confidence / 100.0);
  } else if (IsHangul(evidence)) {
    add("EUC-KR", kUchardetAlone);
  }
  double confidence = kUchardetAlone;
  for (const Guess& guess : icu) {
    if (UsualName(guess.name, evidence) == first) {
      confidence = std::max(confidence, guess.confidence / 100.0);
    }
  }
  add(first, confidence);
  for (const Guess& guess : icu) {
    add(UsualName(guess.name, evidence), guess.confidence / 100.0);
  }
  add("windows-1252", 0);
  return guesses;
}

// Three characters beyond ASCII in a row: a word that is not Western.
bool HasForeignWord(std::string_view evidence) {
  int run = 0;
  for (const char c : evidence) {
    run = IsHigh(c) ? run + 1 : 0;
    if (run == 3) return true;
  }
  return false;
}

// The words of ASCII in `bytes`, without what is markup or a header.
std::vector<std::string> PlainWords(std::string_view bytes) {
  const bool ass = bytes.find("[Script Info]") != std::string_view::npos;
  std::istringstream lines{std::string(bytes.substr(0, kMostEvidence))};
  std::vector<std::string> words;
  for (std::string line; std::getline(lines, line);) {
    if (ass && line.rfind("Dialogue:", 0) != 0) continue;
    std::istringstream parts(line);
    for (std::string word; parts >> word;) {
      if (word.find_first_of("<>={}\\:_") == std::string::npos &&
          std::none_of(word.begin(), word.end(), IsHigh)) {
        words.push_back(word);
      }
    }
  }
  return words;
}

// Few Western characters are taken for these by uchardet; hardly any file is.
bool IsHardlyMet(const std::string& encoding) {
  for (const char* name : {"MAC-CENTRALEUROPE", "ISO-8859-3", "ISO-8859-4",
                           "ISO-8859-10", "ISO-8859-16"}) {
    if (encoding == name) return true;
  }
  return false;
}

struct Reading {
  std::string encoding;
  bool multibyte = false;
  std::string text;
  double misfit = 0;
};

Reading ReadAs(const std::string& encoding, std::string_view bytes,
               const Alphabet* alphabet) {
  const Converter converter = OpenConverter(ConverterName(encoding));
  if (!converter) throw Error(ErrorKind::kInternal, encoding + " not in ICU");
  const std::string text = Convert(bytes, converter.get()).utf8;
  return {encoding, ucnv_getMaxCharSize(converter.get()) > 1, text,
          Misfit(text, alphabet)};
}

// The detectors go by how often characters occur: few in much ASCII tell them
// nothing, and the encodings of DOS and old Macintoshes they do not know. So
// `guess` gives way to a reading whose characters stand where they belong.
DecodedText Corrected(DecodedText guess, std::string_view bytes,
                      const std::string& evidence) {
  std::string language;
  if (!HasForeignWord(evidence)) language = SureLanguage(PlainWords(bytes));
  const Alphabet* known = AlphabetOf(language);
  const Alphabet* western = known != nullptr ? known : AlphabetOf("en");
  Reading usual = ReadAs(guess.encoding, evidence, nullptr);
  Reading latin = ReadAs("windows-1252", evidence, western);
  // Names from elsewhere are written in Windows' encodings and ISO-8859-2.
  const bool elsewhere = usual.encoding.rfind("windows-", 0) == 0 ||
                         usual.encoding == "ISO-8859-2" || usual.multibyte;
  if (usual.encoding == latin.encoding || IsHardlyMet(usual.encoding) ||
      (known != nullptr && (!elsewhere || usual.text == latin.text))) {
    usual = std::move(latin);
  }
  std::vector<Reading> readings;
  // Of East Asian text the detectors miss only punctuation within English. If
  // all pairs of bytes are that, it is hardly by chance.
  for (const char* name :
       {"GB18030", "EUC-KR", "Big5", "Shift_JIS", "EUC-JP"}) {
    readings.push_back(ReadAs(name, evidence, western));
    readings.back().misfit /= 4;
    const bool possible = language.empty() || language == "en";
    if (!possible || !IsOnlyPunctuation(readings.back().text)) {
      readings.pop_back();
    }
  }
  if (!usual.multibyte) {
    for (const char* name : {"windows-1252", "macintosh", "IBM850"}) {
      readings.push_back(ReadAs(name, evidence, western));
    }
  }
  const Reading* best = &usual;
  for (const Reading& reading : readings) {
    if (usual.misfit > kMisfits && reading.misfit * 2 < usual.misfit &&
        reading.misfit < best->misfit) {
      best = &reading;
    }
  }
  if (best->encoding != guess.encoding) {
    guess.second = std::exchange(guess.encoding, best->encoding);
    guess.confidence = kUchardetAlone;
  }
  // Another that fits as well, if `best` is of these and not the detectors'.
  for (const Reading& reading : readings) {
    if (reading.misfit < best->misfit + kNear && reading.text != best->text &&
        reading.multibyte == best->multibyte &&
        (best != &usual || usual.encoding == "windows-1252")) {
      guess.second = reading.encoding;
      guess.confidence = std::min(guess.confidence, kUchardetAlone);
      break;
    }
  }
  return guess;
}

// The first guess that leaves no byte undecoded, else the one that leaves
// fewest.
DecodedText ConvertGuessed(std::string_view bytes) {
  const std::string evidence = Evidence(bytes);
  DecodedText best;
  size_t least = SIZE_MAX;
  const std::vector<DecodedText> guesses = Guesses(evidence);
  for (const DecodedText& guess : guesses) {
    const Converter converter = OpenConverter(ConverterName(guess.encoding));
    if (!converter) continue;
    const size_t replaced = Convert(evidence, converter.get()).replaced;
    if (replaced < least) {
      least = replaced;
      best = guess;
    }
    if (replaced == 0) break;
  }
  best = Corrected(best, bytes, evidence);
  for (const DecodedText& guess : guesses) {
    if (best.second.empty() && guess.encoding != best.encoding)
      best.second = guess.encoding;
  }
  const Converter converter = OpenConverter(ConverterName(best.encoding));
  Conversion text = Convert(bytes, converter.get());
  best.utf8 = std::move(text.utf8);
  best.replaced = text.replaced > 0;
  return best;
}

}  // namespace

DecodedText DecodeText(const std::string& bytes,
                       const std::string& encoding_name) {
  if (!encoding_name.empty()) return ConvertAsAsked(bytes, encoding_name);
  const std::string_view view = bytes;
  for (const Mark& mark : kMarks) {
    if (view.substr(0, mark.bytes.size()) == mark.bytes) {
      return ConvertFrom(view.substr(mark.bytes.size()), mark.encoding, 1);
    }
  }
  const std::string wide = WideEncoding(view);
  if (!wide.empty()) return ConvertFrom(view, wide, 0.9);
  if (view.find("\x1B$") != std::string_view::npos) {
    return ConvertFrom(view, "ISO-2022-JP", 0.9);
  }
  const std::string joined = JoinSurrogates(view);
  bool whole = false;
  if (IsNearlyUtf8(joined, &whole)) {
    DecodedText text = whole ? DecodedText{joined, "UTF-8", 1, false, ""}
                             : ConvertFrom(joined, "UTF-8", 0.9);
    if (joined.size() < view.size()) text.encoding = "CESU-8";
    return text;
  }
  return ConvertGuessed(view);
}

bool IsUtf8(std::string_view bytes) {
  const auto length = static_cast<int64_t>(bytes.size());
  for (int64_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT(bytes.data(), i, length, c);
    if (c < 0) return false;
  }
  return true;
}

std::string WithoutStrayBytes(std::string_view utf8) {
  std::string text;
  text.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size(); ++i) {
    if (utf8.substr(i, 3) == kByteOrderMark) {
      i += 2;
    } else if (utf8[i] != '\0') {
      text += utf8[i];
    }
  }
  return text;
}

}  // namespace vsa
