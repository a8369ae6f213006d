// Subtitle files that hold their captions in several languages: which are read.
#ifndef VSA_SUBTITLE_LANGUAGE_CHOICE_H_
#define VSA_SUBTITLE_LANGUAGE_CHOICE_H_

#include <string>
#include <utility>
#include <vector>

#include "subtitle/raw_subtitles.h"

namespace vsa {

// Collects captions by language. Choose gives those of one.
class LanguageChoice {
 public:
  // `languages` are those that are wanted; the first of the file if it has none
  // of them.
  explicit LanguageChoice(std::vector<std::string> languages)
      : languages_(std::move(languages)) {}

  // `language` is a tag, or any name that the file has for it.
  void Add(const std::string& language, RawCue cue);

  // Adds the captions of the chosen language to `out` in the order of time,
  // their ends set (EndOpenCues), and a warning subtitle_language_skipped if
  // there are others.
  void Choose(const std::string& path, RawSubtitles* out);

 private:
  std::vector<std::string> languages_;
  std::vector<std::pair<std::string, std::vector<RawCue>>> found_;
};

}  // namespace vsa

#endif  // VSA_SUBTITLE_LANGUAGE_CHOICE_H_
