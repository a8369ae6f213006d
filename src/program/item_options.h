// Which part of which words and pictures of a video: options that several
// commands take.
#ifndef VSA_PROGRAM_ITEM_OPTIONS_H_
#define VSA_PROGRAM_ITEM_OPTIONS_H_

#include <optional>
#include <string>

#include "analysis/analyze.h"

namespace CLI {
class App;
}

namespace vsa {

struct ItemOptions {
  Item item;               // all but the video
  std::string start, end;  // as written; FinishItemOptions takes them over
  std::string speech;      // the speech bundle; empty: the models folder's
};

void AddItemOptions(CLI::App* command, ItemOptions* options);
// These come after AddItemOptions, but for the language.
void AddSubsOption(CLI::App* command, ItemOptions* options);
void AddLanguageOption(CLI::App* command, std::string* language);
// Whether and how speech is heard. After AddSubsOption, where that is added.
void AddSpeechOptions(CLI::App* command, ItemOptions* options);
// How alone: which sound, by which bundle.
void AddHearingOptions(CLI::App* command, std::optional<int>* track,
                       std::string* speech);
void AddExplainOption(CLI::App* command, ItemOptions* options);

// Once the command line is parsed. Throws Error (kUsage).
void FinishItemOptions(ItemOptions* options);

// "90", "90.5", "1:30", "1:01:30.5" to a time. Throws Error (kUsage) naming
// `option`.
Time ParseTime(const std::string& option, const std::string& text);

}  // namespace vsa

#endif  // VSA_PROGRAM_ITEM_OPTIONS_H_
