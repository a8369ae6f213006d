#include "subtitle/source.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "base/ascii.h"
#include "subtitle/sidecar.h"
#include "subtitle/subtitle.h"
#include "subtitle/track.h"
#include "text/language.h"
#include "text/text_file.h"
#include "text/text_language.h"
#include "vsa/error.h"

namespace vsa {
namespace {

void Append(std::vector<Warning> from, std::vector<Warning>* to) {
  to->insert(to->end(), std::make_move_iterator(from.begin()),
             std::make_move_iterator(from.end()));
}

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

SubtitleSource ReadSubtitleFile(const std::string& path,
                                const std::string& encoding,
                                const std::vector<std::string>& languages,
                                const std::optional<Time>& duration) {
  const DecodedText decoded = ReadTextFile(path, encoding, "subtitles");
  Subtitles subtitles = ParseSubtitles(path, decoded.utf8, languages);
  SubtitleSource source;
  source.path = path;
  source.name = path;
  source.format = subtitles.format;
  source.encoding = decoded.encoding;
  source.confidence = decoded.confidence;
  source.cues = std::move(subtitles.cues);
  source.warnings = DecodingWarnings("subtitle", path, decoded);
  Append(std::move(subtitles.warnings), &source.warnings);
  if (!subtitles.timed) GuessTimes(path, duration, &source);
  return source;
}

std::optional<SubtitleSource> FirstSidecar(
    const std::string& video, const SubtitleRequest& request,
    const std::vector<std::string>& languages, std::vector<Warning>* warnings) {
  for (const Sidecar& sidecar :
       request.names ? FindSidecars(video, languages, *request.names)
                     : FindSidecars(video, languages)) {
    try {
      SubtitleSource source = ReadSubtitleFile(sidecar.path, request.encoding,
                                               languages, request.duration);
      if (source.cues.empty())
        throw Error(ErrorKind::kInput,
                    sidecar.path + ": holds no cue with words");
      source.source = "sidecar";
      if (sidecar.other_language) {
        warnings->push_back(
            {"subtitle_language",
             sidecar.path +
                 ": by its name, is not in a language of the model"});
      }
      return source;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      warnings->push_back({"sidecar_unusable", error.what()});
    }
  }
  return std::nullopt;
}

// "a.mkv: track 2"
std::string NameOf(const std::string& video, const TextTrack& track) {
  return video + ": track " + std::to_string(track.index);
}

std::string Unreadable(const std::string& video, const TextTrack& track) {
  return NameOf(video, track) + " is " + track.codec +
         ", pictures of text or of a kind that cannot be read; expected "
         "mov_text, SubRip, ASS or WebVTT";
}

SubtitleSource ReadTrack(const std::string& video, const TextTrack& track,
                         const TextTrackReader& tracks) {
  SubtitleSource source;
  source.source = "embedded";
  source.path = video;
  source.name = NameOf(video, track);
  Subtitles subtitles =
      ParseTrack(source.name, track.codec, tracks.read(video, track.index));
  source.track = track.index;
  source.language = track.language;
  source.format = subtitles.format;
  source.encoding = "UTF-8";
  source.confidence = 1;
  source.cues = std::move(subtitles.cues);
  source.warnings = std::move(subtitles.warnings);
  return source;
}

// The track that --track names by its index or its language.
TextTrack AskedTrack(const std::string& video, const std::string& asked,
                     const TextTrackReader& reader) {
  const std::vector<TextTrack> tracks = reader.list(video);
  const bool by_index = HasOnlyDigits(asked);
  std::string known;
  const TextTrack* unreadable = nullptr;
  for (const TextTrack& track : tracks) {
    if (by_index ? std::to_string(track.index) == asked
                 : IsOneOf(track.language, {asked})) {
      if (track.text) return track;
      if (unreadable == nullptr) unreadable = &track;
    }
    known += (known.empty() ? "" : ", ") + std::to_string(track.index) + " (" +
             track.codec +
             (track.language.empty() ? "" : ", " + track.language) + ")";
  }
  throw Error(ErrorKind::kInput,
              unreadable != nullptr
                  ? Unreadable(video, *unreadable)
                  : video + ": has no text track " + asked + "; expected " +
                        (known.empty() ? "a video with one"
                                       : "one of its tracks " + known));
}

std::optional<SubtitleSource> FirstTrack(
    const std::string& video, const std::vector<std::string>& languages,
    const TextTrackReader& reader, std::vector<Warning>* warnings) {
  std::vector<TextTrack> tracks = reader.list(video);
  const auto rank = [&](const TextTrack& track) {
    const int kind = IsOneOf(track.language, languages) ? 0
                     : track.language.empty()           ? 1
                                                        : 2;
    return 2 * kind + (track.is_default ? 0 : 1);
  };
  std::stable_sort(tracks.begin(), tracks.end(),
                   [&](const TextTrack& a, const TextTrack& b) {
                     return rank(a) < rank(b);
                   });
  std::vector<Warning> unusable;
  for (const TextTrack& track : tracks) {
    if (!track.text) {
      unusable.push_back({"track_unusable", Unreadable(video, track)});
      continue;
    }
    if (track.forced) {
      unusable.push_back(
          {"track_unusable",
           NameOf(video, track) +
               " is forced: it holds only what another language in the video "
               "needs; --track reads it"});
      continue;
    }
    SubtitleSource source = ReadTrack(video, track, reader);
    if (source.cues.empty()) {
      unusable.push_back(
          {"track_unusable", source.name + ": holds no cue with words"});
      continue;
    }
    if (rank(track) >= 4) {
      warnings->push_back(
          {"subtitle_language", source.name + ": is in " + track.language +
                                    ", which is not a language of the model"});
    }
    return source;
  }
  Append(std::move(unusable), warnings);
  return std::nullopt;
}

SubtitleSource FindSubtitles(const std::string& video,
                             const SubtitleRequest& request,
                             const std::vector<std::string>& languages,
                             const TextTrackReader& tracks) {
  if (request.none) return {};
  if (request.path || request.track) {
    SubtitleSource source =
        request.path
            ? ReadSubtitleFile(*request.path, request.encoding, languages,
                               request.duration)
            : ReadTrack(video, AskedTrack(video, *request.track, tracks),
                        tracks);
    if (request.path) source.source = "option";
    if (source.cues.empty()) {
      source.warnings.push_back(
          {"subtitle_empty", source.name + ": holds no cue with words"});
    }
    return source;
  }
  std::vector<Warning> warnings;
  std::optional<SubtitleSource> found =
      FirstSidecar(video, request, languages, &warnings);
  if (!found && tracks.list)
    found = FirstTrack(video, languages, tracks, &warnings);
  SubtitleSource source = found ? std::move(*found) : SubtitleSource();
  Append(std::move(source.warnings), &warnings);
  source.warnings = std::move(warnings);
  return source;
}

}  // namespace

SubtitleSource ReadSubtitles(const std::string& video,
                             const SubtitleRequest& request,
                             const std::vector<std::string>& languages,
                             const TextTrackReader& tracks) {
  SubtitleSource source = FindSubtitles(video, request, languages, tracks);
  std::vector<std::string> texts;
  for (const Cue& cue : source.cues) texts.push_back(cue.text);
  if (const auto language = OtherLanguage(texts, languages))
    source.warnings.push_back(
        LanguageWarning(source.name, *language, languages));
  return source;
}

}  // namespace vsa
