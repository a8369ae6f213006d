#include "batch/batch_inputs.h"

#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <iterator>
#include <new>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "batch/listed_item.h"
#include "batch/manifest.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

// Adds folders that it cannot look into to `unreadable`.
std::vector<std::string> Glob(const std::string& pattern,
                              std::vector<std::string>* unreadable) {
  // What glob calls gets no context.
  static thread_local std::vector<std::string>* failed;
  failed = unreadable;
  const auto note = [](const char* folder, int error) {
    if (error != ENOENT)  // a link to nowhere, or gone meanwhile
      failed->push_back(folder + std::string(": cannot be read: ") +
                        std::strerror(error));
    return 0;  // goes on
  };
  glob_t found{};
  std::vector<std::string> paths;
  const int failure = glob(pattern.c_str(), 0, note, &found);
  if (failure == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  if (failure == GLOB_NOSPACE) throw std::bad_alloc();
  return paths;
}

std::string ReadToEnd(int in) {
  std::string bytes;
  std::vector<char> block(1 << 16);
  while (true) {
    const ssize_t n = read(in, block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      throw Error(ErrorKind::kUsage, std::string("stdin: cannot be read: ") +
                                         std::strerror(errno));
    if (n == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(n));
  }
}

// Where an item stands, for a message.
struct Place {
  const std::string* file = nullptr;  // null: the command line
  std::size_t line = 0;
};

std::string ToText(const Place& place) {
  return *place.file + ":" + std::to_string(place.line);
}

class Collector {
 public:
  Collector(const Item& common, int in, MediaSought sought)
      : common_(common),
        in_(in),
        sought_(std::move(sought)),
        inputs_{ItemList(common), {}, {}, {}} {}

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

  BatchInputs Take() {
    CheckNoneIsTwice();
    return std::move(inputs_);
  }

 private:
  void AddVideo(const std::string& path) {
    Item item = common_;
    item.video = AbsolutePath(path);
    Add(item, {});
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
    const std::size_t before = inputs_.unreadable.size();
    const std::vector<std::string> paths = Glob(pattern, &inputs_.unreadable);
    if (paths.empty() && inputs_.unreadable.size() > before)
      throw Error(ErrorKind::kUsage,
                  inputs_.unreadable.back() + "; expected a folder of videos");
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
    const std::string* const file = &*files_.insert(path).first;
    const std::string folder = fs::path(path).parent_path();
    ReadManifest(path, [&](ManifestRow row) {
      const std::size_t line = row.line;
      Add(ItemOfRow(std::move(row), folder, common_), {file, line});
    });
  }

  void AddStdin() {
    const std::string text = ReadToEnd(in_);
    const char end = text.find('\0') == std::string::npos ? '\n' : '\0';
    Place place{&*files_.insert("stdin").first, 0};
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t next = std::min(text.find(end, at), text.size());
      ++place.line;
      std::optional<Item> item =
          ItemOfLine(text.substr(at, next - at), place.line, common_);
      if (item) Add(*item, place);
      at = next + 1;
    }
  }

  void Add(const Item& item, const Place& place) {
    inputs_.items.Add(item);
    places_.push_back(place);
  }

  void CheckNoneIsTwice() const {
    const ItemList& items = inputs_.items;
    struct Hashed {
      std::size_t hash, index;
    };
    std::vector<Hashed> sorted;
    sorted.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
      sorted.push_back({std::hash<std::string_view>()(items.NameOf(i)), i});
    std::sort(sorted.begin(), sorted.end(),
              [&](const Hashed& a, const Hashed& b) {
                if (a.hash != b.hash) return a.hash < b.hash;
                const int order =
                    items.NameOf(a.index).compare(items.NameOf(b.index));
                return order != 0 ? order < 0 : a.index < b.index;
              });
    std::size_t first = 0, again = items.size();
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const Hashed& before = sorted[i - 1];
      const Hashed& one = sorted[i];
      if (one.hash == before.hash && one.index < again &&
          items.NameOf(one.index) == items.NameOf(before.index)) {
        first = before.index;
        again = one.index;
      }
    }
    if (again == items.size()) return;
    throw Error(
        ErrorKind::kUsage,
        (places_[again].file ? ToText(places_[again]) + ": " : "") +
            items.Video(again) + ": is given twice" +
            (places_[first].file ? ", first in " + ToText(places_[first])
                                 : "") +
            "; expected each video with its id and subtitles once");
  }

  const Item& common_;
  const int in_;
  const MediaSought sought_;
  std::set<std::string> files_;  // that places_ are in
  std::vector<Place> places_;    // of each item
  BatchInputs inputs_;
};

}  // namespace

BatchInputs ReadBatchInputs(const std::vector<std::string>& inputs,
                            const Item& common, int in,
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
