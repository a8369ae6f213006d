// Words that were read, as analysis looks at them: languages, scripts, where
// words and sentences end.
#include "text/words.h"

#include "analysis/sentence_end.h"
#include "fuzz/checks.h"
#include "text/capitals.h"
#include "text/chinese.h"
#include "text/joined.h"
#include "text/language.h"
#include "text/scripts.h"
#include "text/text_language.h"

using namespace vsa;
using namespace vsa::fuzz;

static std::string Joined(const std::vector<std::string_view>& pieces) {
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  return all;
}

VSA_FUZZ_TARGET(bytes) {
  const std::string text = DecodeText(bytes, "UTF-8").utf8;
  std::size_t end = 0;
  for (const WordSpan& word : WordsOf(text)) {
    Require(
        word.begin >= end && word.end > word.begin && word.end <= text.size(),
        "words are in order and within the text");
    Require(IsUtf8(std::string_view(text).substr(word.begin,
                                                 word.end - word.begin)),
            "a word is whole characters");
    end = word.end;
  }
  Require(Joined(CutBetweenWords(text)) == text, "pieces are all of the text");
  Require(Joined(SentencesOf(text)) == text, "sentences are all of the text");
  const std::size_t half = text.size() / 2;
  const std::string one = DecodeText(text.substr(0, half), "UTF-8").utf8,
                    two = DecodeText(text.substr(half), "UTF-8").utf8;
  EndsSentence(one, two);
  Require(IsUtf8(JoinLines({one, two})), "joined lines are UTF-8");
  Require(IsUtf8(LowerIfAllCapitals(text)), "small letters are UTF-8");
  Require(IsUtf8(SimplifyIfChinese(text)), "simplified text is UTF-8");
  LettersByScript(text);
  SureLanguage({one, two});
  MainLanguage({one, two});
  LanguageOf(text);
  EnglishNameOf(text);
  IsLanguage(text);
}
