#include "subtitle_source.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "encoding.h"
#include "file.h"
#include "sidecar.h"
#include "subtitle.h"
#include "vsa/error.h"

namespace vsa {
namespace {

void Append(std::vector<Warning> from, std::vector<Warning>* to) {
  to->insert(to->end(), std::make_move_iterator(from.begin()),
             std::make_move_iterator(from.end()));
}

// Fonts in ASS take tens of megabytes; what is larger is something else, and
// would take as many times its size to read.
constexpr std::uintmax_t kLargestFile = 100 * 1000 * 1000;

std::string Number(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f %s", value, unit);
  return text;
}

// Gives each cue its share of `duration` by the length of its text, and one
// more for the breath after it.
void Spread(Time duration, std::vector<Cue>* cues) {
  double all = 0;
  for (const Cue& cue : *cues) all += static_cast<double>(cue.text.size() + 1);
  const double share = static_cast<double>(duration.count()) / all;
  double before = 0;
  for (Cue& cue : *cues) {
    cue.start = Time(static_cast<std::int64_t>(before * share));
    before += static_cast<double>(cue.text.size() + 1);
    cue.end = std::max(Time(static_cast<std::int64_t>(before * share)),
                       cue.start + Time(1));
  }
}

void GuessTimes(const std::string& path, const std::optional<Time>& duration,
                SubtitleSource* source) {
  const bool known = duration && *duration > Time(0);
  if (known && !source->cues.empty()) Spread(*duration, &source->cues);
  source->warnings.push_back(
      {"subtitle_times_guessed",
       path + ": is text without times; its lines are " +
           (known ? "spread over the " +
                        Number(std::chrono::duration<double>(*duration).count(),
                               "s") +
                        " of the video by their length"
                  : "given 3 s each, since the length of a video is not "
                    "known")});
}

}  // namespace

SubtitleSource ReadSubtitleFile(const std::string& path,
                                const std::string& encoding,
                                const std::vector<std::string>& languages,
                                const std::optional<Time>& duration) {
  std::error_code ignored;
  const std::uintmax_t size = std::filesystem::file_size(path, ignored);
  if (!ignored && size > kLargestFile) {
    throw Error(ErrorKind::kInput,
                path + ": is larger than 100 MB; expected subtitles");
  }
  const DecodedText decoded =
      DecodeText(ReadFile(path, ErrorKind::kInput), encoding);
  Subtitles subtitles = ParseSubtitles(path, decoded.utf8, languages);
  SubtitleSource source;
  source.path = path;
  source.format = subtitles.format;
  source.encoding = decoded.encoding;
  source.confidence = decoded.confidence;
  source.cues = std::move(subtitles.cues);
  if (decoded.replaced) {
    source.warnings.push_back({"subtitle_bytes_replaced",
                               path + ": holds bytes that are not " +
                                   decoded.encoding + "; they became U+FFFD"});
  }
  Append(std::move(subtitles.warnings), &source.warnings);
  if (!subtitles.timed) GuessTimes(path, duration, &source);
  return source;
}

SubtitleSource ReadSubtitles(const std::string& video,
                             const SubtitleRequest& request,
                             const std::vector<std::string>& languages) {
  if (request.none) return {};
  if (request.path) {
    SubtitleSource source = ReadSubtitleFile(*request.path, request.encoding,
                                             languages, request.duration);
    source.source = "option";
    if (source.cues.empty())
      source.warnings.push_back(
          {"subtitle_empty", *request.path + ": holds no cue with words"});
    return source;
  }
  std::vector<Warning> warnings;
  for (const Sidecar& sidecar : FindSidecars(video, languages)) {
    try {
      SubtitleSource source = ReadSubtitleFile(sidecar.path, request.encoding,
                                               languages, request.duration);
      if (source.cues.empty())
        throw Error(ErrorKind::kInput,
                    sidecar.path + ": holds no cue with words");
      source.source = "sidecar";
      if (sidecar.other_language) {
        warnings.push_back(
            {"subtitle_language",
             sidecar.path +
                 ": by its name, is not in a language of the model"});
      }
      Append(std::move(source.warnings), &warnings);
      source.warnings = std::move(warnings);
      return source;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      warnings.push_back({"sidecar_unusable", error.what()});
    }
  }
  SubtitleSource none;
  none.warnings = std::move(warnings);
  return none;
}

}  // namespace vsa
