#include "batch/results_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <thread>
#include <utility>

#include "base/byte_order_mark.h"
#include "base/checked_json.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/output_path.h"
#include "base/write_all.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// What every line of a batch starts with: tells an unfinished one from the
// last words of some other file.
constexpr char kStart[] = R"({"schema":"vsa.result/1",)";

[[noreturn]] void Fail(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::kSetup, path + ": " + what);
}

void CheckRegular(int file, const std::string& path) {
  struct stat status {};
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
    Fail(path, "is not a regular file; expected one to write results to");
}

ResultsLine ToLine(const ResultMark& mark, std::uint64_t offset,
                   std::size_t size) {
  ResultsLine line;
  line.item = ParseDigest(mark.item);
  line.key = ParseDigest(mark.key).value_or(Digest{});
  line.failed = mark.failed;
  line.size = static_cast<std::uint32_t>(size);
  line.offset = offset;
  return line;
}

struct Contents {
  std::vector<ResultsLine> lines;
  std::uint64_t size = 0;  // up to the end of the last whole line
  bool has_gaps = false;   // torn lines between them
};

// As much of a file is in memory at a time.
constexpr std::size_t kBlock = 1 << 16;

bool IsBeginning(const std::string& line) {
  const std::size_t known = std::min(line.size(), sizeof kStart - 1);
  return line.compare(0, known, kStart, known) == 0;
}

bool IsBlank(const std::string& line) {
  return line.find_first_not_of(std::string(" \t\r\0", 4)) == line.npos;
}

Contents ReadLines(int file, const std::string& path) {
  Contents contents;
  std::size_t number = 0;      // lines read
  std::size_t first_torn = 0;  // its number, from 1
  bool begins_as_result = false;
  const auto refuse = [&](std::size_t at) {
    Fail(path + ":" + std::to_string(at),
         "is no result of vsa, so this is no file of vsa batch; use --force "
         "to replace it");
  };
  std::string line;
  std::uint64_t begin = 0;  // of the line
  const auto end_line = [&](bool whole) {
    ++number;
    // An editor may have put one there, and files may have been joined.
    const std::size_t mark_size =
        line.size() - WithoutByteOrderMark(line).size();
    line.erase(0, mark_size);
    begin += mark_size;
    const std::optional<ResultMark> mark =
        whole ? ParseResultMark(line) : std::nullopt;
    if (mark) {
      contents.has_gaps = contents.has_gaps || begin != contents.size;
      contents.lines.push_back(ToLine(*mark, begin, line.size() + 1));
      contents.size = begin + line.size() + 1;
    } else {
      // The end of a line, too, if something follows it.
      const bool torn = IsBlank(line) || line.find('\0') != line.npos ||
                        IsBeginning(line) || (whole && line.back() == '}');
      if (!torn || (whole && ParseJson(line))) refuse(number);
      if (first_torn == 0 && !IsBlank(line)) first_torn = number;
      begins_as_result = begins_as_result || IsBeginning(line);
    }
    begin += line.size() + 1;
    line.clear();
  };
  std::vector<char> block(kBlock);
  std::uint64_t offset = 0;
  while (true) {
    const ssize_t n =
        pread(file, block.data(), block.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) Fail(path, std::string("cannot be read: ") + strerror(errno));
    if (n == 0) break;
    offset += static_cast<std::uint64_t>(n);
    for (const char *at = block.data(), *end = at + n; at < end;) {
      const char* newline = std::find(at, end, '\n');
      line.append(at, newline);
      if (newline == end) break;
      end_line(/*whole=*/true);
      at = newline + 1;
    }
    // Other files may have no newline for long.
    if (line.size() > kLongestResult) refuse(number + 1);
  }
  if (!line.empty()) end_line(/*whole=*/false);
  // Ends of lines alone tell nothing of what the file is.
  if (contents.lines.empty() && first_torn != 0 && !begins_as_result)
    refuse(first_torn);
  return contents;
}

// Adds `size` bytes of a file to `bytes`. False, with errno, if that cannot be
// done.
bool ReadAlso(int file, std::uint64_t offset, std::size_t size,
              std::string* bytes) {
  std::size_t done = bytes->size();
  bytes->resize(done + size);
  while (done < bytes->size()) {
    const std::size_t left = bytes->size() - done;
    const ssize_t n = pread(file, bytes->data() + done, left,
                            static_cast<off_t>(offset + size - left));
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;  // somebody cut the file
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

bool IsNamed(int file, const std::string& path) {
  struct stat opened {
  }, named{};
  return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// A process that a run was just starting holds the run's lock until it is
// another program: after a kill that may be a moment later.
constexpr int kTriesToLock = 50;
constexpr std::chrono::milliseconds kBetweenTries{20};

// For this process alone. As flock, but that signals do not matter.
int Lock(int file) {
  for (int tries = 1;; ++tries) {
    int done = 0;
    do {
      done = flock(file, LOCK_EX | LOCK_NB);
    } while (done != 0 && errno == EINTR);
    if (done == 0 || errno != EWOULDBLOCK || tries == kTriesToLock) return done;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

// Opens and locks what `path` names at the end of it all: between the two
// another process may have renamed a new file to that name.
OpenFile OpenLocked(const std::string& path, const std::string& name,
                    bool* made) {
  while (true) {
    *made = true;
    int descriptor = open(
        path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST) {
      *made = false;
      descriptor =
          open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK);
      std::error_code error;
      if (descriptor < 0 && errno == ENOENT &&
          !std::filesystem::is_symlink(path, error))
        continue;  // gone meanwhile
    }
    OpenFile file(descriptor);
    if (!file) FailToWrite(name);
    CheckRegular(file.get(), name);
    if (Lock(file.get()) != 0) {
      if (errno == EWOULDBLOCK)
        Fail(name,
             "is in use by another vsa batch; expected to be its only "
             "writer");
      Fail(name, std::string("cannot be locked: ") + std::strerror(errno));
    }
    if (IsNamed(file.get(), path)) return file;
  }
}

std::uint64_t SizeOf(int file) {
  struct stat status {};
  return fstat(file, &status) == 0 ? static_cast<std::uint64_t>(status.st_size)
                                   : 0;
}

// What a killed run left beside its file; something else of that name stays.
void RemoveRest(const std::string& beside) {
  struct stat status {};
  if (lstat(beside.c_str(), &status) != 0) return;
  const OpenFile file(
      open(beside.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  try {
    CheckRegular(file.get(), beside);
    ReadLines(file.get(), beside);
  } catch (const Error&) {
    Fail(beside,
         "is in the way, and no rest of a vsa batch; expected that "
         "name to be free");
  }
  unlink(beside.c_str());
}

}  // namespace

std::vector<ResultsLine> ReadResultsLines(const std::string& path) {
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    if (errno == ENOENT) return {};
    Fail(path, std::string("cannot be read: ") + std::strerror(errno));
  }
  CheckRegular(file.get(), path);
  return ReadLines(file.get(), path).lines;
}

ResultsFile::ResultsFile(const std::string& path, bool replace) : name_(path) {
  if (IsDevice(path)) {
    files_.emplace_back(open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!files_.back()) FailToWrite(name_);
    stream_ = current();
    return;
  }
  std::error_code error;
  const std::string target = TargetOf(path);
  const std::filesystem::path real =
      std::filesystem::weakly_canonical(target, error);
  path_ = error ? target : real.string();
  // One name for all runs: what a killed one left is overwritten.
  beside_ = BesideOf(path_, ".part");
  OpenFile file = OpenLocked(path_, name_, &made_);
  Contents contents;
  try {
    contents = ReadLines(file.get(), path);
  } catch (const Error&) {
    if (!replace) throw;
  }
  try {
    RemoveRest(beside_);
  } catch (const Error&) {
    if (made_) unlink(path_.c_str());
    throw;
  }
  size_ = contents.size;
  end_ = SizeOf(file.get());
  has_gaps_ = contents.has_gaps;
  lines_ = std::move(contents.lines);
  files_.push_back(std::move(file));
}

ResultsFile::ResultsFile() : name_("stdout"), stream_(STDOUT_FILENO) {}

ResultsFile::~ResultsFile() {
  if (made_ && !arranged_ && SizeOf(current()) == 0 &&
      IsNamed(current(), path_))
    unlink(path_.c_str());
}

void ResultsFile::KeepName() {
  std::vector<std::size_t> all(lines_.size());
  std::iota(all.begin(), all.end(), 0);
  while (!IsNamed(current(), path_)) {
    OpenFile file(open(path_.c_str(),
                       O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file && errno != EEXIST)
      Fail(name_, std::string("was removed or moved while it was written, and "
                              "cannot be made again: ") +
                      std::strerror(errno) + "; expected it to stay");
    if (!file || Lock(file.get()) != 0)
      Fail(name_,
           "is no longer the file that this run wrote, which was removed or "
           "moved; expected to be its only writer");
    if (!CopyLines(all, file.get())) FailToWrite(name_);
    UseFile(std::move(file), all);
  }
}

void ResultsFile::CheckAlone() const {
  if (SizeOf(current()) == end_) return;
  Fail(name_,
       "was written by somebody else, too, though it is locked; expected to be "
       "its only writer, and its file system to have locks");
}

void ResultsFile::DiscardRest() {
  if (!has_rest_) return;
  if (has_gaps_) {
    std::vector<std::size_t> all(lines_.size());
    std::iota(all.begin(), all.end(), 0);
    Arrange(all);
    return;
  }
  if (ftruncate(current(), static_cast<off_t>(size_)) != 0) FailToWrite(name_);
  has_rest_ = false;
  end_ = size_;
}

std::string ResultsFile::PathBeside(const std::string& ending) const {
  return path_.empty() ? "" : BesideOf(path_, ending);
}

void ResultsFile::CheckReader() const {
  pollfd output{stream_, 0, 0};  // of -1 it tells nothing
  if (poll(&output, 1, 0) <= 0 || (output.revents & POLLERR) == 0) return;
  errno = EPIPE;
  FailToWrite(name_);
}

std::optional<std::size_t> ResultsFile::Append(const std::string& line,
                                               const ResultMark& mark) {
  if (stream_ >= 0) {
    if (!WriteAll(stream_, line)) FailToWrite(name_);
    return std::nullopt;
  }
  KeepName();
  CheckAlone();
  DiscardRest();
  if (!WriteAll(current(), line)) {
    const int reason = errno;
    // If even this fails, who writes next discards the unfinished line.
    has_rest_ = ftruncate(current(), static_cast<off_t>(size_)) != 0;
    end_ = SizeOf(current());
    FailToWrite(name_, reason);
  }
  lines_.push_back(ToLine(mark, size_, line.size()));
  size_ += line.size();
  end_ = size_;
  return lines_.size() - 1;
}

void ResultsFile::Arrange(const std::vector<std::size_t>& order) {
  if (stream_ >= 0) return;
  KeepName();
  CheckAlone();
  arranged_ = true;
  std::uint64_t size = 0;
  bool so_already = true;
  for (const std::size_t index : order) {
    so_already = so_already && lines_[index].offset == size;
    size += lines_[index].size;
  }
  if (so_already && size == size_) {
    DiscardRest();
    return;
  }

  const HoldInterrupts hold;  // or the file beside would stay
  OpenFile file(open(beside_.c_str(),
                     O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                     0666));
  bool good = file && Lock(file.get()) == 0 && ftruncate(file.get(), 0) == 0;
  good = good && CopyLines(order, file.get());
  if (good && !IsNamed(current(), path_)) {
    // Removed within this moment.
    unlink(beside_.c_str());
    return Arrange(order);
  }
  good = good && std::rename(beside_.c_str(), path_.c_str()) == 0;
  if (!good) {
    const int reason = errno;
    unlink(beside_.c_str());
    Fail(name_, std::string("cannot be put in the order of INPUT: ") +
                    std::strerror(reason) + "; all lines are kept");
  }
  UseFile(std::move(file), order);
}

bool ResultsFile::CopyLines(const std::vector<std::size_t>& order, int to) {
  struct stat status {};
  if (fstat(current(), &status) == 0) (void)!fchmod(to, status.st_mode & 07777);
  std::string bytes;  // of some lines
  for (const std::size_t index : order) {
    const ResultsLine& from = lines_[index];
    if (!ReadAlso(current(), from.offset, from.size, &bytes)) return false;
    if (bytes.size() < kBlock) continue;
    if (!WriteAll(to, bytes)) return false;
    bytes.clear();
  }
  if (!WriteAll(to, bytes)) return false;
  return fsync(to) == 0 || errno == EINVAL;
}

void ResultsFile::UseFile(OpenFile file,
                          const std::vector<std::size_t>& order) {
  files_.push_back(std::move(file));
  has_rest_ = false;
  has_gaps_ = false;
  size_ = 0;
  std::vector<ResultsLine> lines;
  lines.reserve(order.size());
  for (const std::size_t index : order) {
    lines.push_back(lines_[index]);
    lines.back().offset = size_;
    size_ += lines.back().size;
  }
  lines_ = std::move(lines);
  end_ = size_;
}

}  // namespace vsa
