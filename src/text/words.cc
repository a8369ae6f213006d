#include "text/words.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <memory>
#include <string>

#include "vsa/error.h"

namespace vsa {
namespace {

void Check(UErrorCode status) {
  if (U_FAILURE(status))
    throw Error(ErrorKind::kInternal,
                std::string("words cannot be told: ") + u_errorName(status));
}

// An iterator over bytes of UTF-8, which must outlive it. It belongs to one
// thread.
class Breaks {
 public:
  using Make = icu::BreakIterator* (*)(const icu::Locale&, UErrorCode&);

  Breaks(Make make, std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    utext_openUTF8(&bytes_, text.data(), static_cast<int64_t>(text.size()),
                   &status);
    iterator_.reset(make(icu::Locale::getRoot(), status));
    Check(status);
    iterator_->setText(&bytes_, status);
    Check(status);
  }
  ~Breaks() { utext_close(&bytes_); }
  Breaks(const Breaks&) = delete;
  Breaks& operator=(const Breaks&) = delete;

  icu::BreakIterator* operator->() { return iterator_.get(); }

 private:
  UText bytes_ = UTEXT_INITIALIZER;
  std::unique_ptr<icu::BreakIterator> iterator_;
};

// Whether `text` begins with an emoji or another picture, which Unicode's rules
// count as no word.
bool IsPicture(std::string_view text) {
  int32_t at = 0;
  UChar32 first = 0;
  U8_NEXT(text.data(), at, static_cast<int32_t>(text.size()), first);
  return first >= 0x2600 && u_charType(first) == U_OTHER_SYMBOL;
}

}  // namespace

std::vector<WordSpan> WordsOf(std::string_view text) {
  Breaks words(icu::BreakIterator::createWordInstance, text);
  std::vector<WordSpan> spans;
  int32_t begin = words->first();
  for (int32_t end = words->next(); end != icu::BreakIterator::DONE;
       end = words->next()) {
    const WordSpan span{static_cast<std::size_t>(begin),
                        static_cast<std::size_t>(end)};
    if (words->getRuleStatus() >= UBRK_WORD_NONE_LIMIT ||
        IsPicture(text.substr(span.begin, span.end - span.begin)))
      spans.push_back(span);
    begin = end;
  }
  return spans;
}

std::vector<std::string_view> CutBetweenWords(std::string_view text) {
  Breaks words(icu::BreakIterator::createWordInstance, text);
  Breaks lines(icu::BreakIterator::createLineInstance, text);
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  int32_t line = lines->first();
  for (int32_t end = words->first(); end != icu::BreakIterator::DONE;
       end = words->next()) {
    while (line != icu::BreakIterator::DONE && line < end) line = lines->next();
    const auto at = static_cast<std::size_t>(end);
    if (line != end || at == begin) continue;
    pieces.push_back(text.substr(begin, at - begin));
    begin = at;
  }
  return pieces;
}

}  // namespace vsa
