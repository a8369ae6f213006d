#include "backends/media/webvtt_sample.h"

#include <optional>

namespace vsa {
namespace {

struct Box {
  std::string_view type;
  std::string_view content;
};

// The box at the front of `*bytes`, taken away: its size in 4 bytes, its type
// in 4, its content. Nothing if there is no whole one.
std::optional<Box> TakeBox(std::string_view* bytes) {
  constexpr std::size_t kHead = 8;
  if (bytes->size() < kHead) return std::nullopt;
  std::size_t size = 0;
  for (const char c : bytes->substr(0, 4))
    size = size * 256 + static_cast<unsigned char>(c);
  if (size < kHead || size > bytes->size()) return std::nullopt;
  const Box box{bytes->substr(4, 4), bytes->substr(kHead, size - kHead)};
  bytes->remove_prefix(size);
  return box;
}

}  // namespace

std::vector<std::string> ParseWebVttSample(std::string_view sample) {
  std::vector<std::string> texts;
  while (const std::optional<Box> cue = TakeBox(&sample)) {
    if (cue->type != "vttc") continue;
    std::string_view parts = cue->content;
    while (const std::optional<Box> part = TakeBox(&parts)) {
      if (part->type == "payl") texts.emplace_back(part->content);
    }
  }
  return texts;
}

}  // namespace vsa
