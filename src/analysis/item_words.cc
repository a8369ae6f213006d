#include "analysis/item_words.h"

#include <utility>

#include "analysis/bundle_choice.h"
#include "analysis/item_subtitles.h"
#include "analysis/segment.h"
#include "analysis/timed.h"
#include "speech/transcript.h"
#include "subtitle/languages_of_lines.h"
#include "video/sampling.h"

namespace vsa {
namespace {

// More than ten days of talk without a pause.
constexpr std::size_t kMostUtterances = 100000;

// Makes what is said in the video its words, as if a file of them had been
// given.
void Hear(const Item& item, const Engine& engine, TaskPool* pool,
          ItemWords* words) {
  std::vector<Warning> warnings;
  std::optional<Heard> heard = Timed(
      &words->hear_seconds, [&] { return engine.hear(item, pool, &warnings); });
  SubtitleSource& source = words->source;
  if (heard && !heard->language.tag.empty()) {
    SubtitleSource spoken =
        ReadHeardWords(item.video, FormatSrt(heard->cues), heard->language.tag);
    // What other sources lacked is said, too.
    spoken.warnings = std::move(source.warnings);
    source = std::move(spoken);
    words->speech =
        HeardSpeech{heard->language.tag, heard->language.probability,
                    heard->length, engine.speech()};
  }
  source.warnings.insert(source.warnings.end(), warnings.begin(),
                         warnings.end());
  if (heard) words->heard = std::move(heard->cues);
}

std::vector<Segment> Utterances(const Item& item, const SegmentSpec& spec,
                                std::optional<Time> duration,
                                SubtitleSource* source) {
  if (item.words) return {{Time(0), kLongestVideo, *item.words}};
  std::vector<Segment> utterances = JoinCues(source->cues, spec, duration);
  if (utterances.size() > kMostUtterances) {
    utterances.resize(kMostUtterances);
    source->warnings.push_back(
        {"too_many_segments", item.video + ": has words for more than " +
                                  std::to_string(kMostUtterances) +
                                  " segments; the first ones are judged"});
  }
  return utterances;
}

}  // namespace

bool IsHeard(const Item& item, const std::string& source) {
  if (item.words || item.subtitles) return false;
  if (item.transcribe == Transcribe::kAlways) return true;
  return item.transcribe == Transcribe::kAuto && source == "none" &&
         !item.no_subtitles && !item.track;
}

ItemWords ReadItemWords(const Item& item, const VideoInfo& info,
                        const Engine& engine, TaskPool* pool) {
  ItemWords words;
  const BundleLanguages languages = LanguagesOf(engine.judges);
  if (item.transcribe != Transcribe::kAlways || item.subtitles) {
    words.source = ReadSubtitles(item.video, RequestOf(item, info), languages,
                                 engine.tracks);
  }
  if (engine.hear && IsHeard(item, words.source.source))
    Hear(item, engine, pool, &words);
  words.judge = &engine.judges[ChooseBundle(item.language, words.source,
                                            languages, &words.source.warnings)];
  SubtitleSource& source = words.source;
  if (auto warning =
          KeepLinesIn(words.judge->languages, source.name, &source.cues))
    source.warnings.push_back(*std::move(warning));
  words.utterances =
      Utterances(item, words.judge->segments, info.duration, &source);
  return words;
}

}  // namespace vsa
