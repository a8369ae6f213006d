#include "report/report.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/current_error.h"
#include "report/video_finder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

// A day of video is about 20 MB, a million segments are 0.4 GB; what is longer
// is no result.
constexpr std::size_t kLongestLine = 1'000'000'000;
constexpr std::size_t kMomentsEach = 6;  // of each sign

enum class Line { kRead, kTooLong, kEnd };

// Reads on to the end of a line; of one that is too long nothing is kept.
Line NextLine(std::streambuf* in, std::string* line) {
  line->clear();
  std::size_t length = 0;
  while (true) {
    const int c = in->sbumpc();
    if (c == std::streambuf::traits_type::eof()) {
      if (length == 0) return Line::kEnd;
      break;
    }
    if (c == '\n') break;
    if (++length <= kLongestLine) line->push_back(static_cast<char>(c));
  }
  if (length <= kLongestLine) return Line::kRead;
  *line = std::string();
  return Line::kTooLong;
}

}  // namespace

ReportData ReadResults(const std::string& path, const std::string& report) {
  std::error_code error;
  if (!fs::exists(path, error))
    throw Error(ErrorKind::kInput,
                path + ": no such file; expected results of vsa");
  if (!fs::is_regular_file(path, error))
    throw Error(ErrorKind::kInput,
                path + ": is not a regular file; expected results of vsa");
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Error(ErrorKind::kInput,
                path + ": cannot be opened: " + std::strerror(errno));

  const VideoFinder finder(report);
  ReportData data;
  std::vector<Moment> moments;
  std::string line;
  for (std::size_t number = 1;; ++number) {
    const Line read = NextLine(file.rdbuf(), &line);
    if (read == Line::kEnd) break;
    if (line.find_first_not_of(" \t\r") == line.npos && read == Line::kRead)
      continue;
    try {
      if (read == Line::kTooLong)
        throw Error(ErrorKind::kInput, "is no result; it is over 1 GB");
      ReportVideo video = ReadReportVideo(line, finder);
      for (Moment& moment : video.moments) {
        moment.video = data.videos.size();
        moments.push_back(moment);
      }
      data.videos.push_back(std::move(video));
    } catch (...) {
      data.faults.push_back(path + ":" + std::to_string(number) + ": " +
                            CurrentError("").what());
    }
  }
  if (data.videos.empty()) {
    throw Error(ErrorKind::kInput,
                path + (data.faults.empty()
                            ? ": is empty; expected results of vsa, one a line"
                            : ": holds no result of vsa; expected one a line"));
  }
  data.moments = Strongest(std::move(moments), kMomentsEach);
  return data;
}

}  // namespace vsa
