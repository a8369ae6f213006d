// Captions all in capitals, for a vocabulary with upper and lower case.
#ifndef VSA_TEXT_CAPITALS_H_
#define VSA_TEXT_CAPITALS_H_

#include <string>
#include <string_view>

namespace vsa {

// UTF-8 all of whose letters are capitals in lower case: a vocabulary with case
// has few pieces for such. Text with a lower-case letter, or without case, as
// it is. Safe to call from several threads.
std::string LowerIfAllCapitals(std::string_view utf8);

}  // namespace vsa

#endif  // VSA_TEXT_CAPITALS_H_
