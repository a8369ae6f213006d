#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/interrupt.h"
#include "base/open_file.h"
#include "base/output_path.h"
#include "base/write_all.h"

namespace vsa {
namespace {

std::string Reason() { return std::strerror(errno); }

void WriteToDevice(const std::string& path, const std::string& bytes) {
  const OpenFile file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file || !WriteAll(file.get(), bytes)) FailToWrite(path);
}

void Write(const std::string& name, const std::string& bytes, bool sync) {
  if (IsDevice(name)) return WriteToDevice(name, bytes);
  const HoldInterrupts hold;  // or the temporary file would stay
  const std::string path = TargetOf(name);
  const std::string beside =
      BesideOf(path, ".part-" + std::to_string(getpid()));
  struct stat old {};
  const bool replaces = stat(path.c_str(), &old) == 0;
  OpenFile file(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                     replaces ? old.st_mode & 0777 : 0666));
  if (!file) FailToWrite(path);
  if (replaces) (void)!fchmod(file.get(), old.st_mode & 07777);
  const bool written = WriteAll(file.get(), bytes) &&
                       // What cannot be synced, such as a device, need not be.
                       (!sync || fsync(file.get()) == 0 || errno == EINVAL) &&
                       file.Close() &&
                       std::rename(beside.c_str(), path.c_str()) == 0;
  if (written) return;
  const int reason = errno;
  unlink(beside.c_str());
  FailToWrite(path, reason);
}

}  // namespace

std::string ReadFile(const std::string& path, ErrorKind kind) {
  // O_NONBLOCK: opening a pipe without a writer would hang.
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    // It is not the file's fault that too many are open.
    throw Error(errno == EMFILE || errno == ENFILE ? ErrorKind::kSetup : kind,
                path + ": cannot be opened: " + Reason());
  }
  struct stat status {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    throw Error(kind, path + ": is not a regular file; expected one");
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n =
        read(file.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(kind, path + ": cannot be read: " + Reason());
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

void WriteFile(const std::string& path, const std::string& bytes) {
  Write(path, bytes, /*sync=*/true);
}

void WriteFileUnsynced(const std::string& path, const std::string& bytes) {
  Write(path, bytes, /*sync=*/false);
}

void SyncFileSystem(const std::string& folder) {
  const OpenFile file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file || syncfs(file.get()) != 0) FailToWrite(folder);
}

void CheckRoomForFiles(int count) {
  std::vector<OpenFile> opened;
  int reason = 0;
  while (reason == 0 && opened.size() < static_cast<std::size_t>(count)) {
    OpenFile file(open("/", O_PATH | O_CLOEXEC));
    if (!file) reason = errno;
    opened.push_back(std::move(file));
  }
  if (reason == EMFILE || reason == ENFILE)
    throw Error(ErrorKind::kSetup,
                std::string("files cannot be opened: ") +
                    std::strerror(reason) + "; expected room for " +
                    std::to_string(count) + " more of them (ulimit -n)");
}

bool IsDevice(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) &&
         !S_ISDIR(status.st_mode);
}

void MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) FailToWrite(path, error.value());
}

void CheckWritable(const std::string& name) {
  if (IsDevice(name)) {
    if (access(name.c_str(), W_OK) == 0) return;
    FailToWrite(name);
  }
  const std::string path = TargetOf(name);
  struct stat status {};
  const bool there = stat(path.c_str(), &status) == 0;
  if (!there && errno != ENOENT) FailToWrite(path);
  if (there && S_ISDIR(status.st_mode)) {
    throw Error(ErrorKind::kSetup,
                path + ": is a folder; expected the name of a file to write");
  }
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  // The working folder may be one that was removed.
  const bool gone = stat(folder.c_str(), &status) == 0 && status.st_nlink == 0;
  if (gone) errno = ENOENT;
  if (gone || access(folder.c_str(), W_OK | X_OK) != 0) {
    throw Error(ErrorKind::kSetup,
                path + ": cannot be written: " + folder + ": " + Reason());
  }
}

bool SameFile(const std::string& a, const std::string& b) {
  struct stat x {
  }, y{};
  return stat(a.c_str(), &x) == 0 && stat(b.c_str(), &y) == 0 &&
         x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

}  // namespace vsa
