#include "speech/transcript.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/figures.h"
#include "speech/word_ends.h"

namespace vsa {
namespace {

constexpr int kLineColumns = 42;
constexpr int kCueColumns = 2 * kLineColumns;
constexpr Time kLongestCue = std::chrono::seconds(7);

// A place where a text may be cut, and how well.
struct Break {
  std::size_t at = 0;  // bytes before it
  int columns = 0;     // of those
  int quality = 0;     // 3 behind a sentence, 2 a phrase, 1 a word
};

bool IsOneOf(char32_t c, std::u32string_view signs) {
  return signs.find(c) != signs.npos;
}

// Combining marks stand on the sign before them.
int ColumnsOf(char32_t c) {
  const auto sign = static_cast<UChar32>(c);
  if ((U_GET_GC_MASK(sign) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) != 0)
    return 0;
  const int width = u_getIntPropertyValue(sign, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

char32_t Next(std::string_view text, std::size_t* at) {
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(text.data(), *at, text.size(), c);
  return static_cast<char32_t>(c);
}

// All of a text's, its end the last.
std::vector<Break> BreaksOf(std::string_view text) {
  constexpr std::u32string_view kSentence = U".!?。！？…";
  constexpr std::u32string_view kPhrase = U",;:，、；：";
  std::vector<Break> breaks;
  int columns = 0;
  char32_t last = 0;
  std::size_t at = 0;
  for (const std::size_t end : WordEnds(text)) {
    while (at < end) {
      last = Next(text, &at);
      columns += ColumnsOf(last);
    }
    breaks.push_back({end, columns,
                      IsOneOf(last, kSentence) ? 3
                      : IsOneOf(last, kPhrase) ? 2
                                               : 1});
  }
  if (breaks.empty()) breaks.push_back({});
  return breaks;
}

std::string_view TrimFront(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

// The text in pieces of at most `most` columns, as many as are needed and of
// like length, cut where that is best.
std::vector<std::string> Cut(std::string_view text, int most) {
  std::vector<std::string> pieces;
  for (text = TrimFront(text); !text.empty(); text = TrimFront(text)) {
    const std::vector<Break> breaks = BreaksOf(text);
    const int columns = breaks.back().columns;
    if (columns <= most) {
      pieces.emplace_back(text);
      break;
    }
    const int parts = (columns + most - 1) / most;
    const double ideal = static_cast<double>(columns) / parts;
    const Break* best = nullptr;
    double least = 0;
    for (const Break& one : breaks) {
      if (one.columns > most) break;
      const double cost =
          std::abs(one.columns - ideal) / ideal - 0.3 * one.quality;
      if (best == nullptr || cost < least) {
        best = &one;
        least = cost;
      }
    }
    // A word that is longer than a line stays whole.
    const std::size_t size = best == nullptr ? breaks.front().at : best->at;
    pieces.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return pieces;
}

Time WholeMilliseconds(Time time) {
  return Time((time.count() + 500) / 1000 * 1000);
}

// Shows it for at least a millisecond and at most 7 s.
void ToMilliseconds(HeardCue* cue) {
  cue->start = WholeMilliseconds(cue->start);
  cue->end = std::clamp(WholeMilliseconds(cue->end), cue->start + Time(1000),
                        cue->start + kLongestCue);
  for (HeardWord& word : cue->words) {
    word.start = std::min(WholeMilliseconds(word.start), cue->end);
    word.end = std::min(WholeMilliseconds(word.end), cue->end);
  }
}

// The words that begin in bytes [begin, end) of the cue's text.
std::vector<HeardWord> WordsIn(const HeardCue& cue, std::size_t begin,
                               std::size_t end) {
  std::vector<HeardWord> words;
  std::size_t at = 0;
  for (const HeardWord& word : cue.words) {
    const std::size_t first = at + (word.text[0] == ' ' ? 1 : 0);
    at += word.text.size();
    if (first < begin || first >= end) continue;
    words.push_back(word);
    if (words.size() == 1) words[0].text.erase(0, words[0].text[0] == ' ');
  }
  return words;
}

// The piece of a cue's text at a byte of it, when it is said: by its words, or
// by its length among all.
HeardCue PartOf(const HeardCue& cue, std::size_t at, const std::string& piece) {
  HeardCue part;
  part.text = piece;
  part.confidence = cue.confidence;
  part.words = WordsIn(cue, at, at + piece.size());
  if (!part.words.empty()) {
    part.start = part.words.front().start;
    part.end = part.words.back().end;
    return part;
  }
  // Spaces are no part of it: they are lost at the cuts.
  const auto signs = [&](std::size_t bytes) {
    return static_cast<double>(
        bytes -
        static_cast<std::size_t>(std::count(
            cue.text.begin(),
            cue.text.begin() + static_cast<std::ptrdiff_t>(bytes), ' ')));
  };
  const auto said = [&](std::size_t bytes) {
    return cue.start + Time(std::llround(
                           static_cast<double>((cue.end - cue.start).count()) *
                           signs(bytes) / signs(cue.text.size())));
  };
  part.start = said(at);
  part.end = said(at + piece.size());
  return part;
}

// "00:00:01,500"
std::string Clock(Time time, char comma) {
  const long long ms = time.count() / 1000;
  char text[48];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld%c%03lld", ms / 3600000,
                ms / 60000 % 60, ms / 1000 % 60, comma, ms % 1000);
  return text;
}

// The text in pieces of at most two lines and `most` columns: some texts have
// no word's end where two full lines would need it.
std::vector<std::string> CutToCues(std::string_view text, int most) {
  std::vector<std::string> cues;
  for (std::string& piece : Cut(text, most)) {
    if (most <= kLineColumns || Cut(piece, kLineColumns).size() <= 2) {
      cues.push_back(std::move(piece));
      continue;
    }
    for (std::string& part : CutToCues(piece, std::max(kLineColumns, most - 8)))
      cues.push_back(std::move(part));
  }
  return cues;
}

// The parts of a cue at a byte of its text, in cues of at most `most` columns
// and, where it is known when words are said, 7 s.
void AddParts(const HeardCue& cue, std::size_t at, std::string_view text,
              int most, std::vector<HeardCue>* parts) {
  for (const std::string& piece : CutToCues(text, most)) {
    at = cue.text.find(piece, at);
    HeardCue part = PartOf(cue, at, piece);
    if (part.words.size() > 1 && part.end - part.start > kLongestCue) {
      const int columns = BreaksOf(piece).back().columns;
      AddParts(cue, at, piece, columns - 1, parts);
    } else {
      parts->push_back(std::move(part));
    }
    at += piece.size();
  }
}

// In lines. An arrow in it would make one of times.
std::string Lines(const std::string& text) {
  std::string lines;
  for (const std::string& line : Cut(text, kLineColumns)) lines += line + "\n";
  for (std::size_t at = 0; (at = lines.find("-->", at)) != lines.npos;)
    lines.erase(at, 1);
  return lines;
}

}  // namespace

std::vector<HeardCue> LayOut(const std::vector<HeardCue>& cues, Time offset) {
  std::vector<HeardCue> out;
  for (const HeardCue& cue : cues) {
    const int columns = BreaksOf(cue.text).back().columns;
    const auto by_time = static_cast<int>(
        std::ceil(static_cast<double>((cue.end - cue.start).count()) /
                  static_cast<double>(kLongestCue.count())));
    const int most =
        by_time > 1 ? std::min(kCueColumns, std::max(8, columns / by_time + 8))
                    : kCueColumns;
    std::vector<HeardCue> parts;
    AddParts(cue, 0, cue.text, most, &parts);
    for (HeardCue& part : parts) {
      Shift(offset, &part);
      ToMilliseconds(&part);
      out.push_back(std::move(part));
    }
  }
  return out;
}

std::string FormatSrt(const std::vector<HeardCue>& cues) {
  std::string out;
  int number = 0;
  for (const HeardCue& cue : cues) {
    out += std::to_string(++number) + "\n" + Clock(cue.start, ',') + " --> " +
           Clock(cue.end, ',') + "\n" + Lines(cue.text) + "\n";
  }
  return out;
}

std::string FormatVtt(const std::vector<HeardCue>& cues) {
  if (cues.empty()) return "WEBVTT\n";
  std::string out = "WEBVTT\n\n";
  for (const HeardCue& cue : cues) {
    out += Clock(cue.start, '.') + " --> " + Clock(cue.end, '.') + "\n" +
           Lines(cue.text) + "\n";
  }
  return out;
}

std::string FormatTranscriptJson(const std::vector<HeardCue>& cues,
                                 const std::string& language) {
  nlohmann::ordered_json segments = nlohmann::ordered_json::array();
  std::string all;
  for (const HeardCue& cue : cues) {
    all += (all.empty() ? "" : " ") + cue.text;
    nlohmann::ordered_json segment = {{"id", segments.size()},
                                      {"start", SecondsOf(cue.start)},
                                      {"end", SecondsOf(cue.end)},
                                      {"text", cue.text},
                                      {"confidence", Rounded(cue.confidence)}};
    for (const HeardWord& word : cue.words) {
      segment["words"].push_back({{"word", word.text},
                                  {"start", SecondsOf(word.start)},
                                  {"end", SecondsOf(word.end)},
                                  {"probability", Rounded(word.probability)}});
    }
    segments.push_back(std::move(segment));
  }
  const nlohmann::ordered_json out = {
      {"text", all}, {"segments", segments}, {"language", language}};
  return out.dump(-1, ' ', false,
                  nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace vsa
