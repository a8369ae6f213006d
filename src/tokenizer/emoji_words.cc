#include "tokenizer/emoji_words.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "tokenizer/adapted_text.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr std::string_view kJoiner = "\u200d";

bool IsAscii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }

bool IsLetterOrDigit(char byte) {
  return IsAsciiLetter(byte) || IsAsciiDigit(byte);
}

// Where the characters end that are the same as the last of the symbol that
// ends at `end`. A link's slashes ("://") are no drawn-out mouth.
std::size_t EndOfRun(std::string_view text, std::size_t end) {
  const char last = text[end - 1];
  if (last == '/' || !IsAscii(last)) return end;
  return std::min(text.find_first_not_of(last, end), text.size());
}

// Whether what comes at `end` leaves an emoticon whole: no part of a word, a
// time or an address.
bool MayEndAt(std::string_view text, std::size_t end) {
  return end == text.size() ||
         (!IsLetterOrDigit(text[end]) && text[end] != '/');
}

// Whether `symbol`, at `at`, is an emoticon in spite of what comes before it.
bool MayBeginAt(std::string_view text, std::size_t at,
                std::string_view symbol) {
  if (at == 0) return true;
  const char before = text[at - 1];
  // Within "^^^^x", "^^" would be tried, and the run gone through, everywhere.
  if (before == symbol.front() && before == symbol.back()) return false;
  if (IsAsciiDigit(before) || before == ':') return false;
  if (!IsAsciiLetter(before)) return true;
  const bool in_word =
      at > 1 && (IsAsciiLetter(text[at - 2]) || !IsAscii(text[at - 2]));
  const char first = symbol.front();
  return in_word && (first == ':' || first == ';' || first == '<') &&
         !IsAsciiLetter(symbol.back());
}

}  // namespace

EmojiWords::EmojiWords(std::string_view bytes, const std::string& path) {
  for (int line = 1; !bytes.empty(); ++line) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view row = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    const auto fail = [&](const std::string& reason) {
      throw Error(ErrorKind::kSetup,
                  path + ":" + std::to_string(line) + ": " + reason);
    };
    const std::size_t tab = row.find('\t');
    if (tab == 0 || tab == std::string_view::npos)
      fail("expected a symbol, a tab and its words");
    if (!words_.emplace(row.substr(0, tab), row.substr(tab + 1)).second)
      fail("the symbol is there twice");
    lengths_[static_cast<unsigned char>(row[0])].push_back(tab);
  }
  for (std::vector<std::size_t>& lengths : lengths_) {
    std::sort(lengths.rbegin(), lengths.rend());
    lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  }
}

std::string EmojiWords::Replace(std::string_view text) const {
  std::string replaced;
  std::size_t copied = 0;       // of `text`, or replaced
  std::string_view last_words;  // of the symbols that end at `copied`
  for (std::size_t at = 0; at < text.size();) {
    const Symbol symbol = SymbolAt(text, at, at > 0 && at == copied);
    if (symbol.length == 0) {
      ++at;
      continue;
    }
    if (at > copied) last_words = {};
    replaced.append(text, copied, at - copied);
    if (!symbol.words.empty() && symbol.words != last_words) {
      replaced.append(" ").append(symbol.words).append(" ");
      last_words = symbol.words;
    }
    at = copied = EndOfSequence(text, at + symbol.length);
  }
  return replaced.append(text, copied, std::string_view::npos);
}

// The longest symbol that begins at `at`, where another ends or not.
EmojiWords::Symbol EmojiWords::SymbolAt(std::string_view text, std::size_t at,
                                        bool behind_another) const {
  for (const std::size_t length :
       lengths_[static_cast<unsigned char>(text[at])]) {
    if (length > text.size() - at) continue;
    const std::string symbol(text.substr(at, length));
    const auto found = words_.find(symbol);
    if (found == words_.end()) continue;
    if (!IsAscii(text[at])) return {length, found->second};
    if (!behind_another && !MayBeginAt(text, at, symbol)) continue;
    const std::size_t end = EndOfRun(text, at + length);
    if (MayEndAt(text, end)) return {end - at, found->second};
  }
  return {};
}

// Where the symbols end that joiners tie to the one that ends at `end`.
std::size_t EmojiWords::EndOfSequence(std::string_view text,
                                      std::size_t end) const {
  while (text.substr(end, kJoiner.size()) == kJoiner &&
         end + kJoiner.size() < text.size()) {
    const std::size_t next = end + kJoiner.size();
    const std::size_t length = SymbolAt(text, next, true).length;
    if (length == 0) break;
    end = next + length;
  }
  return end;
}

std::unique_ptr<Tokenizer> WithEmojiWords(std::unique_ptr<Tokenizer> tokenizer,
                                          EmojiWords words) {
  return WithAdaptedText(std::move(tokenizer),
                         [words = std::move(words)](std::string_view text) {
                           return words.Replace(text);
                         });
}

}  // namespace vsa
