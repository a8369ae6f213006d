#include "batch/batch_item.h"

#include <sys/stat.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "analysis/audience.h"
#include "analysis/item_subtitles.h"
#include "analysis/item_words.h"
#include "base/one_line.h"
#include "model/bundle.h"
#include "subtitle/sidecar.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// Named values as text in which no two lists of them look the same.
class Fields {
 public:
  void Add(const char* name, const std::string& value) {
    text_ += name + (" " + std::to_string(value.size())) + ":" + value + "\n";
  }
  void Add(const char* name, const std::optional<std::string>& value) {
    if (value) Add(name, *value);
  }
  // Size and time of modification; nothing where there is no file.
  void AddFile(const char* name, const std::string& path) {
    struct stat status {};
    if (path.empty() || stat(path.c_str(), &status) != 0) return;
    Add(name, std::to_string(status.st_size) + " " +
                  std::to_string(status.st_mtim.tv_sec) + " " +
                  std::to_string(status.st_mtim.tv_nsec));
  }
  std::string Hash() const { return Sha256(text_); }

 private:
  std::string text_;
};

std::string Identity(const Item& item) {
  Fields fields;
  fields.Add("video", item.video);
  fields.Add("id", item.id);
  fields.Add("subs", item.subtitles);
  return fields.Hash();
}

// Whatever can change a byte of the item's line.
std::string Key(const BatchItem& batch_item, const BatchModel& model) {
  const Item& item = batch_item.item;
  Fields fields;
  fields.Add("item", batch_item.identity);
  fields.Add("date", item.date);
  fields.AddFile("video", item.video);
  fields.Add("subs", batch_item.subtitle_path);
  fields.AddFile("subs", batch_item.subtitle_path);
  fields.Add("version", model.program_version);
  for (const std::string& sha256 : model.bundles) fields.Add("bundle", sha256);
  fields.Add("dtype", model.dtype);
  fields.Add("speech", model.speech_sha256);
  fields.Add("transcribe", std::to_string(static_cast<int>(item.transcribe)));
  fields.Add("audio-track", item.audio_track ? std::to_string(*item.audio_track)
                                             : std::string());
  fields.Add("no-subs", std::to_string(item.no_subtitles));
  fields.Add("track", item.track);
  fields.AddFile("danmaku", DanmakuPath(item));
  fields.Add("encoding", item.encoding);
  fields.Add("language", item.language);
  char fps[32];
  std::snprintf(fps, sizeof fps, "%.17g", item.sampling.fps);
  fields.Add("fps", std::string(fps));
  fields.Add("frames",
             std::string(item.sampling.keyframes ? "keyframes" : "every"));
  fields.Add("explain", std::to_string(item.explain));
  fields.Add("start", std::to_string(item.sampling.start.count()));
  if (item.sampling.end)
    fields.Add("end", std::to_string(item.sampling.end->count()));
  return fields.Hash();
}

// Of a video that is not opened: which file is used, not where its cues lie.
SubtitleRequest RequestOfUnopened(const Item& item) {
  SubtitleRequest request = RequestOf(item);
  // MicroDVD that counts in the video's frames is used by any rate.
  request.frame_rate = 25;
  return request;
}

}  // namespace

BatchItem MakeBatchItem(const Item& item, const BatchModel& model,
                        const TextTrackReader& tracks,
                        const std::vector<std::string>* names) {
  BatchItem made;
  made.item = item;
  if (item.subtitles && !item.no_subtitles) {
    // Not read here: if they cannot be, it is the item that fails.
    made.subtitle_source = "option";
    made.subtitle_path = *item.subtitles;
  } else {
    SubtitleRequest request = RequestOfUnopened(item);
    request.none = item.no_subtitles || item.track ||
                   item.transcribe == Transcribe::kAlways;
    request.track.reset();
    request.names = names;  // tracks of the video are not read
    TextTrackReader files = tracks;
    files.list = nullptr;
    const SubtitleSource source =
        ReadSubtitles(item.video, request, model.languages, files);
    made.subtitle_source = source.source;
    made.subtitle_path = source.path;
    made.forced = source.forced;
  }
  made.identity = Identity(item);
  made.key = Key(made, model);
  return made;
}

const std::vector<std::string>& NamesBesideVideos::Of(
    const std::string& video) {
  const std::string folder = video.substr(0, video.rfind('/') + 1);
  if (folder_ != folder) names_ = NamesBeside(video);
  folder_ = folder;
  return names_;
}

std::string FormatBatchItem(const BatchItem& batch_item,
                            const BatchModel& model,
                            const TextTrackReader& tracks,
                            const std::function<bool(const Item&)>& has_sound) {
  using Json = nlohmann::ordered_json;
  const Item& item = batch_item.item;
  Json subtitles = {{"path", batch_item.subtitle_path.empty()
                                 ? Json()
                                 : Json(batch_item.subtitle_path)},
                    {"source", batch_item.subtitle_source}};
  Json error;
  const bool no_file = batch_item.subtitle_path.empty() || batch_item.forced;
  try {
    if (no_file && item.transcribe != Transcribe::kAlways) {
      SubtitleRequest request = RequestOfUnopened(item);
      const std::vector<std::string> no_names;
      if (!batch_item.forced) request.names = &no_names;  // no sidecar is there
      const SubtitleSource source =
          ReadSubtitles(item.video, request, model.languages, tracks);
      if (source.track)
        subtitles = {{"path", source.path},
                     {"source", source.source},
                     {"track", *source.track}};
    }
    if (!model.speech_sha256.empty() &&
        IsHeard(item, subtitles["source"].get<std::string>()) &&
        has_sound(item))
      subtitles["source"] = "speech";
  } catch (const Error& unusable) {
    if (unusable.kind() != ErrorKind::kInput) throw;
    error = {{"message", OneLine(unusable.what())}};
  }
  Json json = {{"video", item.video},
               {"id", item.id ? Json(*item.id) : Json()},
               {"subtitles", subtitles}};
  if (!error.is_null()) json["error"] = error;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string FormatListedItem(const BatchItem& batch_item) {
  using Json = nlohmann::ordered_json;
  const Item& item = batch_item.item;
  Json json = {{"video", item.video}};
  if (item.subtitles) json["subs"] = *item.subtitles;
  if (item.id) json["id"] = *item.id;
  if (item.date) json["date"] = *item.date;
  json["item"] = batch_item.identity;
  json["key"] = batch_item.key;
  try {
    return json.dump() + "\n";
  } catch (const Json::type_error&) {
    throw Error(ErrorKind::kInput,
                item.video +
                    ": it, its subtitles or its id is not UTF-8, which a list "
                    "in JSON must be; expected other names");
  }
}

}  // namespace vsa
