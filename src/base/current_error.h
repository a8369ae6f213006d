// The boundary between foreign exceptions and what the user reads: whatever a
// library throws is an Error of vsa from here on.
#ifndef VSA_BASE_CURRENT_ERROR_H_
#define VSA_BASE_CURRENT_ERROR_H_

#include <string>

#include "vsa/error.h"

namespace vsa {

// The exception in flight; to be called where one is caught: `catch (...)`. An
// Error stays as it is, but that the message of one of kInternal, thrown where
// nobody knows of what file, starts with `file`, which may be empty. Any other
// is of `kind`, and its message starts with `file`, too, unless it names one
// itself: memory that ran out, a file or folder that the system refuses (kInput
// rather than kInternal), or a fault of vsa or of a library, of whose message
// the first line is taken.
Error CurrentError(const std::string& file,
                   ErrorKind kind = ErrorKind::kInternal);

}  // namespace vsa

#endif  // VSA_BASE_CURRENT_ERROR_H_
