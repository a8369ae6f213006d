#include "analysis/extraction_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "base/ascii.h"
#include "base/file.h"
#include "base/one_line.h"
#include "base/write_all.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSegments = "segments.jsonl";

std::string Line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Whether a folder is one that ExtractionFolder wrote, or empty.
bool IsExtraction(const fs::path& folder, const std::string& schema) {
  std::ifstream segments(folder / kSegments);
  if (!segments) return fs::is_empty(folder);
  std::string line;
  if (!std::getline(segments, line)) return true;
  const std::optional<Json> json = ParseJson(line);
  return json && json->is_object() && json->value("schema", Json()) == schema;
}

// Whether `path` is `folder` or lies in it.
bool Within(const fs::path& path, const fs::path& folder) {
  const fs::path relative = fs::weakly_canonical(path).lexically_relative(
      fs::weakly_canonical(folder));
  return !relative.empty() && *relative.begin() != "..";
}

// The folder of the videos' files is emptied: throws Error (kSetup) if it holds
// anything that is not written there.
void CheckFiles(const fs::path& files, const ExtractionKind& kind) {
  std::error_code error;
  const auto expect = [&](bool own, const fs::path& path) {
    if (!own)
      throw Error(ErrorKind::kSetup,
                  path.string() + ": is in the way, and not written by " +
                      kind.command + "; expected another folder for " +
                      kind.option);
  };
  const fs::file_status status = fs::symlink_status(files, error);
  if (!fs::exists(status)) return;
  expect(fs::is_directory(status), files);
  for (const auto& video : fs::directory_iterator(files, error)) {
    expect(video.symlink_status(error).type() == fs::file_type::directory &&
               HasOnlyDigits(video.path().filename().string()),
           video.path());
    for (const auto& file : fs::directory_iterator(video.path(), error))
      expect(kind.is_own(file.path().filename().string()), file.path());
  }
}

}  // namespace

ExtractionFolder::ExtractionFolder(const std::string& path,
                                   const ExtractionKind& kind,
                                   const std::vector<std::string>& inputs,
                                   bool force)
    : path_(path), kind_(kind) {
  try {
    MakeFolder(path);
    const fs::path segments = fs::path(path) / kSegments;
    const fs::path files = fs::path(path) / kind.files;
    for (const std::string& input : inputs) {
      if (Within(input, segments) || Within(input, files))
        throw Error(ErrorKind::kSetup,
                    path + ": would replace the input " + input +
                        "; the output must be another folder");
    }
    Lock();
    CheckFiles(files, kind);
    if (!force && !IsExtraction(path, kind.schema))
      throw Error(ErrorKind::kSetup, path + ": exists and is no folder of " +
                                         kind.command +
                                         "; use --force to write into it");
    fs::remove(segments);
    fs::remove_all(files);
  } catch (const fs::filesystem_error& error) {
    FailToWrite(path, error.code().value());
  }
  Append("");
}

void ExtractionFolder::Lock() {
  locked_ = OpenFile(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Where there are no locks, it is up to the user.
  if (locked_ && flock(locked_.get(), LOCK_EX | LOCK_NB) != 0 &&
      errno == EWOULDBLOCK)
    throw Error(ErrorKind::kSetup, path_ + ": is in use by another " +
                                       kind_.command +
                                       "; expected to be its only writer");
}

void ExtractionFolder::Add(
    const Item& item,
    const std::function<std::vector<Json>(const std::string& files)>& write) {
  const std::string files = kind_.files + ("/" + std::to_string(videos_));
  try {
    std::string lines;
    int count = 0;
    for (const Json& segment : write(files)) {
      Json line = {{"schema", kind_.schema},
                   {"video", item.video},
                   {"segment", count++}};
      line.update(segment);
      lines += Line(line);
    }
    // No line names a file that a crash could still take.
    std::error_code none;
    if (fs::exists(fs::path(path_) / files, none)) SyncFileSystem(path_);
    Append(lines);
    ++videos_;
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(fs::path(path_) / files, ignored);
    throw;
  }
}

void ExtractionFolder::AddFailure(const Item& item, const Error& error) {
  const char* kind =
      error.kind() == ErrorKind::kInternal ? "internal" : "input";
  Append(
      Line({{"schema", kind_.schema},
            {"video", item.video},
            {"error", {{"kind", kind}, {"message", OneLine(error.what())}}}}));
  ++videos_;
}

void ExtractionFolder::Append(const std::string& lines) {
  const std::string path = (fs::path(path_) / kSegments).string();
  OpenFile file(
      open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!file) FailToWrite(path);
  const off_t before = lseek(file.get(), 0, SEEK_END);
  if (WriteAll(file.get(), lines) && file.Close()) return;
  const int reason = errno;
  (void)!truncate(path.c_str(), before);  // no line that is half or in doubt
  FailToWrite(path, reason);
}

}  // namespace vsa
