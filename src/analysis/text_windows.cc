#include "analysis/text_windows.h"

#include <algorithm>

#include "analysis/sentence_end.h"

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

std::vector<std::string_view> CutBehindSpaces(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t space = text.find_first_of(" \n");
    const std::size_t size = space == text.npos ? text.size() : space + 1;
    pieces.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return pieces;
}

}  // namespace

std::vector<Ids> CutIntoWindows(std::string_view text,
                                const Tokenizer& tokenizer,
                                const TextSpec& spec) {
  Packer packer(tokenizer, static_cast<std::size_t>(spec.max_tokens - 2));
  if (!packer.Add(text)) {
    for (const std::string_view sentence : SentencesOf(text)) {
      if (packer.Add(sentence)) continue;
      for (const std::string_view word : CutBehindSpaces(sentence)) {
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
