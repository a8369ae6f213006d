// Finds the videos in a folder and the folders in it, by what they hold, not
// by their names alone.
#ifndef VSA_VIDEO_VIDEO_FILES_H_
#define VSA_VIDEO_VIDEO_FILES_H_

#include <functional>
#include <string>
#include <vector>

namespace vsa {

struct VideoFiles {
  std::vector<std::string> videos;      // paths that begin as the folder's
  std::vector<std::string> unreadable;  // folders: "PATH: cannot be read: …"
};

struct MediaSought {
  // Whether a file's pictures can be read: the thorough test, for the few files
  // that the cheap ones leave open.
  std::function<bool(const std::string& path)> holds_pictures;
  bool sound = false;  // files with a name of sound alone, too
};

// Files in the order of their names' bytes, folder by folder. A name such as
// a.mp4 is enough: if it turns out to be none, that is a failure to be told. A
// file of another name must begin as videos do and have pictures. Links are
// followed, though not in a circle; pipes and the like are passed over. Does
// not throw but for what sought.holds_pictures throws.
VideoFiles FindVideos(const std::string& folder, const MediaSought& sought);

// The test of one file that FindVideos makes.
bool IsVideoFile(const std::string& path, const MediaSought& sought);

}  // namespace vsa

#endif  // VSA_VIDEO_VIDEO_FILES_H_
