// The one exception type of vsa. Its kind decides the exit code, its text is
// the line that the user reads.
#ifndef VSA_ERROR_H_
#define VSA_ERROR_H_

#include <stdexcept>
#include <string>

namespace vsa {

enum class ErrorKind {
  kUsage,     // a wrong option, value, manifest or table: exit code 2
  kInput,     // a video or subtitle file that cannot be used: exit code 1
  kSetup,     // a model, tokenizer or output that cannot be used: exit code 3
  kInternal,  // a fault of vsa or of a library, where no other kind fits: exit
              // code 1
};

class Error : public std::runtime_error {
 public:
  // `message` is one line: "FILE[:LINE]: what is wrong and what was expected".
  // The program puts "vsa: " before it.
  Error(ErrorKind kind, const std::string& message)
      : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

// Whether it concerns one video or clip alone, and a run goes on with the next.
inline bool IsFailureOfItem(const Error& error) {
  return error.kind() == ErrorKind::kInput ||
         error.kind() == ErrorKind::kInternal;
}

}  // namespace vsa

#endif  // VSA_ERROR_H_
