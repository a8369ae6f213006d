#include "subtitle/danmaku_ass.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/ascii.h"
#include "base/parse_number.h"

namespace vsa {
namespace {

// Danmaku2ASS, DanmakuFactory, biliass (yutto), BBDown, DownKyi and their like.
bool IsNamed(std::string_view text) {
  const std::string lower = LowerAscii(text);
  constexpr std::string_view kNames[] = {"danmaku", "danmu",   "biliass",
                                         "bbdown",  "downkyi", "弹幕",
                                         "彈幕",    "弾幕"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&lower](auto name) {
    return lower.find(name) != std::string::npos;
  });
}

// The first and third of the figures of "\\move(x1,y1,x2,y2": how far apart.
std::optional<double> DistanceOf(std::string_view text) {
  constexpr std::string_view kMove = "\\move(";
  const size_t at = text.find(kMove);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + kMove.size());
  text = text.substr(0, text.find(')'));
  double figures[3];
  for (double& figure : figures) {
    const size_t comma = text.find(',');
    if (comma == std::string_view::npos) return std::nullopt;
    const std::optional<double> read = ParseNumber(Trim(text.substr(0, comma)));
    if (!read) return std::nullopt;
    figure = *read;
    text.remove_prefix(comma + 1);
  }
  return std::abs(figures[2] - figures[0]);
}

}  // namespace

void DanmakuAss::AddLine(std::string_view line) {
  constexpr std::string_view kWidth = "playresx:";
  line = Trim(line);
  if (StartsWithAnyCase(line, kWidth)) {
    const auto width = ParseNumber(Trim(line.substr(kWidth.size())));
    if (width && *width > 0) width_ = *width;
  }
  if (!line.empty() && line.front() == '[')
    in_head_ = StartsWithAnyCase(line, "[script info]");
  named_ = named_ || (in_head_ && IsNamed(line));
}

void DanmakuAss::AddDialogue(std::string_view style, std::string_view text) {
  ++dialogues_;
  if (IsNamed(style)) ++styles_;
  const std::optional<double> distance = DistanceOf(text);
  if (distance && *distance >= width_) ++flying_;
  if (distance || text.find("\\pos(") != std::string_view::npos) ++placed_;
}

bool DanmakuAss::IsDanmaku() const {
  const auto nearly_all = [this](size_t count) {
    return count > 0 && count * 10 >= dialogues_ * 9;
  };
  const int signs = named_ + nearly_all(styles_) + nearly_all(placed_);
  return nearly_all(flying_) || signs >= 2;
}

}  // namespace vsa
