#include "tokenizer/wordpiece_vocabulary.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "text/encoding.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr std::string_view kContinuation = "##";
constexpr std::string_view kUnknown = "[UNK]";

bool IsContinuation(std::string_view token) {
  return token.substr(0, kContinuation.size()) == kContinuation;
}

std::vector<std::string_view> SplitLines(std::string_view bytes,
                                         const std::string& path) {
  std::vector<std::string_view> lines;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    std::string_view line = bytes.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    if (!IsUtf8(line)) {
      throw Error(
          ErrorKind::kSetup,
          path + ":" + std::to_string(lines.size()) +
              ": not UTF-8; expected a WordPiece vocabulary, a token a line");
    }
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return lines;
}

// The first 8 bytes, with zeros behind the end.
std::uint64_t Head(std::string_view spelling) {
  static constexpr unsigned char kMasks[16] = {0xFF, 0xFF, 0xFF, 0xFF,
                                               0xFF, 0xFF, 0xFF, 0xFF};
  std::uint64_t head, mask;
  std::memcpy(&head, spelling.data(), sizeof head);
  std::memcpy(&mask, kMasks + 8 - std::min<std::size_t>(spelling.size(), 8),
              sizeof mask);
  return head & mask;
}

std::uint64_t Hash(std::string_view spelling) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  std::uint64_t hash = (Head(spelling) ^ (spelling.size() << 56)) * kOdd;
  for (std::size_t i = 8; i < spelling.size(); i += 8)
    hash = ((hash ^ (hash >> 29)) + Head(spelling.substr(i))) * kOdd;
  return (hash ^ (hash >> 32)) * kOdd;
}

int ShiftFor(std::size_t capacity) {
  int bits = 4;
  while ((std::size_t{1} << bits) < 2 * capacity) ++bits;
  return 64 - bits;
}

}  // namespace

SpellingTable::SpellingTable(std::size_t capacity)
    : shift_(ShiftFor(capacity)),
      slots_(std::size_t{1} << (64 - shift_)),
      tails_(slots_.size(), nullptr) {}

// The slot that holds `spelling`, or the free one where it belongs.
std::size_t SpellingTable::FindSlot(std::string_view spelling) const {
  const std::uint64_t head = Head(spelling);
  for (std::size_t i = Hash(spelling) >> shift_;;
       i = (i + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[i];
    if (slot.size == 0) return i;
    if (slot.head != head || slot.size != spelling.size()) continue;
    if (slot.size <= 8 ||
        std::memcmp(tails_[i], spelling.data() + 8, slot.size - 8) == 0)
      return i;
  }
}

void SpellingTable::Add(std::string_view spelling, std::int32_t id) {
  if (spelling.empty()) return;
  const std::size_t i = FindSlot(spelling);
  slots_[i] = {Head(spelling), static_cast<std::uint32_t>(spelling.size()), id};
  if (spelling.size() > 8) tails_[i] = spelling.data() + 8;
  longest_ = std::max(longest_, spelling.size());
}

std::int32_t SpellingTable::Find(std::string_view spelling) const {
  return slots_[FindSlot(spelling)].id;
}

WordPieceVocabulary::WordPieceVocabulary(std::string bytes,
                                         const std::string& path_for_messages)
    : bytes_(std::move(bytes) + std::string(SpellingTable::kPadding, '\0')),
      tokens_(SplitLines(std::string_view(bytes_).substr(
                             0, bytes_.size() - SpellingTable::kPadding),
                         path_for_messages)),
      beginnings_(tokens_.size()),
      // No larger than needed: most lookups in it fail, so it should fit into a
      // near cache.
      continuations_(static_cast<std::size_t>(
          std::count_if(tokens_.begin(), tokens_.end(), IsContinuation))) {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const auto id = static_cast<std::int32_t>(i);
    const std::string_view token = tokens_[i];
    if (IsContinuation(token)) {
      continuations_.Add(token.substr(kContinuation.size()), id);
    } else {
      beginnings_.Add(token, id);
    }
    if (token == kUnknown) unk_ = id;
  }
  if (unk_ < 0)
    throw Error(
        ErrorKind::kSetup,
        path_for_messages +
            ": no line [UNK]; expected a WordPiece vocabulary, a token a line");
}

void WordPieceVocabulary::AppendPieces(std::string_view word,
                                       std::vector<std::int32_t>* ids) const {
  const std::size_t before = ids->size();
  const SpellingTable* table = &beginnings_;
  while (!word.empty()) {
    std::int32_t id = -1;
    std::size_t size = std::min(word.size(), table->longest());
    for (; size > 0; --size) {
      id = table->Find(word.substr(0, size));
      if (id >= 0) break;
    }
    if (id < 0) {
      ids->resize(before);
      ids->push_back(unk_);
      return;
    }
    ids->push_back(id);
    word.remove_prefix(size);
    table = &continuations_;
  }
}

}  // namespace vsa
