#include "batch/batch_inputs.h"

#include <glob.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include "batch/listed_item.h"
#include "batch/manifest.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Glob(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return paths;
}

// An item, and where it stands, for a message.
struct Place {
  std::string file;  // empty: the command line
  std::size_t line = 0;
};

class Collector {
 public:
  Collector(const Item& common, std::istream& in, MediaSought sought)
      : common_(common), in_(in), sought_(std::move(sought)) {}

  void AddInput(const std::string& input) {
    const std::size_t before = inputs_.items.size();
    std::error_code error;
    if (input == "-") {
      AddStdin();
    } else if (fs::is_directory(input, error)) {
      AddFolder(input);
    } else if (fs::exists(fs::symlink_status(input, error))) {
      if (!fs::exists(input, error))
        throw Error(ErrorKind::kUsage,
                    input +
                        ": is a link to nowhere; expected a video, a "
                        "folder or a manifest");
      if (IsManifest(input)) {
        AddManifest(input);
      } else {
        AddVideo(input);
      }
    } else {
      AddPattern(input);
    }
    if (inputs_.items.size() == before) inputs_.without_video.push_back(input);
  }

  BatchInputs Take() { return std::move(inputs_); }

 private:
  void AddVideo(const std::string& path) {
    Item item = common_;
    item.video = AbsolutePath(path);
    Add(std::move(item), {});
  }

  void AddFolder(const std::string& folder) {
    if (access(folder.c_str(), R_OK | X_OK) != 0)
      throw Error(ErrorKind::kUsage,
                  folder + ": cannot be read: " + std::strerror(errno) +
                      "; expected a folder of videos");
    VideoFiles found = FindVideos(folder, sought_);
    for (const std::string& video : found.videos) AddVideo(video);
    std::move(found.unreadable.begin(), found.unreadable.end(),
              std::back_inserter(inputs_.unreadable));
  }

  void AddPattern(const std::string& pattern) {
    const std::vector<std::string> paths = Glob(pattern);
    if (paths.empty())
      throw Error(ErrorKind::kUsage,
                  pattern +
                      ": no such file; expected a video, a folder, a "
                      "manifest or a pattern that matches some");
    for (const std::string& path : paths) {
      std::error_code error;
      if (fs::is_directory(path, error)) {
        AddFolder(path);
      } else if (IsVideoFile(path, sought_)) {
        AddVideo(path);
      }
    }
  }

  void AddManifest(const std::string& path) {
    inputs_.manifests.push_back(path);
    const std::string folder = fs::path(path).parent_path();
    for (ManifestRow& row : ReadManifest(path)) {
      const std::size_t line = row.line;
      Add(ItemOfRow(std::move(row), folder, common_), {path, line});
    }
  }

  void AddStdin() {
    const std::string text(std::istreambuf_iterator<char>(in_), {});
    const char end = text.find('\0') == std::string::npos ? '\n' : '\0';
    Place place{"stdin", 0};
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t next = std::min(text.find(end, at), text.size());
      ++place.line;
      std::optional<Item> item =
          ItemOfLine(text.substr(at, next - at), place.line, common_);
      if (item) Add(std::move(*item), place);
      at = next + 1;
    }
  }

  void Add(Item item, const Place& place) {
    // NUL is in no path.
    std::string name = item.video + '\0' + item.subtitles.value_or("") + '\0';
    if (item.id) name += '\0' + *item.id;
    const auto [first, added] = places_.emplace(std::move(name), place);
    if (!added) {
      const Place& before = first->second;
      const std::string here =
          place.file.empty()
              ? ""
              : place.file + ":" + std::to_string(place.line) + ": ";
      const std::string there =
          before.file.empty()
              ? ""
              : ", first in " + before.file + ":" + std::to_string(before.line);
      throw Error(ErrorKind::kUsage,
                  here + item.video + ": is given twice" + there +
                      "; expected each video with its id and subtitles once");
    }
    inputs_.items.push_back(std::move(item));
  }

  const Item& common_;
  std::istream& in_;
  const MediaSought sought_;
  std::unordered_map<std::string, Place> places_;
  BatchInputs inputs_;
};

}  // namespace

BatchInputs ReadBatchInputs(const std::vector<std::string>& inputs,
                            const Item& common, std::istream& in,
                            const MediaSought& sought) {
  Collector collector(common, in, sought);
  for (const std::string& input : inputs) collector.AddInput(input);
  BatchInputs all = collector.Take();
  if (all.items.empty()) {
    const std::string& first = inputs.front();
    throw Error(ErrorKind::kUsage, (first == "-" ? "stdin" : first) +
                                       ": holds no video; expected one at "
                                       "least");
  }
  return all;
}

}  // namespace vsa
