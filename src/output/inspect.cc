#include "output/inspect.h"

#include <filesystem>
#include <utility>

#include "analysis/bundle_choice.h"
#include "base/checked_json.h"
#include "base/current_error.h"
#include "base/figures.h"
#include "base/file.h"
#include "base/one_line.h"
#include "subtitle/danmaku.h"
#include "subtitle/sidecar.h"
#include "subtitle/source.h"
#include "text/text_file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json OrNull(const std::optional<Time>& time) {
  return time ? Json(SecondsOf(*time)) : Json();
}

Json WarningsOf(const std::vector<Warning>& warnings) {
  Json list = Json::array();
  for (const Warning& warning : warnings)
    list.push_back(
        {{"code", warning.code}, {"message", OneLine(warning.message)}});
  return list;
}

// With the warnings of the bundle that would judge.
SubtitleSource Read(const std::string& video, const SubtitleRequest& request,
                    const Inspector& inspector) {
  SubtitleSource source =
      ReadSubtitles(video, request, inspector.bundles, inspector.tracks);
  if (!inspector.bundles.empty()) {
    ChooseBundle(request.language, source, inspector.bundles, &source.warnings);
  }
  return source;
}

// As classify reads it with --subs.
SubtitleSource ReadSubtitleFile(const std::string& path,
                                const Inspector& inspector) {
  SubtitleRequest request;
  request.path = path;
  request.encoding = inspector.encoding;
  request.language = inspector.language;
  return Read("", request, inspector);
}

void AddSubtitles(const SubtitleSource& source, Json* to) {
  (*to)["format"] = source.format;
  (*to)["encoding"] = source.encoding;
  (*to)["confidence"] = Rounded(source.confidence);
  (*to)["cues"] = Json::array();
  for (const Cue& cue : source.cues) {
    (*to)["cues"].push_back({{"start", SecondsOf(cue.start)},
                             {"end", SecondsOf(cue.end)},
                             {"text", cue.text}});
  }
  (*to)["warnings"] = WarningsOf(source.warnings);
}

Json TextOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json NumberOrNull(int number) { return number > 0 ? Json(number) : Json(); }

Json SoundOf(const std::vector<SoundTrack>& tracks) {
  Json list = Json::array();
  for (const SoundTrack& track : tracks) {
    list.push_back({{"index", track.index},
                    {"codec", track.codec},
                    {"language", TextOrNull(track.language)},
                    {"title", TextOrNull(track.title)},
                    {"default", track.is_default},
                    {"channels", NumberOrNull(track.channels)},
                    {"sample_rate", NumberOrNull(track.sample_rate)},
                    {"heard", track.heard}});
  }
  return list;
}

void AddVideo(const std::string& path, const VideoProbe& probe,
              const Inspector& inspector, Json* to) {
  (*to)["container"] = probe.container;
  (*to)["codec"] = probe.pictures ? Json(probe.codec) : Json();
  (*to)["width"] = probe.pictures ? Json(probe.width) : Json();
  (*to)["height"] = probe.pictures ? Json(probe.height) : Json();
  (*to)["rotation"] = probe.shape.rotation();
  (*to)["mirrored"] = probe.shape.mirrored();
  (*to)["pixel_aspect"] = Rounded(probe.shape.pixel_aspect);
  (*to)["frame_rate"] = OrNull(probe.frame_rate);
  (*to)["duration"] = OrNull(probe.duration);
  (*to)["frames"] = OrNull(probe.frames);
  (*to)["sound"] = probe.sound;
  (*to)["audio"] = SoundOf(inspector.list_sound(path));
  (*to)["tracks"] = Json::array();
  for (const TextTrack& track : inspector.tracks.list(path)) {
    (*to)["tracks"].push_back({{"index", track.index},
                               {"codec", track.codec},
                               {"language", TextOrNull(track.language)},
                               {"title", TextOrNull(track.title)},
                               {"default", track.is_default},
                               {"forced", track.forced},
                               {"comment", track.comment},
                               {"text", track.text}});
  }
  SubtitleRequest request;
  request.encoding = inspector.encoding;
  request.language = inspector.language;
  request.duration = probe.duration;
  request.frame_rate = probe.frame_rate;
  request.list_all = true;
  const SubtitleSource source = Read(path, request, inspector);
  (*to)["sidecar"] = source.source == "sidecar" ? Json(source.path) : Json();
  // What classify would use without --subs and --track.
  (*to)["subtitles"] = {
      {"source", source.source},
      {"path", source.path.empty() ? Json() : Json(source.path)},
      {"track", OrNull(source.track)},
      {"cues", source.cues.size()}};
  // All that were found, in the order in which they are tried: the first that
  // is not refused is taken.
  (*to)["candidates"] = Json::array();
  bool taken = false;
  for (const SubtitleCandidate& candidate : source.candidates) {
    const bool takes = !taken && candidate.refused.empty();
    (*to)["candidates"].push_back(
        {{"source", candidate.source},
         {"path", candidate.path},
         {"track", OrNull(candidate.track)},
         {"taken", takes},
         {"why", takes ? Json()
                 : candidate.refused.empty()
                     ? Json("one before it is taken")
                     : Json(OneLine(candidate.refused))}});
    taken = taken || takes;
  }
  (*to)["warnings"] = WarningsOf(source.warnings);
}

void AddBundle(const std::string& folder, const Inspector& inspector,
               Json* to) {
  std::error_code ignored;
  const bool speech = !fs::exists(folder + "/model.json", ignored) &&
                      fs::exists(folder + "/speech.json", ignored);
  const std::optional<Json> model = ParseJson(ReadFile(
      folder + (speech ? "/speech.json" : "/model.json"), ErrorKind::kSetup));
  (*to)["model"] = model && model->is_object() ? *model : Json();
  (*to)["passes"] = false;
  if (speech) {
    inspector.check_speech_bundle(LoadSpeechBundle(folder));
  } else {
    inspector.check_bundle(LoadBundle(folder));
  }
  (*to)["passes"] = true;
}

void AddDanmaku(const std::string& path, const DecodedText& text, Json* to) {
  const Danmaku danmaku = ParseDanmaku(path, text.utf8);
  std::vector<Warning> warnings = DecodingWarnings("danmaku", path, text);
  warnings.insert(warnings.end(), danmaku.warnings.begin(),
                  danmaku.warnings.end());
  (*to)["encoding"] = text.encoding;
  (*to)["confidence"] = Rounded(text.confidence);
  (*to)["comments"] = Json::array();
  for (const Comment& comment : danmaku.comments) {
    (*to)["comments"].push_back(
        {{"time", SecondsOf(comment.time)}, {"text", comment.text}});
  }
  (*to)["warnings"] = WarningsOf(warnings);
}

// What `read` gives, but for files that are not what it reads.
template <typename Read>
auto IfItIs(Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Error&) {
    return std::nullopt;
  }
}

// A video, or, if it is none, subtitles or danmaku under whatever name. The
// video's error counts if it is none of them.
void AddByContent(const std::string& path, const Inspector& inspector,
                  Json* to) {
  try {
    const VideoProbe probe = inspector.probe_video(path);
    Json video = *to;  // all of it or its error alone
    video["kind"] = "video";
    AddVideo(path, probe, inspector, &video);
    *to = std::move(video);
  } catch (const Error&) {
    if (const auto source =
            IfItIs([&] { return ReadSubtitleFile(path, inspector); })) {
      (*to)["kind"] = "subtitles";
      AddSubtitles(*source, to);
      return;
    }
    const auto text = IfItIs([&] { return ReadDanmakuFile(path); });
    if (!text || !IsDanmaku(text->utf8)) throw;
    (*to)["kind"] = "danmaku";
    AddDanmaku(path, *text, to);
  }
}

}  // namespace

Inspection InspectFile(const std::string& path, const Inspector& inspector) {
  Inspection inspection;
  Json json = {{"schema", "vsa.inspect/1"}, {"path", path}, {"kind", "video"}};
  std::error_code ignored;
  try {
    const fs::path name = fs::path(path).filename();
    if (fs::is_directory(path, ignored) || name == "model.json" ||
        name == "speech.json") {
      json["kind"] = "bundle";
      const fs::path folder = fs::is_directory(path, ignored)
                                  ? fs::path(path)
                                  : fs::path(path).parent_path();
      AddBundle(folder.empty() ? "." : folder.string(), inspector, &json);
    } else if (HasSubtitleExtension(path)) {
      json["kind"] = "subtitles";
      AddSubtitles(ReadSubtitleFile(path, inspector), &json);
    } else {
      AddByContent(path, inspector, &json);
    }
  } catch (...) {
    const Error error = CurrentError(path);
    if (error.kind() == ErrorKind::kUsage) throw;
    inspection.error = OneLine(error.what());
    json["error"] = {{"message", inspection.error}};
  }
  inspection.json =
      json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return inspection;
}

}  // namespace vsa
