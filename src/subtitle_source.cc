#include "subtitle_source.h"

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

}  // namespace

SubtitleSource ReadSubtitleFile(const std::string& path,
                                const std::string& encoding) {
  const DecodedText decoded =
      DecodeText(ReadFile(path, ErrorKind::kInput), encoding);
  Subtitles subtitles = ParseSubtitles(path, decoded.utf8);
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
  return source;
}

SubtitleSource ReadSubtitles(const std::string& video,
                             const SubtitleRequest& request,
                             const std::vector<std::string>& languages) {
  if (request.none) return {};
  if (request.path) {
    SubtitleSource source = ReadSubtitleFile(*request.path, request.encoding);
    source.source = "option";
    if (source.cues.empty())
      source.warnings.push_back(
          {"subtitle_empty", *request.path + ": holds no cue with words"});
    return source;
  }
  std::vector<Warning> warnings;
  for (const Sidecar& sidecar :
       request.names ? FindSidecars(video, languages, *request.names)
                     : FindSidecars(video, languages)) {
    try {
      SubtitleSource source = ReadSubtitleFile(sidecar.path, request.encoding);
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
