#include "analysis/text_windows.h"

#include <algorithm>

namespace vsa {
namespace {

using Ids = std::vector<std::int32_t>;

// Fills windows with pieces of text, as many as fit into each.
class Packer {
 public:
  Packer(const Tokenizer& tokenizer, std::size_t room)
      : tokenizer_(tokenizer), room_(room) {}

  // Adds a piece whole, in a new window if need be. False, and nothing is
  // added, if it fits into no window.
  bool Add(std::string_view piece) {
    Ids ids;
    tokenizer_.Encode(piece, &ids);
    if (ids.size() > room_) return false;
    if (windows_.empty() || windows_.back().size() + ids.size() > room_)
      windows_.emplace_back();
    windows_.back().insert(windows_.back().end(), ids.begin(), ids.end());
    return true;
  }

  // Adds a word of any length, cut between tokens.
  void AddCut(std::string_view word) {
    Ids ids;
    tokenizer_.Encode(word, &ids);
    for (const std::int32_t id : ids) {
      if (windows_.empty() || windows_.back().size() == room_)
        windows_.emplace_back();
      windows_.back().push_back(id);
    }
  }

  std::vector<Ids> Take() { return std::move(windows_); }

 private:
  const Tokenizer& tokenizer_;
  const std::size_t room_;
  std::vector<Ids> windows_;
};

bool EndsSentence(std::string_view text, std::size_t at) {
  // ASCII ends count before a space alone ("3.5", "e.g.,"); the wide ones of
  // Chinese and Japanese always.
  static constexpr std::string_view kWide[] = {"\u3002", "\uFF01", "\uFF1F"};
  const char c = text[at];
  if (c == '.' || c == '!' || c == '?')
    return at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n';
  return std::any_of(
      std::begin(kWide), std::end(kWide), [&](std::string_view end) {
        return at + 1 >= end.size() &&
               text.substr(at + 1 - end.size(), end.size()) == end;
      });
}

// Cuts `text` behind every byte for which `ends(text, at)` is true.
template <typename Ends>
std::vector<std::string_view> CutBehind(std::string_view text, Ends ends) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!ends(text, at)) continue;
    pieces.push_back(text.substr(start, at + 1 - start));
    start = at + 1;
  }
  if (start < text.size()) pieces.push_back(text.substr(start));
  return pieces;
}

}  // namespace

std::vector<Ids> CutIntoWindows(std::string_view text,
                                const Tokenizer& tokenizer,
                                const TextSpec& spec) {
  Packer packer(tokenizer, static_cast<std::size_t>(spec.max_tokens - 2));
  if (!packer.Add(text)) {
    for (const std::string_view sentence : CutBehind(text, EndsSentence)) {
      if (packer.Add(sentence)) continue;
      for (const std::string_view word :
           CutBehind(sentence, [](std::string_view s, std::size_t at) {
             return s[at] == ' ' || s[at] == '\n';
           })) {
        if (!packer.Add(word)) packer.AddCut(word);
      }
    }
  }
  std::vector<Ids> windows = packer.Take();
  windows.erase(std::remove_if(windows.begin(), windows.end(),
                               [](const Ids& ids) { return ids.empty(); }),
                windows.end());
  for (Ids& ids : windows) {
    ids.insert(ids.begin(), spec.cls);
    ids.push_back(spec.sep);
  }
  return windows;
}

}  // namespace vsa
