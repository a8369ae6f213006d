// Finds the subtitle files that lie beside a video.
#ifndef VSA_SUBTITLE_SIDECAR_H_
#define VSA_SUBTITLE_SIDECAR_H_

#include <cstddef>
#include <string>
#include <vector>

#include "text/language.h"

namespace vsa {

struct Sidecar {
  std::string path;
  std::size_t tier = 0;       // of its tag, as TierOf; 0 without one
  bool forced = false;        // only what another language in the video needs
  std::string language = {};  // its tag, if that names one language
};

// The subtitle files of "a.mp4" in the order in which they are to be tried:
// a.srt, a.vtt, a.ass, a.ssa; then a.<tag>.<ext> by the tier of the tag ("en";
// a.en-US.vtt, a.eng.srt and a.English.srt count as such), at last of none;
// of a tier those first that are written as it has them ("zh-Hant"), then in
// alphabetical order; after them the same with the extensions of all other
// formats, in their order (formats.h). "sdh", "cc", "hi", "full" and "default"
// in a name are marks, not languages, and so are numbers beside a tag: of names
// that are equal but for them, the one without comes first. "hi" without a tag
// may be Hindi: it has no language, but comes behind the last tier, of which
// the first is enough where that has Hindi. Those with the mark "forced",
// "signs" or "foreign" come last. "a.chs&eng.srt" is in both languages;
// "a.b.srt" is none of "a.mp4" where there is an "a.b.mp4". "a.mp4.srt" counts
// as "a.srt". Extensions and marks in any case; names are equal that are so in
// Unicode's NFC. None where the folder cannot be read. Paths are bytes and
// begin as `video_path` does.
std::vector<Sidecar> FindSidecars(const std::string& video_path,
                                  const LanguageTiers& languages);

// The names in the folder of a video, in the order of their bytes; none where
// it cannot be read.
std::vector<std::string> NamesBeside(const std::string& video_path);

// The same where NamesBeside was asked before: for many videos of one folder,
// which takes long to read for each anew.
std::vector<Sidecar> FindSidecars(const std::string& video_path,
                                  const LanguageTiers& languages,
                                  const std::vector<std::string>& names);

// Whether a file's name is one of subtitles, whatever is in it: of a sidecar,
// or of a format that is read with --subs alone or refused by its name.
bool HasSubtitleExtension(const std::string& path);

}  // namespace vsa

#endif  // VSA_SUBTITLE_SIDECAR_H_
