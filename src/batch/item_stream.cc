#include "batch/item_stream.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "batch/digest.h"
#include "batch/listed_item.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// Longer ones are of something else.
constexpr std::size_t kLongestLine = 1000 * 1000;

// Of a longer one, what its result names as the video.
constexpr std::size_t kShown = 100;

// How long a signal or a failure elsewhere may go unseen.
constexpr int kMilliseconds = 100;

}  // namespace

ItemStream::ItemStream(int in, const Item& common, const BatchModel& model,
                       const TextTrackReader& tracks)
    : in_(in), common_(common), model_(model), tracks_(tracks) {}

std::optional<std::string> ItemStream::NextLine(
    const std::function<bool()>& ended) {
  while (true) {
    const std::size_t end =
        line_end_ ? read_.find(*line_end_, searched_)
                  : read_.find_first_of(std::string("\n\0", 2), searched_);
    // The beginning stands for what is longer.
    if (end == read_.npos && read_.size() > kLongestLine)
      read_.resize(kLongestLine + 1);
    if (end != read_.npos || (at_end_ && !read_.empty())) {
      if (end != read_.npos) line_end_ = read_[end];
      std::string line = read_.substr(0, end);
      read_.erase(0, end == read_.npos ? end : end + 1);
      searched_ = 0;
      ++number_;
      return line;
    }
    if (at_end_) return std::nullopt;
    searched_ = read_.size();
    if (ended()) return std::nullopt;
    pollfd input{in_, POLLIN, 0};
    const int ready = poll(&input, 1, kMilliseconds);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    char block[1 << 14];
    const ssize_t n = read(in_, block, sizeof block);
    if (n < 0 && errno != EINTR && errno != EAGAIN)
      throw Error(ErrorKind::kUsage, std::string("stdin: cannot be read: ") +
                                         std::strerror(errno));
    if (n == 0) at_end_ = true;
    if (n > 0) read_.append(block, static_cast<std::size_t>(n));
  }
}

std::optional<ArrivedItem> ItemStream::ToItem(const std::string& line) {
  ArrivedItem arrived;
  if (line.size() > kLongestLine) {
    arrived.item.item.video = line.substr(0, kShown);
    arrived.refused =
        Error(ErrorKind::kInput,
              "stdin:" + std::to_string(number_) +
                  ": is longer than 1 MB; expected the path of a video, or a "
                  "JSON object, a line");
    return arrived;
  }
  try {
    const std::optional<Item> item = ItemOfLine(line, number_, common_);
    if (!item) return std::nullopt;
    arrived.item = MakeBatchItem(*item, model_, tracks_);
  } catch (const Error& error) {
    arrived.item.item.video = line;
    arrived.refused = Error(ErrorKind::kInput, error.what());
    return arrived;
  }
  const auto [first, added] =
      lines_.emplace(ToDigest(arrived.item.identity), number_);
  if (!added) {
    const Item& item = arrived.item.item;
    arrived.refused =
        Error(ErrorKind::kInput,
              "stdin:" + std::to_string(number_) + ": " + item.video +
                  ": is given twice, first in stdin:" +
                  std::to_string(first->second) +
                  "; expected each video with its id and subtitles once");
    // The line of a failure must not replace that of the item.
    arrived.item.identity.clear();
    arrived.item.key.clear();
  }
  return arrived;
}

std::optional<ArrivedItem> ItemStream::Next(
    const std::function<bool()>& ended) {
  while (const std::optional<std::string> line = NextLine(ended)) {
    std::optional<ArrivedItem> item = ToItem(*line);
    if (item) return item;
  }
  return std::nullopt;
}

}  // namespace vsa
