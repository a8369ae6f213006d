#include "speech/word_ends.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>

#include "vsa/error.h"

namespace vsa {
namespace {

void Check(UErrorCode status) {
  if (U_FAILURE(status)) {
    throw Error(ErrorKind::kInternal,
                std::string("words cannot be told: ") + u_errorName(status));
  }
}

using Make = icu::BreakIterator* (*)(const icu::Locale&, UErrorCode&);

std::vector<std::int32_t> Boundaries(std::string_view text, Make make) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      make(icu::Locale::getRoot(), status));
  UText bytes = UTEXT_INITIALIZER;
  utext_openUTF8(&bytes, text.data(), static_cast<std::int64_t>(text.size()),
                 &status);
  Check(status);
  breaks->setText(&bytes, status);
  std::vector<std::int32_t> boundaries;
  for (std::int32_t at = breaks->first(); at != icu::BreakIterator::DONE;
       at = breaks->next()) {
    boundaries.push_back(at);
  }
  utext_close(&bytes);
  Check(status);
  return boundaries;
}

// Whether it is of a script that writes no spaces between words.
bool IsUnspaced(UChar32 c) {
  switch (u_getIntPropertyValue(c, UCHAR_LINE_BREAK)) {
    case U_LB_IDEOGRAPHIC:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
    case U_LB_COMPLEX_CONTEXT:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::vector<std::size_t> WordEnds(std::string_view text) {
  if (text.empty()) return {};
  // A word may be cut for a line (at a hyphen), and between words there may be
  // no place for a cut (before a full stop): both must agree.
  const std::vector<std::int32_t> lines =
      Boundaries(text, icu::BreakIterator::createLineInstance);
  const std::vector<std::int32_t> words =
      Boundaries(text, icu::BreakIterator::createWordInstance);
  std::vector<std::int32_t> both;
  std::set_intersection(lines.begin(), lines.end(), words.begin(), words.end(),
                        std::back_inserter(both));
  std::vector<std::size_t> ends;
  for (const std::int32_t boundary : both) {
    const auto at = static_cast<std::size_t>(boundary);
    if (at == 0 || at >= text.size()) continue;
    const std::size_t last = text.find_last_not_of(' ', at - 1);
    if (last == text.npos) continue;
    std::int32_t before = boundary, after = boundary;
    UChar32 left = 0, right = 0;
    U8_PREV_OR_FFFD(text.data(), 0, before, left);
    U8_NEXT_OR_FFFD(text.data(), after, static_cast<std::int32_t>(text.size()),
                    right);
    if (left == ' ' || IsUnspaced(left) || IsUnspaced(right))
      ends.push_back(last + 1);
  }
  ends.push_back(text.size());
  return ends;
}

}  // namespace vsa
