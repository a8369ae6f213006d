// YouTube's XML: srv1, <transcript> of <text start dur> in seconds; srv2 and
// srv3, <timedtext> of <text t d> and <p t d> in milliseconds.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/parse_number.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"
#include "text/xml_events.h"

namespace vsa {
namespace {

constexpr double kLatest = 1e15;  // microseconds

bool Recognise(const SubtitleText& file, size_t line) {
  if (line != 0) return false;
  const std::string root = RootName(file.text);
  return root == "transcript" || root == "timedtext";
}

// The attribute of milliseconds, else that of seconds.
std::optional<Time> TimeOf(const XmlElement& element, std::string_view millis,
                           std::string_view seconds) {
  double unit = 1e3;
  std::optional<std::string> figure = element.Find(millis);
  if (!figure) {
    unit = 1e6;
    figure = element.Find(seconds);
  }
  const std::optional<double> number = ParseNumber(figure.value_or(""));
  if (!number || *number < 0 || *number * unit > kLatest) return std::nullopt;
  return Time(std::llround(*number * unit));
}

RawSubtitles Parse(const SubtitleText& file) {
  RawSubtitles out;
  RawCue cue;
  std::string text;
  bool timed = false;
  bool inside = false;
  const auto finish = [&] {
    if (!std::exchange(inside, false)) return;
    cue.lines = CleanLines(text, Markup::kHtml);
    if (cue.lines.empty()) return;
    if (timed) {
      out.cues.push_back(cue);
    } else {
      AddWarning(file.path, cue.line, "subtitle_block_skipped",
                 "no time that can be read; expected t=\"MILLISECONDS\" or "
                 "start=\"SECONDS\": skipped",
                 &out);
    }
  };
  XmlEvents events;
  events.start = [&](const XmlElement& element) {
    if (element.name != "p" && element.name != "text") return;
    finish();  // one that was never closed
    inside = true;
    text.clear();
    const std::optional<Time> start = TimeOf(element, "t", "start");
    const std::optional<Time> length = TimeOf(element, "d", "dur");
    timed = start.has_value();
    cue = RawCue();
    cue.start = start.value_or(Time(0));
    cue.end = length && *length > Time(0) ? cue.start + *length : kOpenEnd;
    cue.line = element.line;
  };
  events.end = [&](const std::string& name) {
    if (name == "p" || name == "text") finish();
  };
  events.text = [&](std::string_view piece) {
    if (inside) text += piece;
  };
  const std::optional<XmlFault> fault = ReadXml(file.text, events);
  finish();
  if (fault) {
    AddWarning(file.path, fault->line, "subtitle_xml_damaged",
               "damaged XML: " + fault->what, &out);
  }
  std::stable_sort(
      out.cues.begin(), out.cues.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  EndOpenCues(&out.cues);
  return out;
}

}  // namespace

SubtitleFormat YouTubeXmlFormat() {
  return {"youtube_xml",
          /*title=*/"",
          {"srv3", "srv2", "srv1"},
          Recognise,
          Parse};
}

}  // namespace vsa
