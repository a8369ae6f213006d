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

// Whether what lies from `begin` to `end` is no part of a word or an address.
bool StandsAlone(std::string_view text, std::size_t begin, std::size_t end) {
  if (end < text.size() && (IsLetterOrDigit(text[end]) || text[end] == '/'))
    return false;
  return begin == 0 || !IsLetterOrDigit(text[begin]) ||
         !IsLetterOrDigit(text[begin - 1]);
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
    const Symbol symbol = SymbolAt(text, at);
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

// The longest symbol that begins at `at`.
EmojiWords::Symbol EmojiWords::SymbolAt(std::string_view text,
                                        std::size_t at) const {
  for (const std::size_t length :
       lengths_[static_cast<unsigned char>(text[at])]) {
    if (length > text.size() - at) continue;
    const auto found = words_.find(std::string(text.substr(at, length)));
    if (found == words_.end()) continue;
    if (IsAscii(text[at]) && !StandsAlone(text, at, at + length)) continue;
    return {length, found->second};
  }
  return {};
}

// Where the symbols end that joiners tie to the one that ends at `end`.
std::size_t EmojiWords::EndOfSequence(std::string_view text,
                                      std::size_t end) const {
  while (text.substr(end, kJoiner.size()) == kJoiner &&
         end + kJoiner.size() < text.size()) {
    const std::size_t next = end + kJoiner.size();
    const std::size_t length = SymbolAt(text, next).length;
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
