#include "analysis/text_windows.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "analysis/sentence_end.h"
#include "text/words.h"

namespace vsa {
namespace {

using Ids = std::vector<std::int32_t>;

using Pieces = std::vector<std::string_view>;

// No row holds more text than this many bytes for each token: more is not
// looked at, which bounds the time.
constexpr std::size_t kMostBytesOfToken = 16;

// Without punctuation, digits and ASCII symbols, which vocabularies know.
std::string WithoutMarks(std::string_view text) {
  std::string rest;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), at, size, c);
    const bool is_mark = u_ispunct(c) || u_isdigit(c) ||
                         (c < 0x80 && u_isgraph(c) && !u_isalpha(c));
    if (!is_mark) rest += text.substr(begin, at - begin);
  }
  return rest;
}

class Cutter {
 public:
  Cutter(const Tokenizer& tokenizer, const TextSpec& spec)
      : tokenizer_(tokenizer),
        room_(static_cast<std::size_t>(spec.max_tokens - 2)),
        unk_(spec.unk) {}

  void Cut(std::string_view text) {
    if (Add(text)) return;
    AddPieces(SentencesOf(text), [this](std::string_view sentence) {
      AddPieces(CutBetweenWords(sentence),
                [this](std::string_view word) { AddCut(word); });
    });
  }

  std::vector<Ids> Take() { return std::move(rows_); }

 private:
  // The ids of `text`; its spaces at the start are those between two rows.
  Ids Encode(std::string_view text) const {
    text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
    Ids ids;
    tokenizer_.Encode(text, &ids);
    return ids;
  }

  // Adds a row of `text`. False, and nothing is added, if it does not fit.
  bool Add(std::string_view text) {
    Ids ids = Encode(text);
    if (ids.size() > room_) return false;
    if (!ids.empty() && !IsUnknown(text, ids)) rows_.push_back(std::move(ids));
    return true;
  }

  // Whether of the words of `text`, whose ids these are, none is known.
  bool IsUnknown(std::string_view text, const Ids& ids) const {
    const auto is_unknown = [this](std::int32_t id) { return id == unk_; };
    if (std::none_of(ids.begin(), ids.end(), is_unknown)) return false;
    const Ids words = Encode(WithoutMarks(text));
    return std::all_of(words.begin(), words.end(), is_unknown);
  }

  // Adds rows of as many pieces, which lie side by side, as fit into each.
  template <typename AddLong>
  void AddPieces(const Pieces& pieces, const AddLong& add_long) {
    for (std::size_t i = 0; i < pieces.size();) {
      const std::size_t end = FittingEnd(pieces, i);
      if (end > i) {
        Add(Span(pieces, i, end));
        i = end;
      } else {
        add_long(pieces[i++]);
      }
    }
  }

  // The end of the most pieces from `first` on that fit into one row; `first`
  // if that alone does not.
  std::size_t FittingEnd(const Pieces& pieces, std::size_t first) const {
    const auto fits = [&](std::size_t end) {
      return Encode(Span(pieces, first, end)).size() <= room_;
    };
    std::size_t limit = first + 1;
    while (limit < pieces.size() &&
           Span(pieces, first, limit + 1).size() <= room_ * kMostBytesOfToken) {
      ++limit;
    }
    std::size_t fitting = first;
    while (fitting < limit) {
      const std::size_t middle = fitting + (limit - fitting + 1) / 2;
      if (fits(middle)) {
        fitting = middle;
      } else {
        limit = middle - 1;
      }
    }
    return fitting;
  }

  static std::string_view Span(const Pieces& pieces, std::size_t first,
                               std::size_t end) {
    const char* const begin = pieces[first].data();
    const std::string_view last = pieces[end - 1];
    return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
  }

  // Adds rows of a word of any length.
  void AddCut(std::string_view word) {
    const Ids ids = Encode(word);
    for (std::size_t i = 0; i < ids.size(); i += room_) {
      const std::size_t size = std::min(room_, ids.size() - i);
      rows_.emplace_back(ids.data() + i, ids.data() + i + size);
    }
  }

  const Tokenizer& tokenizer_;
  const std::size_t room_;
  const std::int32_t unk_;
  std::vector<Ids> rows_;
};

}  // namespace

std::vector<Ids> CutIntoWindows(std::string_view text,
                                const Tokenizer& tokenizer,
                                const TextSpec& spec) {
  Cutter cutter(tokenizer, spec);
  cutter.Cut(text);
  std::vector<Ids> windows = cutter.Take();
  for (Ids& ids : windows) {
    ids.insert(ids.begin(), spec.cls);
    ids.push_back(spec.sep);
  }
  return windows;
}

}  // namespace vsa
