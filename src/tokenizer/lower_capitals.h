// Captions all in capitals to a vocabulary with upper and lower case.
#ifndef VSA_TOKENIZER_LOWER_CAPITALS_H_
#define VSA_TOKENIZER_LOWER_CAPITALS_H_

#include <memory>

#include "vsa/tokenizer.h"

namespace vsa {

// `tokenizer`, given text all of whose letters are capitals in lower case: a
// vocabulary with case has few pieces for such. Text with a lower-case letter,
// or without case, is given as it is.
std::unique_ptr<Tokenizer> WithLowerCapitals(
    std::unique_ptr<Tokenizer> tokenizer);

}  // namespace vsa

#endif  // VSA_TOKENIZER_LOWER_CAPITALS_H_
