#include "batch/running_items.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "base/file.h"
#include "base/write_all.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// The file has lines of one size: the digits of an item, or as many of this.
constexpr char kNone = '-';
constexpr std::size_t kDigits = 2 * sizeof(Digest);

std::string NoItem() { return std::string(kDigits, kNone); }

// More than a run ever writes.
constexpr off_t kLargest = 10 * 1000 * 1000;

// None if it is another file. A line that a crash of the machine tore or filled
// with zeros is none.
std::optional<std::vector<Digest>> ParseItems(const std::string& bytes) {
  if (bytes.find_first_not_of(std::string("0123456789abcdef-\n\0", 19)) !=
      bytes.npos)
    return std::nullopt;
  std::vector<Digest> items;
  std::istringstream lines(bytes);
  for (std::string line; std::getline(lines, line);) {
    const bool torn = lines.eof() || line.find('\0') != line.npos;
    if (line.size() != kDigits && !torn) return std::nullopt;
    const std::optional<Digest> item = ParseDigest(line);
    if (item && std::find(items.begin(), items.end(), *item) == items.end())
      items.push_back(*item);
  }
  return items;
}

// Those in the file that a run left, if there is one.
std::vector<Digest> ItemsLeft(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return {};
  std::optional<std::vector<Digest>> items;
  if (S_ISREG(status.st_mode) && status.st_size <= kLargest)
    items = ParseItems(ReadFile(path, ErrorKind::kSetup));
  if (!items)
    throw Error(ErrorKind::kSetup,
                path +
                    ": is in the way, and no rest of a vsa batch; expected "
                    "that name to be free");
  return *std::move(items);
}

}  // namespace

RunningItems::RunningItems(const std::string& path, int workers) : path_(path) {
  if (path.empty()) return;
  left_ = ItemsLeft(path);
  settled_.resize(left_.size());
  file_ = OpenFile(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file_) return;
  std::string bytes;
  for (const Digest& item : left_) bytes += ToHex(item) + "\n";
  for (int i = 0; i < workers; ++i) bytes += NoItem() + "\n";
  (void)!WriteAll(file_.get(), bytes);
}

RunningItems::~RunningItems() {
  if (!file_) return;
  if (std::find(settled_.begin(), settled_.end(), false) == settled_.end())
    unlink(path_.c_str());
}

bool RunningItems::WasLeft(const Digest& item) const {
  return std::find(left_.begin(), left_.end(), item) != left_.end();
}

void RunningItems::Settle(const Digest& item) {
  const auto place = std::find(left_.begin(), left_.end(), item);
  if (place == left_.end()) return;
  const auto index = static_cast<std::size_t>(place - left_.begin());
  settled_[index] = true;
  WriteAt(index, NoItem());
}

void RunningItems::Begin(int worker, const Digest& item) {
  WriteWorker(worker, ToHex(item));
}

void RunningItems::Finish(int worker) { WriteWorker(worker, NoItem()); }

void RunningItems::WriteWorker(int worker, const std::string& text) const {
  WriteAt(left_.size() + static_cast<std::size_t>(worker), text);
}

void RunningItems::WriteAt(std::size_t place, const std::string& text) const {
  if (!file_) return;
  (void)!pwrite(file_.get(), text.data(), text.size(),
                static_cast<off_t>(place * (kDigits + 1)));
}

}  // namespace vsa
