// The folder that `vsa extract` writes: segments.jsonl with a line for each
// segment, and a folder for each video with the files that its lines name.
#ifndef VSA_ANALYSIS_EXTRACTION_FOLDER_H_
#define VSA_ANALYSIS_EXTRACTION_FOLDER_H_

#include <functional>
#include <string>
#include <vector>

#include "analysis/item.h"
#include "base/checked_json.h"
#include "base/open_file.h"
#include "vsa/error.h"

namespace vsa {

// What a folder holds of the segments.
struct ExtractionKind {
  const char* schema;   // of its lines
  const char* command;  // that writes it
  const char* option;   // of that, which names the folder
  const char* files;    // the folder in it with those of the videos, as "faces"
  // Whether a file in a video's folder is one that is written there, whole or
  // as a killed run left it.
  bool (*is_own)(const std::string& name);
};

// A video's lines are written at once when all of it was read and its files are
// safe on the disk, even from a crash of the machine; the files of a video that
// has no lines yet are not.
class ExtractionFolder {
 public:
  // Makes the folder, or empties one that an earlier run wrote, and keeps other
  // processes out until it is destroyed. Throws kSetup: it is in use by another
  // one, it holds something else (unless `force`; other files then stay, but
  // not among those of the videos), one of `inputs` is among what would be
  // replaced, or it cannot be written.
  ExtractionFolder(const std::string& path, const ExtractionKind& kind,
                   const std::vector<std::string>& inputs, bool force);

  // The next video. `write` gets the name of its folder in this one, as
  // "faces/0", which is not yet made, and gives what the line of each segment
  // says after its number. Throws what it throws, and then nothing of the video
  // is left; kSetup if the folder cannot be written.
  void Add(
      const Item& item,
      const std::function<std::vector<Json>(const std::string& files)>& write);

  // The next video, which failed: a line. Throws kSetup.
  void AddFailure(const Item& item, const Error& error);

  const std::string& path() const { return path_; }

 private:
  // The folder, while this lives. Throws kSetup if another process has it.
  void Lock();
  void Append(const std::string& lines);

  const std::string path_;
  const ExtractionKind kind_;
  OpenFile locked_;
  int videos_ = 0;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_EXTRACTION_FOLDER_H_
