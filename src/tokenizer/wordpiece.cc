#include "tokenizer/wordpiece.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "tokenizer/bert_characters.h"
#include "tokenizer/wordpiece_vocabulary.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr int kMostWordCharacters = 1000;  // bounds the buffer of a word
constexpr char32_t kTableEnd =
    0x10000;  // what lies above is rare in text: asked of ICU each time

// What to do with a code point, worked out once.
struct Entry {
  enum Action : std::uint8_t { kDrop, kWord, kAlone, kSpace, kSequence };
  std::uint32_t action : 3;
  std::uint32_t count : 8;   // kSequence: of characters
  std::uint32_t value : 21;  // kWord, kAlone: the code point it becomes;
                             // kSequence: index of its first character
};

class CharacterTable {
 public:
  explicit CharacterTable(const BertFlags& flags)
      : flags_(flags), entries_(kTableEnd) {
    std::vector<BertCharacter> characters;
    for (char32_t code = 0; code < kTableEnd; ++code) {
      characters.clear();
      AppendBertCharacters(code, flags_, &characters);
      entries_[code] = EntryFor(characters);
    }
    for (std::size_t byte = 0; byte < 0x80; ++byte) {
      if (entries_[byte].action == Entry::kWord)
        word_bytes_[byte] = static_cast<char>(entries_[byte].value);
    }
  }

  // For a byte that is part of a word: what it becomes, else 0. Bytes above
  // 0x7F give 0.
  char WordByte(unsigned char byte) const { return word_bytes_[byte]; }

  const Entry& operator[](char32_t code) const {
    return entries_[code];
  }  // code < kTableEnd
  const BertCharacter* Sequence(const Entry& entry) const {
    return &sequences_[entry.value];
  }
  const BertFlags& flags() const { return flags_; }

 private:
  Entry EntryFor(const std::vector<BertCharacter>& characters) {
    if (characters.empty()) return {Entry::kDrop, 0, 0};
    const BertCharacter& only = characters.front();
    if (characters.size() == 1 && only.combining_class == 0) {
      if (only.kind == BertCharacter::kWord)
        return {Entry::kWord, 0, only.code};
      if (only.kind == BertCharacter::kAlone)
        return {Entry::kAlone, 0, only.code};
      if (only.kind == BertCharacter::kSpace) return {Entry::kSpace, 0, 0};
    }
    const auto first = static_cast<std::uint32_t>(sequences_.size());
    sequences_.insert(sequences_.end(), characters.begin(), characters.end());
    return {Entry::kSequence, static_cast<std::uint32_t>(characters.size()),
            first};
  }

  BertFlags flags_;
  std::vector<Entry> entries_;
  std::vector<BertCharacter> sequences_;
  std::array<char, 256> word_bytes_{};
};

// One text on its way to ids: gathers words and hands them to the vocabulary.
class WordSplitter {
 public:
  WordSplitter(const CharacterTable& table,
               const WordPieceVocabulary& vocabulary, int max_characters,
               std::vector<std::int32_t>* ids)
      : table_(table),
        vocabulary_(vocabulary),
        max_characters_(max_characters),
        ids_(ids) {}

  void Split(std::string_view text) {
    const auto* next = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = next + text.size();
    while (next < end) {
      next = AddWordBytes(next, end);
      if (next < end) next = AddCodePoint(next, end);
    }
    Sort();
    EndWord();
  }

 private:
  // The common case: a run of ASCII inside of a word. Returns where it ends.
  const unsigned char* AddWordBytes(const unsigned char* next,
                                    const unsigned char* end) {
    if (table_.WordByte(*next) == 0) return next;
    Sort();
    // A word of one character too many is kept as such: it is [UNK] however
    // long it is.
    const auto* const stop =
        next +
        std::min<std::ptrdiff_t>(end - next, max_characters_ + 1 - characters_);
    const auto* const begin = next;
    char* out = word_.data() + size_;
    for (; next < stop; ++next) {
      const char byte = table_.WordByte(*next);
      if (byte == 0) break;
      *out++ = byte;
    }
    size_ += static_cast<std::size_t>(next - begin);
    characters_ += static_cast<int>(next - begin);
    if (next == stop) {
      while (next < end && table_.WordByte(*next) != 0) ++next;
    }
    return next;
  }

  const unsigned char* AddCodePoint(const unsigned char* next,
                                    const unsigned char* end) {
    UChar32 code = *next;
    if (code < 0x80) {
      ++next;
    } else {
      const std::int64_t size = end - next;
      std::int64_t used = 0;
      U8_NEXT(next, used, size, code);
      next += used;
      if (code < 0) return next;  // not UTF-8: U+FFFD, which is dropped
    }
    if (static_cast<char32_t>(code) < kTableEnd) {
      AddEntry(table_[static_cast<char32_t>(code)]);
    } else {
      scratch_.clear();
      AppendBertCharacters(static_cast<char32_t>(code), table_.flags(),
                           &scratch_);
      AddSequence(scratch_.data(), scratch_.size());
    }
    return next;
  }

  void AddEntry(const Entry& entry) {
    switch (entry.action) {
      case Entry::kDrop:
        return;
      case Entry::kSequence:
        return AddSequence(table_.Sequence(entry), entry.count);
      case Entry::kWord:
        Sort();
        return AddToWord(entry.value);
      case Entry::kAlone:
        Sort();
        return AddAlone(entry.value);
      case Entry::kSpace:
        Sort();
        return EndWord();
    }
  }

  void AddSequence(const BertCharacter* characters, std::size_t count) {
    for (const auto* character = characters; character < characters + count;
         ++character) {
      if (character->combining_class > 0) {
        unsorted_.push_back(*character);
      } else {
        Sort();
        Add(*character);
      }
    }
  }

  // Canonical order: characters with a combining class are sorted by it, up to
  // the next one without.
  void Sort() {
    if (unsorted_.empty()) return;
    std::stable_sort(unsorted_.begin(), unsorted_.end(),
                     [](const BertCharacter& a, const BertCharacter& b) {
                       return a.combining_class < b.combining_class;
                     });
    for (const BertCharacter& character : unsorted_) Add(character);
    unsorted_.clear();
  }

  void Add(const BertCharacter& character) {
    switch (character.kind) {
      case BertCharacter::kWord:
        return AddToWord(character.code);
      case BertCharacter::kAlone:
        return AddAlone(character.code);
      case BertCharacter::kSpace:
        return EndWord();
      case BertCharacter::kGone:
        return;
    }
  }

  void AddToWord(char32_t code) {
    if (characters_ > max_characters_) return;
    U8_APPEND_UNSAFE(word_.data(), size_, code);
    ++characters_;
  }

  void AddAlone(char32_t code) {
    EndWord();
    AddToWord(code);
    EndWord();
  }

  void EndWord() {
    if (characters_ > max_characters_) {
      ids_->push_back(vocabulary_.unk());
    } else if (characters_ > 0) {
      vocabulary_.AppendPieces({word_.data(), size_}, ids_);
    }
    size_ = 0;
    characters_ = 0;
  }

  const CharacterTable& table_;
  const WordPieceVocabulary& vocabulary_;
  const int max_characters_;
  std::vector<std::int32_t>* ids_;

  std::array<char, 4 * (kMostWordCharacters + 1) + SpellingTable::kPadding>
      word_;
  std::size_t size_ = 0;  // bytes in word_
  int characters_ =
      0;  // of the word; one more than allowed stands for any more
  std::vector<BertCharacter> unsorted_;
  std::vector<BertCharacter> scratch_;
};

class WordPieceTokenizer : public Tokenizer {
 public:
  WordPieceTokenizer(const std::string& vocab_bytes, const std::string& path,
                     const TextSpec& spec)
      : vocabulary_(vocab_bytes, path),
        table_({spec.lower_case, spec.strip_accents.value_or(spec.lower_case),
                spec.split_chinese}),
        max_word_characters_(spec.max_word_characters) {}

  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    WordSplitter(table_, vocabulary_, max_word_characters_, ids).Split(text);
  }

  std::string_view TokenOf(std::int32_t id) const override {
    return vocabulary_.TokenOf(id);
  }
  std::int32_t unk() const { return vocabulary_.unk(); }

 private:
  WordPieceVocabulary vocabulary_;
  CharacterTable table_;
  int max_word_characters_;
};

}  // namespace

std::unique_ptr<Tokenizer> ParseWordPiece(const std::string& vocab_bytes,
                                          const std::string& path_for_messages,
                                          const TextSpec& spec) {
  if (spec.max_word_characters < 1 ||
      spec.max_word_characters > kMostWordCharacters) {
    throw Error(ErrorKind::kSetup,
                path_for_messages + ": max_word_characters is " +
                    std::to_string(spec.max_word_characters) +
                    "; expected 1 to " + std::to_string(kMostWordCharacters));
  }
  auto tokenizer = std::make_unique<WordPieceTokenizer>(
      vocab_bytes, path_for_messages, spec);
  if (spec.unk != 0 && spec.unk != tokenizer->unk()) {
    throw Error(ErrorKind::kSetup,
                path_for_messages + ":" + std::to_string(tokenizer->unk() + 1) +
                    ": [UNK] has the id " + std::to_string(tokenizer->unk()) +
                    "; expected " + std::to_string(spec.unk));
  }
  return tokenizer;
}

}  // namespace vsa
