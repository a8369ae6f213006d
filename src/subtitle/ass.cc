// ASS and SSA: lines "Dialogue: field, field, …, text". Sections need not be
// followed: only the Format line of the events has a column Text, and fonts
// and pictures in the file are written without lower-case letters.
#include "base/ascii.h"
#include "subtitle/clock_time.h"
#include "subtitle/cue_text.h"
#include "subtitle/danmaku_ass.h"
#include "subtitle/formats.h"
#include "subtitle/marking.h"
#include "subtitle/unspoken_tracks.h"

namespace vsa {
namespace {

// Where the columns of interest lie, counted from 0.
struct Columns {
  size_t count = 10;
  size_t start = 1;
  size_t end = 2;
  size_t style = 3;
  size_t effect = 8;
  size_t text = 9;
};

// What follows "NAME:" if the line is one of that name.
bool TakeName(std::string_view name, std::string_view* line) {
  const std::string_view trimmed = Trim(*line);
  if (!StartsWithAnyCase(trimmed, name)) return false;
  *line = trimmed.substr(name.size());
  return true;
}

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> fields;
  size_t comma;
  while ((comma = text.find(',')) != std::string_view::npos) {
    fields.push_back(text.substr(0, comma));
    text.remove_prefix(comma + 1);
  }
  fields.push_back(text);
  return fields;
}

void ParseFormat(std::string_view text, Columns* columns) {
  Columns found;
  bool has_start = false, has_end = false, has_text = false;
  const std::vector<std::string_view> names = Split(text);
  found.count = names.size();
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string name = LowerAscii(Trim(names[i]));
    if (name == "start") found.start = i, has_start = true;
    if (name == "end") found.end = i, has_end = true;
    if (name == "style") found.style = i;
    if (name == "effect") found.effect = i;
    if (name == "text") found.text = i, has_text = true;
  }
  if (has_start && has_end && has_text) *columns = found;
}

// The fields of a Dialogue line; the text may hold commas of its own, so the
// columns after it are counted from the right. Empty if there are too few.
std::vector<std::string_view> SplitDialogue(std::string_view text,
                                            const Columns& columns) {
  std::vector<std::string_view> parts = Split(text);
  // Some programs that take tracks out of videos leave SSA's first field
  // beside that of ASS.
  for (size_t i = 1; i < columns.text && parts.size() > columns.count; ++i) {
    if (StartsWithAnyCase(Trim(parts[i]), "marked=")) {
      parts.erase(parts.begin() + i);
      break;
    }
  }
  if (parts.size() < columns.count) return {};
  const size_t extra = parts.size() - columns.count;
  std::vector<std::string_view> fields(parts.begin(),
                                       parts.begin() + columns.text);
  const char* begin = parts[columns.text].data();
  const std::string_view& last = parts[columns.text + extra];
  fields.emplace_back(begin, last.data() + last.size() - begin);
  fields.insert(fields.end(), parts.begin() + columns.text + extra + 1,
                parts.end());
  return fields;
}

bool IsStyles(std::string_view line) {
  return StartsWithAnyCase(line, "[v4+ styles]") ||
         StartsWithAnyCase(line, "[v4++ styles]");
}

bool IsOldStyles(std::string_view line) {
  return StartsWithAnyCase(line, "[v4 styles]");
}

// Whether a line can only be one of ASS or SSA.
bool IsOfAssOrSsa(std::string_view line) {
  return StartsWithAnyCase(line, "[script info]") ||
         StartsWithAnyCase(line, "[events]") ||
         StartsWithAnyCase(line, "dialogue:") || IsStyles(line) ||
         IsOldStyles(line);
}

// Whether line `line` is of a file whose styles, the first from there on, are
// not `others`. A file without styles may be either.
bool Recognise(const SubtitleText& file, size_t line,
               bool (*others)(std::string_view)) {
  if (!IsOfAssOrSsa(Trim(file.lines[line]))) return false;
  for (; line < file.lines.size(); ++line) {
    const std::string_view trimmed = Trim(file.lines[line]);
    if (IsStyles(trimmed) || IsOldStyles(trimmed)) return !others(trimmed);
  }
  return true;
}

bool RecogniseAss(const SubtitleText& file, size_t line) {
  return Recognise(file, line, IsOldStyles);
}

bool RecogniseSsa(const SubtitleText& file, size_t line) {
  return Recognise(file, line, IsStyles);
}

// What a field holds, in lower case; empty where there is none.
std::string FieldOf(const std::vector<std::string_view>& fields,
                    size_t column) {
  return column < fields.size() ? LowerAscii(Trim(fields[column])) : "";
}

// Aegisub's templater draws each syllable of a song, with the effect "fx", and
// keeps its lines as comments with the effect "karaoke". Whether the file has
// both.
bool IsDrawnKaraoke(const std::vector<std::string_view>& lines) {
  Columns columns;
  bool drawn = false;
  bool sung = false;
  for (std::string_view line : lines) {
    if (TakeName("format:", &line)) {
      ParseFormat(line, &columns);
    } else if (TakeName("dialogue:", &line)) {
      drawn = drawn ||
              FieldOf(SplitDialogue(line, columns), columns.effect) == "fx";
    } else if (TakeName("comment:", &line)) {
      sung = sung ||
             FieldOf(SplitDialogue(line, columns), columns.effect) == "karaoke";
    }
  }
  return drawn && sung;
}

RawSubtitles Parse(const SubtitleText& file) {
  const std::string& path = file.path;
  const std::vector<std::string_view>& lines = file.lines;
  RawSubtitles out;
  Columns columns;
  DanmakuAss danmaku;
  const bool karaoke = IsDrawnKaraoke(lines);
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    const int number = static_cast<int>(i) + 1;
    if (TakeName("format:", &line)) {
      ParseFormat(line, &columns);
      continue;
    }
    const bool comment = karaoke && TakeName("comment:", &line);
    if (!comment && !TakeName("dialogue:", &line)) {
      danmaku.AddLine(line);
      continue;
    }
    const std::vector<std::string_view> fields = SplitDialogue(line, columns);
    if (fields.empty() && comment) continue;
    if (fields.empty()) {
      AddWarning(path, number, "subtitle_block_skipped",
                 "a Dialogue line with too few fields; expected " +
                     std::to_string(columns.count) + ": skipped",
                 &out);
      continue;
    }
    const std::string effect = FieldOf(fields, columns.effect);
    if (comment ? effect != "karaoke" : karaoke && effect == "fx") continue;
    danmaku.AddDialogue(
        columns.style < fields.size() ? fields[columns.style] : "",
        fields[columns.text]);
    std::string_view start_text = fields[columns.start];
    std::string_view end_text = fields[columns.end];
    const std::optional<Time> start = TakeTime(&start_text);
    const std::optional<Time> end = TakeTime(&end_text);
    if (!start || !end || !Trim(start_text).empty() ||
        !Trim(end_text).empty()) {
      AddWarning(path, number, "subtitle_block_skipped",
                 "a time that cannot be read; expected H:MM:SS.cc: skipped",
                 &out);
      continue;
    }
    RawCue cue{*start, *end, CleanLines(fields[columns.text], Markup::kAss),
               number};
    cue.marking = MarkingOf(fields[columns.text], cue.lines);
    if (!cue.lines.empty()) AddCue(path, std::move(cue), &out);
  }
  if (danmaku.IsDanmaku()) RemoveAll(path, "danmaku", &out);
  return out;
}

}  // namespace

SubtitleFormat AssFormat() {
  return {"ass", "ASS", {"ass"}, RecogniseAss, Parse};
}

SubtitleFormat SsaFormat() {
  return {"ssa", /*title=*/"", {"ssa"}, RecogniseSsa, Parse};
}

}  // namespace vsa
