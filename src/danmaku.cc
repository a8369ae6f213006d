#include "danmaku.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "cue_markup.h"
#include "vsa/error.h"
#include "xml_events.h"

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

// The attribute p: "SECONDS,MODE,…".
struct Place {
  std::optional<Time> time;
  bool words = true;
};

Place ParsePlace(const std::string& p) {
  Place place;
  char* rest = nullptr;
  const bool digit = !p.empty() && p[0] >= '0' && p[0] <= '9';
  const double seconds = digit ? std::strtod(p.c_str(), &rest) : -1;
  if (seconds >= 0 && seconds < kLatest && (*rest == ',' || *rest == '\0')) {
    place.time = Time(std::llround(seconds * 1e6));
    place.words = std::strncmp(rest, ",7", 2) != 0 &&
                  std::strncmp(rest, ",8", 2) != 0 &&
                  std::strncmp(rest, ",9", 2) != 0;
  }
  return place;
}

}  // namespace

bool IsDanmaku(const std::string& utf8) {
  return RootName(utf8) == "i" && utf8.find("<d p=") != std::string::npos;
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
