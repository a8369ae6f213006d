#include "subtitle/fences.h"

#include <algorithm>

#include "base/ascii.h"

namespace vsa {
namespace {

constexpr std::string_view kFence = "```";

// "```" or, where a file begins, "```srt" or "```text".
bool IsFence(std::string_view line) {
  line = Trim(line);
  if (line.substr(0, kFence.size()) != kFence) return false;
  const std::string_view language = Trim(line.substr(kFence.size()));
  return std::all_of(language.begin(), language.end(), IsAsciiLetter);
}

// Whether the first fence is the end of a file that has lost its beginning.
bool BeginsInside(const std::vector<std::string_view>& lines) {
  const auto first = std::find_if(lines.begin(), lines.end(), IsFence);
  const bool words_before =
      std::any_of(lines.begin(), first,
                  [](std::string_view line) { return !Trim(line).empty(); });
  return words_before && Trim(*first) == kFence &&
         std::count_if(first, lines.end(), IsFence) % 2 == 1;
}

}  // namespace

std::optional<Fenced> ReadFenced(const std::string& text,
                                 const std::vector<std::string_view>& lines) {
  if (std::none_of(lines.begin(), lines.end(), IsFence)) return std::nullopt;
  Fenced fenced;
  const char* copied = text.data();  // up to here
  bool inside = BeginsInside(lines);
  bool told = false;  // of the words outside that are passed
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const bool fence = IsFence(line);
    if (inside && !fence) continue;
    if (fence) {
      inside = !inside;
      told = false;
    } else if (!told && !Trim(line).empty()) {
      fenced.words_outside.push_back(static_cast<int>(i) + 1);
      told = true;
    }
    fenced.text.append(copied, line.data());
    copied = line.data() + line.size();
  }
  fenced.text.append(copied, text.data() + text.size());
  return fenced;
}

}  // namespace vsa
