#include "report/video_finder.h"

#include <cctype>

namespace vsa {
namespace {

namespace fs = std::filesystem;

// A relative reference of a URL: no byte of a path can be read as a scheme, a
// query or a fragment.
std::string UrlOf(const std::string& path) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string url;
  for (const unsigned char c : path) {
    if (std::isalnum(c) ||
        std::string("-_.~/").find(static_cast<char>(c)) != std::string::npos) {
      url += static_cast<char>(c);
    } else {
      url += {'%', kHex[c >> 4], kHex[c & 15]};
    }
  }
  return url;
}

}  // namespace

VideoFinder::VideoFinder(const std::string& report)
    : folder_(fs::absolute(report).parent_path()) {}

std::string VideoFinder::Find(const std::string& path) const {
  // The system would take what is before it for the name.
  if (path.find('\0') != path.npos) return "";
  std::error_code error;
  for (const fs::path& candidate : {fs::path(path), folder_ / path})
    if (fs::is_regular_file(candidate, error)) return candidate.string();
  return "";
}

std::string VideoFinder::Url(const std::string& file) const {
  std::error_code error;
  const fs::path absolute = fs::weakly_canonical(file, error);
  if (error) return "";
  const fs::path relative =
      absolute.lexically_relative(fs::weakly_canonical(folder_, error));
  return UrlOf(relative.string());
}

}  // namespace vsa
