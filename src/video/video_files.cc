#include "video/video_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/open_file.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

// Names that only videos have. Not among them: .ts and .mts, which are
// programs too, .ogg and .asf, which are mostly sound.
constexpr std::string_view kExtensions[] = {
    ".3g2", ".3gp", ".avi", ".divx", ".f4v", ".flv",  ".m2ts",
    ".m2v", ".m4v", ".mkv", ".mov",  ".mp4", ".mpe",  ".mpeg",
    ".mpg", ".mxf", ".ogm", ".ogv",  ".vob", ".webm", ".wmv"};

constexpr std::string_view kSoundExtensions[] = {
    ".aac",  ".ac3",  ".aif", ".aifc", ".aiff", ".amr",  ".ape", ".au",  ".caf",
    ".eac3", ".flac", ".m4a", ".m4b",  ".mka",  ".mp2",  ".mp3", ".oga", ".ogg",
    ".opus", ".spx",  ".tta", ".w64",  ".wav",  ".weba", ".wma", ".wv"};

bool HasMediaExtension(const fs::path& path, bool sound) {
  const std::string extension = LowerAscii(path.extension().string());
  const auto is = [&](std::string_view one) { return one == extension; };
  return std::any_of(std::begin(kExtensions), std::end(kExtensions), is) ||
         (sound && std::any_of(std::begin(kSoundExtensions),
                               std::end(kSoundExtensions), is));
}

// As much of a file's start as HasVideoStart looks at.
std::string Start(const std::string& path) {
  std::string start(1024, '\0');
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return "";
  const ssize_t size = read(file.get(), start.data(), start.size());
  start.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return start;
}

// The marks of the containers that hold videos; some hold sound alone.
bool HasVideoStart(std::string_view start) {
  using namespace std::string_view_literals;
  const auto has = [&](std::size_t at, std::string_view mark) {
    return start.size() >= at + mark.size() &&
           start.substr(at, mark.size()) == mark;
  };
  const auto repeats = [&](std::size_t at, std::size_t step) {
    return has(at, "G"sv) && has(at + step, "G"sv) && has(at + 2 * step, "G"sv);
  };
  for (const std::string_view box :
       {"ftyp"sv, "moov"sv, "mdat"sv, "wide"sv, "free"sv, "skip"sv, "pnot"sv}) {
    if (has(4, box)) return true;  // MP4, QuickTime
  }
  return has(0, "\x1A\x45\xDF\xA3"sv) ||            // Matroska, WebM
         (has(0, "RIFF"sv) && has(8, "AVI "sv)) ||  // AVI
         has(0, "FLV"sv) || has(0, "OggS"sv) ||     // Flash, Ogg
         repeats(0, 188) || repeats(4, 192) ||      // MPEG streams …
         has(0, "\0\0\1\xBA"sv) || has(0, "\0\0\1\xB3"sv) ||
         has(0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv) ||  // ASF: WMV
         has(0, "\x06\x0E\x2B\x34"sv) ||                  // MXF
         has(0, ".RMF"sv) || has(0, "DKIF"sv) || has(0, "YUV4MPEG2 "sv);
}

using FolderId = std::pair<dev_t, ino_t>;

// `above` are the folders that lead here.
void Walk(const std::string& folder, const MediaSought& sought,
          std::vector<FolderId>* above, VideoFiles* found) {
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) return;
  const FolderId id{status.st_dev, status.st_ino};
  if (std::find(above->begin(), above->end(), id) != above->end()) return;

  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    names.push_back(entry->path().filename().string());
  if (error)
    found->unreadable.push_back(folder +
                                ": cannot be read: " + error.message());
  std::sort(names.begin(), names.end());

  above->push_back(id);
  const std::string prefix = folder.back() == '/' ? folder : folder + "/";
  for (const std::string& name : names) {
    const std::string path = prefix + name;
    std::error_code unreadable;
    if (fs::is_directory(path, unreadable)) {
      Walk(path, sought, above, found);
    } else if (IsVideoFile(path, sought)) {
      found->videos.push_back(path);
    }
  }
  above->pop_back();
}

}  // namespace

VideoFiles FindVideos(const std::string& folder, const MediaSought& sought) {
  VideoFiles found;
  std::vector<FolderId> above;
  Walk(folder, sought, &above, &found);
  return found;
}

bool IsVideoFile(const std::string& path, const MediaSought& sought) {
  // What a Mac leaves on other disks beside each file: a.mp4 and ._a.mp4.
  if (fs::path(path).filename().string().rfind("._", 0) == 0) return false;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  // A link to a disk that is away: its item fails, and its old result stays.
  if (!fs::exists(status)) return HasMediaExtension(path, sought.sound);
  if (!fs::is_regular_file(status)) return false;
  return HasMediaExtension(path, sought.sound) ||
         (HasVideoStart(Start(path)) && sought.holds_pictures(path));
}

}  // namespace vsa
