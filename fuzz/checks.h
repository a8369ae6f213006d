// What all fuzz targets hold the parsers to, beside that nothing crashes, hangs
// or throws anything but vsa::Error.
#ifndef VSA_FUZZ_CHECKS_H_
#define VSA_FUZZ_CHECKS_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "text/encoding.h"
#include "vsa/error.h"
#include "vsa/types.h"

namespace vsa::fuzz {

// Ends the process, which libFuzzer counts as a crash, unless `holds`.
inline void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "this does not hold: %s\n", what);
  std::abort();
}

// UTF-8 on one line.
inline void RequireLine(std::string_view text, const char* what) {
  Require(IsUtf8(text) && text.find('\n') == text.npos, what);
}

// Runs `use`, which may throw an Error of one of these kinds. Its message may
// quote line ends of the input: it is made one line where it is written.
template <typename Use>
void Allow(std::initializer_list<ErrorKind> kinds, Use use) {
  try {
    use();
  } catch (const Error& error) {
    bool allowed = false;
    for (const ErrorKind kind : kinds)
      allowed = allowed || kind == error.kind();
    if (!allowed) std::fprintf(stderr, "%s\n", error.what());
    Require(allowed, "an error is of the kinds that its function documents");
  }
}

inline void CheckWarnings(const std::vector<Warning>& warnings) {
  for (const Warning& warning : warnings) {
    Require(!warning.code.empty(), "a warning has a code");
    RequireLine(warning.message, "a warning is one line of UTF-8");
  }
}

// What types.h says of cues, and that they are in order.
inline void CheckCues(const std::vector<Cue>& cues) {
  Time last{0};
  for (const Cue& cue : cues) {
    Require(cue.start >= last, "cues are in the order of their starts");
    Require(cue.end > cue.start, "a cue ends after its start");
    Require(!cue.text.empty(), "a cue has words");
    RequireLine(cue.text, "a cue is one line of UTF-8");
    for (const std::string& line : cue.lines)
      RequireLine(line, "a cue's lines are UTF-8");
    last = cue.start;
  }
}

// The folder of this process's files; scripts/fuzz removes it.
inline const std::filesystem::path& Folder() {
  static const std::filesystem::path folder = [] {
    std::string name =
        (std::filesystem::temp_directory_path() / "vsa_fuzz.XXXXXX").string();
    Require(mkdtemp(name.data()) != nullptr, "a folder can be made");
    return name;
  }();
  return folder;
}

// The path of a file of that name with these bytes.
inline std::string FileOf(const std::string& name, std::string_view bytes) {
  const std::filesystem::path path = Folder() / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  return path.string();
}

inline std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string StringOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace vsa::fuzz

// The body of a target: what is done with each input.
#define VSA_FUZZ_TARGET(bytes)                                    \
  static void RunTarget(const std::string& bytes);                \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, \
                                        std::size_t size) {       \
    RunTarget(vsa::fuzz::StringOf(data, size));                   \
    return 0;                                                     \
  }                                                               \
  static void RunTarget(const std::string& bytes)

#endif  // VSA_FUZZ_CHECKS_H_
