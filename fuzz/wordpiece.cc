// WordPiece: a vocabulary, a byte 0xFF and text; without that byte the text
// alone, with the vocabulary of the tests. And a bundle's table of emoji.
#include "tokenizer/wordpiece.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "analysis/text_windows.h"
#include "base/checked_json.h"
#include "fuzz/checks.h"
#include "tokenizer/emoji_words.h"
#include "tokenizer/tokenize.h"

using namespace vsa;
using namespace vsa::fuzz;

using Ids = std::vector<std::int32_t>;

static void CheckText(const Tokenizer& tokenizer, const TextSpec& spec,
                      const std::string& text) {
  Ids ids, more;
  tokenizer.Encode(text, &ids);
  for (const std::int32_t id : ids)
    RequireLine(tokenizer.TokenOf(id), "a token is UTF-8");
  tokenizer.Encode(text, &more);
  Require(ids == more, "the same text has the same ids");
  for (const Ids& row : CutIntoWindows(text, tokenizer, spec)) {
    Require(row.size() >= 3 &&
                row.size() <= static_cast<std::size_t>(spec.max_tokens),
            "a window is as long as it may be");
    Require(row.front() == spec.cls && row.back() == spec.sep,
            "a window has its marks");
  }
}

// Each line of `text` is a line of JSON.
static void CheckLines(const Tokenizer& tokenizer, const std::string& text) {
  static const int in = memfd_create("in", 0), out = memfd_create("out", 0);
  for (const int file : {in, out}) {
    Require(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0,
            "files can be emptied");
  }
  Require(pwrite(in, text.data(), text.size(), 0) ==
              static_cast<ssize_t>(text.size()),
          "files can be written");
  TokenizeStream(in, out, "in", "out", tokenizer);
  std::string written(static_cast<std::size_t>(lseek(out, 0, SEEK_END)), '\0');
  Require(pread(out, written.data(), written.size(), 0) ==
              static_cast<ssize_t>(written.size()),
          "files can be read");
  const auto lines = std::count(text.begin(), text.end(), '\n') +
                     (!text.empty() && text.back() != '\n' ? 1 : 0);
  Require(std::count(written.begin(), written.end(), '\n') == lines,
          "there is a line for each line");
  for (std::size_t begin = 0; begin < written.size();) {
    const std::size_t end = written.find('\n', begin);
    Require(ParseJson(written.substr(begin, end - begin)).has_value(),
            "a line is JSON");
    begin = end + 1;
  }
}

VSA_FUZZ_TARGET(bytes) {
  static const std::string usual =
      Contents(VSA_SOURCE_DIR "/tests/data/tiny-bundle/vocab.txt");
  const std::size_t cut = bytes.find('\xFF');
  const std::string vocabulary =
      cut == bytes.npos ? usual : bytes.substr(0, cut);
  const std::string text = cut == bytes.npos ? bytes : bytes.substr(cut + 1);
  Allow({ErrorKind::kSetup}, [&] {
    TextSpec spec;
    spec.max_tokens = 8;
    spec.cls = 2;
    spec.sep = 3;
    spec.lower_case = text.size() % 2 == 0;
    spec.split_chinese = text.size() % 3 != 0;
    spec.max_word_characters = text.size() % 5 == 0 ? 3 : 100;
    const auto tokenizer = ParseWordPiece(vocabulary, "vocab.txt", spec);
    CheckText(*tokenizer, spec, text);
    CheckLines(*tokenizer, text);
  });
  Allow({ErrorKind::kSetup}, [&] {
    const EmojiWords emoji(bytes.substr(0, cut), "emoji.txt");
    emoji.Replace(text);
    if (IsUtf8(text))
      Require(IsUtf8(emoji.Replace(text)), "replaced text is UTF-8");
  });
}
