// A WordPiece vocabulary: its spellings by id, and the longest-match-first
// split of a word into them.
#ifndef VSA_TOKENIZER_WORDPIECE_VOCABULARY_H_
#define VSA_TOKENIZER_WORDPIECE_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vsa {

// Spellings to ids by open addressing. Short spellings lie in the slots, so a
// hit costs one cache line.
class SpellingTable {
 public:
  // Bytes that must be readable, whatever they are, behind every spelling given
  // to the table.
  static constexpr std::size_t kPadding = 8;

  explicit SpellingTable(std::size_t capacity);

  // `spelling` must outlive the table. The same spelling again takes the newer
  // id.
  void Add(std::string_view spelling, std::int32_t id);

  // -1 if there is none.
  std::int32_t Find(std::string_view spelling) const;

  std::size_t longest() const { return longest_; }  // bytes

 private:
  struct Slot {
    std::uint64_t head = 0;  // the first 8 bytes, zeros behind the end
    std::uint32_t size = 0;  // 0: free
    std::int32_t id = -1;
  };
  std::size_t FindSlot(std::string_view spelling) const;

  int shift_;
  std::vector<Slot> slots_;
  std::vector<const char*> tails_;  // of each slot, from the ninth byte
  std::size_t longest_ = 0;
};

class WordPieceVocabulary {
 public:
  // A token a line, its id the number of the line from 0; of equal lines the
  // last counts, as in Hugging Face. Throws Error kSetup, "PATH:LINE: …", if
  // the bytes are not UTF-8 or have no [UNK].
  WordPieceVocabulary(std::string bytes, const std::string& path_for_messages);
  WordPieceVocabulary(const WordPieceVocabulary&) = delete;

  // Appends the pieces of a word that is not empty, or [UNK] if it cannot be
  // spelled. kPadding bytes must follow it.
  void AppendPieces(std::string_view word,
                    std::vector<std::int32_t>* ids) const;

  std::string_view TokenOf(std::int32_t id) const {
    return tokens_[static_cast<std::size_t>(id)];
  }
  std::int32_t unk() const { return unk_; }

 private:
  std::string bytes_;
  std::vector<std::string_view> tokens_;  // into bytes_
  SpellingTable beginnings_;
  SpellingTable continuations_;  // spelled without their ##
  std::int32_t unk_ = -1;
};

}  // namespace vsa

#endif  // VSA_TOKENIZER_WORDPIECE_VOCABULARY_H_
