#include "subtitle/source.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/ascii.h"
#include "subtitle/sidecar.h"
#include "subtitle/subtitle.h"
#include "subtitle/track.h"
#include "text/language.h"
#include "text/text_file.h"
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
                                const LanguageTiers& languages,
                                const SubtitleRequest& request,
                                const TextTrackReader& tracks) {
  const std::string bytes = ReadTextBytes(path, "subtitles");
  auto [subtitles, decoded] =
      ParseSubtitleBytes(path, bytes, request.encoding,
                         {languages, request.frame_rate, tracks.decode_608});
  SubtitleSource source;
  source.path = path;
  source.name = path;
  source.format = subtitles.format;
  source.encoding = decoded.encoding;
  source.confidence = decoded.confidence;
  source.cues = std::move(subtitles.cues);
  source.warnings = DecodingWarnings("subtitle", path, decoded);
  Append(std::move(subtitles.warnings), &source.warnings);
  if (!subtitles.timed) GuessTimes(path, request.duration, &source);
  return source;
}

// "a.mkv: track 2"
std::string NameOf(const std::string& video, const TextTrack& track) {
  return video + ": track " + std::to_string(track.index);
}

std::string Unreadable(const std::string& video, const TextTrack& track) {
  return NameOf(video, track) + " is " + track.codec +
         ", pictures of text or of a kind that cannot be read; expected "
         "mov_text, SubRip, ASS, WebVTT or CEA-608";
}

SubtitleSource ReadTrack(const std::string& video, const TextTrack& track,
                         const std::string& encoding,
                         const TextTrackReader& tracks) {
  SubtitleSource source;
  source.source = "embedded";
  source.path = video;
  source.name = NameOf(video, track);
  TrackText text = tracks.read(video, track.index);
  const DecodedText decoded = DecodeCaptions(encoding, &text);
  Subtitles subtitles = ParseTrack(source.name, track.codec, text);
  source.track = track.index;
  source.language = track.language;
  source.format = subtitles.format;
  source.encoding = decoded.encoding;
  source.confidence = decoded.confidence;
  source.cues = std::move(subtitles.cues);
  source.warnings = DecodingWarnings("subtitle", source.name, decoded);
  Append(std::move(subtitles.warnings), &source.warnings);
  return source;
}

// Whether a title has one of the words, which are in lower case.
bool HasWord(const std::string& title,
             std::initializer_list<std::string_view> words) {
  const std::string lower = LowerAscii(title);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

bool IsForced(const TextTrack& track) {
  return track.forced || HasWord(track.title, {"forced", "signs", "forcé"});
}

bool IsComment(const TextTrack& track) {
  return track.comment || HasWord(track.title, {"comment", "kommentar",
                                                "comentari", "commento"});
}

// Of those without a language 1, behind the most wanted.
std::size_t LanguageRank(const TextTrack& track,
                         const LanguageTiers& languages) {
  if (track.language.empty()) return 1;
  const std::size_t tier = TierOf(track.language, languages);
  return tier == 0 && !languages.empty() ? 0 : tier + 1;
}

// The tracks of a video, those to be tried first in front.
std::vector<TextTrack> SortedTracks(const std::string& video,
                                    const LanguageTiers& languages,
                                    const TextTrackReader& reader) {
  std::vector<TextTrack> tracks = reader.list(video);
  const auto rank = [&](const TextTrack& track) {
    return std::make_tuple(IsForced(track), IsComment(track),
                           LanguageRank(track, languages), !track.is_default);
  };
  std::stable_sort(tracks.begin(), tracks.end(),
                   [&](const TextTrack& a, const TextTrack& b) {
                     return rank(a) < rank(b);
                   });
  return tracks;
}

// The track that --track names by its index or its language.
TextTrack AskedTrack(const std::string& video, const std::string& asked,
                     const TextTrackReader& reader) {
  const bool by_index = HasOnlyDigits(asked);
  std::string known;
  const TextTrack* unreadable = nullptr;
  const std::vector<TextTrack> tracks = SortedTracks(video, {{asked}}, reader);
  for (const TextTrack& track : tracks) {
    if (by_index ? std::to_string(track.index) == asked
                 : IsOneOf(track.language, {asked})) {
      if (track.text) return track;
      if (unreadable == nullptr) unreadable = &track;
    }
  }
  if (unreadable != nullptr)
    throw Error(ErrorKind::kInput, Unreadable(video, *unreadable));
  for (const TextTrack& track : reader.list(video)) {
    known += (known.empty() ? "" : ", ") + std::to_string(track.index) + " (" +
             track.codec +
             (track.language.empty() ? "" : ", " + track.language) + ")";
  }
  throw Error(
      ErrorKind::kInput,
      video + ": has no text track " + asked + "; expected " +
          (known.empty() ? "a video with one" : "one of its tracks " + known));
}

// Goes through the sidecars and tracks of a video until one has words.
class Search {
 public:
  Search(const std::string& video, const SubtitleRequest& request,
         const LanguageTiers& languages, bool several_bundles,
         const TextTrackReader& tracks)
      : video_(video),
        request_(request),
        languages_(languages),
        several_bundles_(several_bundles),
        tracks_(tracks) {}

  SubtitleSource Find() {
    const std::vector<Sidecar> sidecars =
        request_.names ? FindSidecars(video_, languages_, *request_.names)
                       : FindSidecars(video_, languages_);
    TrySidecars(sidecars, /*forced=*/false);
    std::vector<TextTrack> tracks;
    if (tracks_.list && (!found_ || request_.list_all))
      tracks = SortedTracks(video_, languages_, tracks_);
    TryTracks(tracks, /*forced=*/false);
    TrySidecars(sidecars, /*forced=*/true);
    TryTracks(tracks, /*forced=*/true);
    SubtitleSource source = found_ ? std::move(*found_) : SubtitleSource();
    // That a track cannot be used matters only where nothing better is there.
    if (!found_ || source.forced) Append(std::move(of_tracks_), &warnings_);
    Append(std::move(source.warnings), &warnings_);
    source.warnings = std::move(warnings_);
    source.candidates = std::move(candidates_);
    return source;
  }

 private:
  void TrySidecars(const std::vector<Sidecar>& sidecars, bool forced) {
    for (const Sidecar& sidecar : sidecars) {
      if (sidecar.forced != forced || !IsNext()) continue;
      Try({"sidecar", sidecar.path, std::nullopt, ""}, sidecar.path, forced,
          &warnings_, [&] {
            SubtitleSource source =
                ReadSubtitleFile(sidecar.path, languages_, request_, tracks_);
            source.source = "sidecar";
            source.language = sidecar.language;
            if (IsUnwanted(sidecar.tier)) {
              Warn("subtitle_language",
                   sidecar.path + ": by its name, is not in a language " +
                       Wanted(),
                   &source);
            }
            return source;
          });
    }
  }

  void TryTracks(const std::vector<TextTrack>& tracks, bool forced) {
    for (const TextTrack& track : tracks) {
      if (IsForced(track) != forced || !IsNext()) continue;
      Try({"embedded", video_, track.index, ""}, NameOf(video_, track), forced,
          &of_tracks_, [&] {
            if (!track.text)
              throw Error(ErrorKind::kInput, Unreadable(video_, track));
            SubtitleSource source =
                ReadTrack(video_, track, request_.encoding, tracks_);
            if (IsComment(track)) {
              Warn("subtitle_comment",
                   source.name + ": is a comment on the video, by its " +
                       (track.comment ? "flag" : "title"),
                   &source);
            }
            if (!track.language.empty() &&
                IsUnwanted(TierOf(track.language, languages_))) {
              Warn("subtitle_language",
                   source.name + ": is in " + track.language +
                       ", which is not a language " + Wanted(),
                   &source);
            }
            return source;
          });
    }
  }

  bool IsNext() const { return !found_ || request_.list_all; }

  template <typename Read>
  void Try(SubtitleCandidate candidate, const std::string& name, bool forced,
           std::vector<Warning>* warnings, const Read& read) {
    if (!found_) {
      bool empty = false;
      try {
        SubtitleSource source = read();
        empty = source.cues.empty();
        if (empty)
          throw Error(ErrorKind::kInput, name + ": holds no cue with words");
        source.forced = forced;
        if (forced) {
          Warn("subtitle_forced",
               name +
                   ": is forced: it holds only what another language in "
                   "the video needs",
               &source);
        }
        found_ = std::move(source);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::kInput) throw;
        candidate.refused = error.what();
        warnings->push_back({candidate.source != "sidecar" ? "track_unusable"
                             : empty                       ? "subtitle_empty"
                                                           : "sidecar_unusable",
                             error.what()});
      }
    }
    candidates_.push_back(std::move(candidate));
  }

  static void Warn(const char* code, std::string message,
                   SubtitleSource* source) {
    source->warnings.insert(source->warnings.begin(),
                            {code, std::move(message)});
  }

  // Whoever asks for a language does not want those of the bundles. Where
  // neither is known no language is better than another.
  bool IsUnwanted(std::size_t tier) const {
    return !languages_.empty() &&
           tier >= (request_.language.empty() ? languages_.size() : 1);
  }

  std::string Wanted() const {
    return !request_.language.empty() ? "that was asked for"
           : several_bundles_         ? "of any model"
                                      : "of the model";
  }

  const std::string& video_;
  const SubtitleRequest& request_;
  const LanguageTiers& languages_;
  const bool several_bundles_;
  const TextTrackReader& tracks_;
  std::optional<SubtitleSource> found_;
  std::vector<SubtitleCandidate> candidates_;
  std::vector<Warning> warnings_;  // of sidecars
  std::vector<Warning> of_tracks_;
};

// What is wanted, see ReadSubtitles.
LanguageTiers TiersOf(const std::string& asked,
                      const BundleLanguages& bundles) {
  LanguageTiers tiers;
  if (!asked.empty()) tiers.push_back({asked});
  if (!bundles.empty()) tiers.push_back(bundles.front());
  if (bundles.size() > 1) {
    tiers.emplace_back();
    for (const std::vector<std::string>& languages : bundles)
      tiers.back().insert(tiers.back().end(), languages.begin(),
                          languages.end());
  }
  return tiers;
}

}  // namespace

SubtitleSource ReadSubtitles(const std::string& video,
                             const SubtitleRequest& request,
                             const BundleLanguages& bundles,
                             const TextTrackReader& tracks) {
  if (request.none) return {};
  const LanguageTiers languages = TiersOf(request.language, bundles);
  if (!request.path && !request.track) {
    return Search(video, request, languages, bundles.size() > 1, tracks).Find();
  }
  SubtitleSource source =
      request.path ? ReadSubtitleFile(*request.path, languages, request, tracks)
                   : ReadTrack(video, AskedTrack(video, *request.track, tracks),
                               request.encoding, tracks);
  if (request.path) source.source = "option";
  if (source.cues.empty()) {
    source.warnings.push_back(
        {"subtitle_empty", source.name + ": holds no cue with words"});
  }
  return source;
}

SubtitleSource ReadHeardWords(const std::string& video, const std::string& srt,
                              const std::string& language) {
  SubtitleSource source;
  source.source = "speech";
  source.language = language;
  source.name = video + ": speech";
  if (!srt.empty()) source.cues = ParseSubtitles(source.name, srt).cues;
  return source;
}

}  // namespace vsa
