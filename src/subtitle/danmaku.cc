#include "subtitle/danmaku.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/ascii.h"
#include "base/parse_number.h"
#include "subtitle/cue_markup.h"
#include "subtitle/danmaku_dialects.h"
#include "subtitle/formats.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr double kLatest = 3600 * 24 * 10;  // seconds

std::string OneLine(std::string_view raw) {
  std::string line;
  for (const char c : StripMarkup(raw, Markup::kTyped)) {
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

// Whether nothing of it is seen, as of U+3000 and U+200B, which programs send
// to keep a place.
bool IsBlank(const std::string& text) {
  const auto length = static_cast<int64_t>(text.size());
  for (int64_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    if (!u_isUWhiteSpace(c) &&
        !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
      return false;
    }
  }
  return true;
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

bool IsModeOfWords(std::string_view mode) {
  return mode != "7" && mode != "8" && mode != "9";
}

std::optional<Time> CommentTime(std::string_view number, double unit) {
  const double micros = ParseNumber(number).value_or(-1) * unit;
  if (!(micros >= 0 && micros < kLatest * 1e6)) return std::nullopt;
  return Time(std::llround(micros));
}

CommentPlace PlaceOfFields(std::string_view fields) {
  const auto take_field = [&fields] {
    const std::string_view field = fields.substr(0, fields.find(','));
    fields.remove_prefix(std::min(field.size() + 1, fields.size()));
    return Trim(field);
  };
  const std::string_view first = take_field();
  const std::string_view second = take_field();
  const bool is_id =
      HasOnlyDigits(first) && ParseNumber(first).value_or(0) > kLatest;
  if (!is_id) return {CommentTime(first, 1e6), IsModeOfWords(second)};
  const std::string_view milliseconds = take_field();
  return {CommentTime(milliseconds, 1e3), IsModeOfWords(take_field())};
}

void DanmakuBuilder::Add(const CommentPlace& place, std::string_view text,
                         const std::string& where) {
  if (!place.time) {
    if (++skipped_ == 1) first_skipped_ = where;
    return;
  }
  if (!place.words) return;
  std::string line = OneLine(text);
  if (!IsBlank(line))
    danmaku_.comments.push_back({*place.time, std::move(line)});
}

Danmaku DanmakuBuilder::Finish(const std::string& expected) {
  std::stable_sort(
      danmaku_.comments.begin(), danmaku_.comments.end(),
      [](const Comment& a, const Comment& b) { return a.time < b.time; });
  if (skipped_ > 0) {
    danmaku_.warnings.push_back(
        {"danmaku_skipped", first_skipped_ + ": " + std::to_string(skipped_) +
                                (skipped_ == 1 ? " comment"
                                               : " comments, of which this is "
                                                 "the first,") +
                                " without a time that can be read; expected " +
                                expected + ": skipped"});
  }
  return std::move(danmaku_);
}

// No subtitles, but taken for such.
SubtitleFormat DanmakuFormat() {
  return {"danmaku", /*title=*/"", /*extensions=*/{}, Recognise, Refuse};
}

bool IsDanmaku(const std::string& utf8) {
  return IsXmlDanmaku(utf8) || IsJsonDanmaku(utf8);
}

Danmaku ParseDanmaku(const std::string& path, const std::string& utf8) {
  if (IsXmlDanmaku(utf8)) return ParseXmlDanmaku(path, utf8);
  if (IsJsonDanmaku(utf8)) return ParseJsonDanmaku(path, utf8);
  throw Error(ErrorKind::kInput,
              path +
                  ": is no danmaku in XML or JSON; expected that of Bilibili, "
                  "dandanplay, Niconico or AcFun, with comments such as <d "
                  "p=\"1.5,1,…\">");
}

}  // namespace vsa
