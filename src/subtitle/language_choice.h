// Subtitle files that hold their captions in several languages: which are read.
#ifndef VSA_SUBTITLE_LANGUAGE_CHOICE_H_
#define VSA_SUBTITLE_LANGUAGE_CHOICE_H_

#include <string>
#include <utility>
#include <vector>

#include "subtitle/raw_subtitles.h"
#include "text/language.h"

namespace vsa {

// Collects captions by language. Choose gives those of one.
class LanguageChoice {
 public:
  // Of the file's languages the most wanted is taken, of equals the first; the
  // first of all if none is wanted.
  explicit LanguageChoice(LanguageTiers languages)
      : languages_(std::move(languages)) {}

  // `language` is a tag, or any name that the file has for it.
  void Add(const std::string& language, RawCue cue);

  // Adds the captions of the chosen language to `out` in the order of time,
  // their ends set (EndOpenCues), and a warning subtitle_language_skipped if
  // there are others.
  void Choose(const std::string& path, RawSubtitles* out);

 private:
  LanguageTiers languages_;
  std::vector<std::pair<std::string, std::vector<RawCue>>> found_;
};

}  // namespace vsa

#endif  // VSA_SUBTITLE_LANGUAGE_CHOICE_H_
