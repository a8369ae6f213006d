#include "subtitle/danmaku.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/parse_number.h"
#include "subtitle/cue_markup.h"
#include "subtitle/formats.h"
#include "text/xml_events.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr double kLatest = 3600 * 24 * 10;  // seconds

std::string OneLine(std::string_view raw) {
  std::string line;
  for (const char c : StripMarkup(raw, Markup::kHtml)) {
    const bool space = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

// The attribute p, "SECONDS,MODE,…": 8 fields, or 9 since 2021, or only 4 in
// other programs' files.
struct Place {
  std::optional<Time> time;
  bool words = true;
};

Place ParsePlace(std::string_view p) {
  const auto take_field = [&p] {
    const std::string_view field = p.substr(0, p.find(','));
    p.remove_prefix(std::min(field.size() + 1, p.size()));
    return field;
  };
  Place place;
  const double seconds = ParseNumber(take_field()).value_or(-1);
  if (seconds >= 0 && seconds < kLatest)
    place.time = Time(std::llround(seconds * 1e6));
  const std::string_view mode = take_field();
  place.words = mode != "7" && mode != "8" && mode != "9";
  return place;
}

bool Recognise(const SubtitleText& file, size_t line) {
  return line == 0 && IsDanmaku(file.text);
}

RawSubtitles Refuse(const SubtitleText& file) {
  throw Error(ErrorKind::kInput,
              file.path +
                  ": holds the audience's comments (danmaku), not what is "
                  "said; expected subtitles, or this file with --danmaku");
}

}  // namespace

// No subtitles, but taken for such.
SubtitleFormat DanmakuFormat() {
  return {"danmaku", /*title=*/"", /*extensions=*/{}, Recognise, Refuse};
}

bool IsDanmaku(const std::string& utf8) {
  if (RootName(utf8) != "i") return false;
  return utf8.find("<d p=") != std::string::npos ||
         utf8.find("<chatserver>") != std::string::npos;  // and no comment yet
}

Danmaku ParseDanmaku(const std::string& path, const std::string& utf8) {
  if (!IsDanmaku(utf8)) {
    throw Error(ErrorKind::kInput,
                path +
                    ": is no danmaku; expected Bilibili's XML, <i> with "
                    "comments such as <d p=\"1.5,1,…\">");
  }
  Danmaku out;
  Place place;
  std::string text;
  bool inside = false;
  int skipped = 0;
  int first_skipped = 0;
  const auto finish = [&] {
    if (!std::exchange(inside, false) || !place.time || !place.words) return;
    std::string line = OneLine(text);
    if (!line.empty()) out.comments.push_back({*place.time, std::move(line)});
  };
  XmlEvents events;
  events.start = [&](const XmlElement& element) {
    if (element.name != "d") return;
    finish();  // one that was never closed
    inside = true;
    text.clear();
    place = ParsePlace(element.Find("p").value_or(""));
    if (!place.time && ++skipped == 1) first_skipped = element.line;
  };
  events.end = [&](const std::string& name) {
    if (name == "d") finish();
  };
  events.text = [&](std::string_view piece) {
    if (inside) text += piece;
  };
  const std::optional<XmlFault> fault = ReadXml(utf8, events);
  finish();
  std::stable_sort(
      out.comments.begin(), out.comments.end(),
      [](const Comment& a, const Comment& b) { return a.time < b.time; });
  if (skipped > 0) {
    out.warnings.push_back(
        {"danmaku_skipped",
         path + ":" + std::to_string(first_skipped) + ": " +
             std::to_string(skipped) +
             (skipped == 1 ? " comment"
                           : " comments, of which this is the "
                             "first,") +
             " without a time that can be read; expected "
             "<d p=\"SECONDS,…\">: skipped"});
  }
  if (fault) {
    out.warnings.push_back(
        {"danmaku_damaged", path + ":" + std::to_string(fault->line) +
                                ": damaged XML: " + fault->what});
  }
  return out;
}

}  // namespace vsa
