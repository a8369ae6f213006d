// Subtitle files as --subs reads them. With --format=NAME only what is of that
// format of the registry is read, under its extension; --list names them all.
#include <cstring>

#include "fuzz/checks.h"
#include "subtitle/formats.h"
#include "subtitle/subtitle.h"

using namespace vsa;
using namespace vsa::fuzz;

static const SubtitleFormat* only = nullptr;

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  constexpr char kFormat[] = "--format=";
  for (int i = 1; i < *count; ++i) {
    const std::string argument = (*arguments)[i];
    for (const SubtitleFormat& format : SubtitleFormats()) {
      if (argument == kFormat + format.name) only = &format;
      if (argument == "--list" && !format.name.empty())
        std::printf("%s\n", format.name.c_str());
    }
    if (argument == "--list") std::exit(0);
    if (argument.rfind(kFormat, 0) == 0)
      Require(only != nullptr, "the format that is named is one");
  }
  return 0;
}

// As ParseSubtitles does it of what one format recognises.
static void ParseAsOnly(const std::string& utf8) {
  const std::string extension =
      only->extensions.empty() ? "txt" : only->extensions[0];
  const std::string text = WithoutStrayBytes(utf8);
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
  const SubtitleContext context;
  const std::string path = "a." + extension;
  const SubtitleText file{path, extension, text, lines, context};
  if (RecogniseFormat(file) != only) return;
  const Subtitles read = ToSubtitles(path, only->name, only->parse(file));
  CheckCues(read.cues);
  CheckWarnings(read.warnings);
}

VSA_FUZZ_TARGET(bytes) {
  if (only != nullptr) {
    Allow({ErrorKind::kInput},
          [&] { ParseAsOnly(DecodeText(bytes, "UTF-8").utf8); });
    return;
  }
  SubtitleContext context;
  context.languages = {{"en"}, {"de", "zh"}};
  for (const char* path : {"a.srt", "a.txt", "a.sub"}) {
    Allow({ErrorKind::kInput}, [&] {
      const SubtitleFile file = ParseSubtitleBytes(path, bytes, "", context);
      CheckCues(file.subtitles.cues);
      CheckWarnings(file.subtitles.warnings);
      Require(IsUtf8(file.decoded.utf8), "decoded text is UTF-8");
    });
    context.frame_rate = 25;  // of the next
  }
}
