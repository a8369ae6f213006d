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

namespace vsa {
namespace {

constexpr int kLineColumns = 42;
constexpr int kCueColumns = 2 * kLineColumns;
constexpr Time kLongestCue = std::chrono::seconds(7);

// A place where a text may be cut, and how well.
struct Break {
  std::size_t at = 0;  // bytes before it
  int columns = 0;     // of those
  int quality = 0;     // 3 behind a sentence, 2 a phrase, 1 a word or wide sign
};

bool IsOneOf(char32_t c, std::u32string_view signs) {
  return signs.find(c) != signs.npos;
}

bool IsWide(char32_t c) {
  const int width =
      u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH;
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
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    const char32_t c = Next(text, &at);
    const bool wide = IsWide(last) && IsWide(c) && !IsOneOf(c, kSentence) &&
                      !IsOneOf(c, kPhrase);
    if (before > 0 && (c == U' ' || wide)) {
      breaks.push_back({before, columns,
                        IsOneOf(last, kSentence) ? 3
                        : IsOneOf(last, kPhrase) ? 2
                                                 : 1});
    }
    columns += IsWide(c) ? 2 : 1;
    last = c;
  }
  breaks.push_back({text.size(), columns, 3});
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

Time WholeMilliseconds(double microseconds) {
  return Time(std::llround(microseconds / 1000) * 1000);
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
    const std::vector<std::string> pieces = CutToCues(cue.text, most);
    double all = 0;
    for (const std::string& piece : pieces)
      all += static_cast<double>(piece.size());
    const auto length = static_cast<double>((cue.end - cue.start).count());
    const auto start = static_cast<double>((offset + cue.start).count());
    double said = 0;
    for (const std::string& piece : pieces) {
      HeardCue part;
      part.start = WholeMilliseconds(start + said / all * length);
      said += static_cast<double>(piece.size());
      part.end = WholeMilliseconds(start + said / all * length);
      part.end = std::min(std::max(part.end, part.start + Time(1000)),
                          part.start + kLongestCue);
      part.text = piece;
      part.confidence = cue.confidence;
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
  if (cues.empty()) return "";
  std::string out = "WEBVTT\n\n";
  for (const HeardCue& cue : cues) {
    out += Clock(cue.start, '.') + " --> " + Clock(cue.end, '.') + "\n" +
           Lines(cue.text) + "\n";
  }
  return out;
}

std::string FormatTranscriptJson(const std::vector<HeardCue>& cues,
                                 const std::string& language) {
  if (cues.empty()) return "";
  nlohmann::ordered_json segments = nlohmann::ordered_json::array();
  std::string all;
  for (const HeardCue& cue : cues) {
    all += (all.empty() ? "" : " ") + cue.text;
    segments.push_back({{"id", segments.size()},
                        {"start", SecondsOf(cue.start)},
                        {"end", SecondsOf(cue.end)},
                        {"text", cue.text},
                        {"confidence", Rounded(cue.confidence)}});
  }
  const nlohmann::ordered_json out = {
      {"text", all}, {"segments", segments}, {"language", language}};
  return out.dump(-1, ' ', false,
                  nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace vsa
