// Where the videos of a report are, and how its page refers to them.
#ifndef VSA_REPORT_VIDEO_FINDER_H_
#define VSA_REPORT_VIDEO_FINDER_H_

#include <filesystem>
#include <string>

namespace vsa {

class VideoFinder {
 public:
  // `report` is the path that the page will have.
  explicit VideoFinder(const std::string& report);

  // The file as it can be opened: where a result says, else there from the
  // page's folder; empty if it is in neither place.
  std::string Find(const std::string& path) const;

  // A URL of the file that is relative to the page; empty if there is none.
  std::string Url(const std::string& file) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace vsa

#endif  // VSA_REPORT_VIDEO_FINDER_H_
