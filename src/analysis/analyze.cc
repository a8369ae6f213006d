#include "analysis/analyze.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "analysis/audience.h"
#include "analysis/explain.h"
#include "analysis/frame_encoder.h"
#include "analysis/frame_source.h"
#include "analysis/prediction.h"
#include "analysis/segment.h"
#include "analysis/text_vectors.h"
#include "analysis/timed.h"
#include "analysis/timeline.h"
#include "base/task_pool.h"
#include "base/thread_group.h"
#include "subtitle/source.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using Vector = std::vector<float>;

constexpr Time kNoReach{-1};

using Clock = std::chrono::steady_clock;

// Joins finished segments with their text and frames, and takes their verdicts
// from the fusion.
class Verdicts {
 public:
  // `reach`: how far from a segment without a frame one may be that it takes;
  // kNoReach: such a segment has none.
  Verdicts(const Engine& engine, Analysis* analysis,
           std::vector<Segment> utterances, Time reach, bool explain)
      : engine_(engine), analysis_(analysis), reach_(reach), explain_(explain) {
    encoding_texts_.Start([this, &engine, utterances = std::move(utterances)] {
      std::vector<std::string> texts;
      for (const Segment& utterance : utterances)
        texts.push_back(utterance.text);
      texts_ = Timed(&analysis_->seconds.encode_text, [&] {
        return EncodeTexts(texts, *engine.tokenizer, *engine.model,
                           engine.text);
      });
    });
  }

  void Add(std::vector<EncodedFrame> frames) {
    std::move(frames.begin(), frames.end(), std::back_inserter(frames_));
  }

  // No picture is shown at or after `end`: later segments have none.
  void EndPictures(Time end) { pictures_end_ = end; }

  // Segments in the order of time. All frames before their ends, and those
  // within reach of it, have been added.
  void Finish(const std::vector<Segment>& segments) {
    if (segments.empty()) return;
    std::vector<Evidence> evidence;
    std::vector<std::vector<FaceSource>> sources;
    std::vector<std::size_t> places;
    for (const Segment& segment : segments) {
      SegmentVerdict verdict;
      verdict.segment = segment;
      std::vector<FaceSource> faces;
      Evidence one = Collect(&verdict, &faces);
      if (verdict.text || verdict.visual) {
        evidence.push_back(std::move(one));
        sources.push_back(std::move(faces));
        places.push_back(analysis_->segments.size());
      }
      analysis_->text = analysis_->text || verdict.text;
      analysis_->visual = analysis_->visual || verdict.visual;
      analysis_->segments.push_back(std::move(verdict));
    }
    const std::vector<FusionOutput> outputs =
        Timed(&analysis_->seconds.fuse,
              [&] { return engine_.model->Fuse(evidence); });
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      SegmentVerdict& verdict = analysis_->segments[places[i]];
      verdict.prediction = ToPrediction(outputs[i]);
      if (explain_) {
        verdict.explanation = Timed(&analysis_->seconds.explain, [&] {
          return Explain(evidence[i], verdict.segment.text, sources[i],
                         outputs[i], engine_);
        });
      }
    }
  }

 private:
  Evidence Collect(SegmentVerdict* verdict, std::vector<FaceSource>* sources) {
    Evidence evidence(kModalities.size());
    if (!verdict->segment.text.empty()) {
      encoding_texts_.Join();
      Vector& vector = texts_.at(next_text_++);
      verdict->text = !vector.empty();
      if (verdict->text) evidence[kText] = {{std::move(vector)}, {1}};
    }
    while (!frames_.empty() && frames_.front().time < verdict->segment.end) {
      Take(frames_.front(), verdict, &evidence[kFrames], sources);
      last_ = std::move(frames_.front());
      frames_.pop_front();
    }
    if (verdict->frames == 0) TakeNearest(verdict, &evidence[kFrames], sources);
    verdict->visual = !evidence[kFrames].vectors.empty();
    return evidence;
  }

  static void Take(const EncodedFrame& frame, SegmentVerdict* verdict,
                   ModalityEvidence* evidence,
                   std::vector<FaceSource>* sources) {
    ++verdict->frames;
    verdict->faces += static_cast<int>(frame.vectors.size());
    evidence->vectors.insert(evidence->vectors.end(), frame.vectors.begin(),
                             frame.vectors.end());
    evidence->weights.insert(evidence->weights.end(), frame.weights.begin(),
                             frame.weights.end());
    sources->insert(sources->end(), frame.sources.begin(), frame.sources.end());
  }

  void TakeNearest(SegmentVerdict* verdict, ModalityEvidence* evidence,
                   std::vector<FaceSource>* sources) const {
    const Segment& segment = verdict->segment;
    if (segment.start >= pictures_end_) return;
    const EncodedFrame* before =
        last_ && segment.start - last_->time <= reach_ ? &*last_ : nullptr;
    const EncodedFrame* after =
        !frames_.empty() && frames_.front().time - segment.end <= reach_
            ? &frames_.front()
            : nullptr;
    if (before != nullptr && after != nullptr) {
      (segment.start - before->time <= after->time - segment.end ? after
                                                                 : before) =
          nullptr;
    }
    if (before != nullptr) Take(*before, verdict, evidence, sources);
    if (after != nullptr) Take(*after, verdict, evidence, sources);
  }

  const Engine& engine_;
  Analysis* analysis_;
  Time reach_;
  bool explain_;
  Time pictures_end_ = Time::max();
  std::deque<EncodedFrame> frames_;
  std::optional<EncodedFrame> last_;  // the one before frames_
  std::vector<Vector> texts_;  // in the order of the segments that have text
  std::size_t next_text_ = 0;
  ThreadGroup encoding_texts_;  // last: it ends before what it uses
};

// The mean of the segments' verdicts, each weighted by its duration and the
// weight of its kind.
std::optional<Prediction> Average(const std::vector<SegmentVerdict>& segments,
                                  const SegmentSpec& spec) {
  PredictionMean mean;
  for (const SegmentVerdict& verdict : segments) {
    if (!verdict.prediction) continue;
    const double seconds = std::chrono::duration<double>(verdict.segment.end -
                                                         verdict.segment.start)
                               .count();
    mean.Add(*verdict.prediction,
             seconds * spec.weights.at(verdict.text ? kText : kFrames));
  }
  return mean.Get();
}

std::string Seconds(Time time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f s",
                std::chrono::duration<double>(time).count());
  return text;
}

void WarnOfCuesAfter(Time end, const SubtitleSource& source,
                     Analysis* analysis) {
  const std::vector<Cue>& cues = source.cues;
  const auto late = [&](const Cue& cue) { return cue.start >= end; };
  const auto count = std::count_if(cues.begin(), cues.end(), late);
  if (count == 0) return;
  const Cue& first = *std::find_if(cues.begin(), cues.end(), late);
  analysis->warnings.push_back(
      {"cue_after_end", source.name + ":" + std::to_string(first.line) + ": " +
                            std::to_string(count) +
                            (count == 1 ? " cue starts" : " cues start") +
                            " after the pictures end (" + Seconds(end) + ")"});
}

}  // namespace

Analysis Analyze(const Item& item, const Engine& engine) {
  const Clock::time_point start = Clock::now();
  Analysis analysis;
  analysis.id = item.id;
  analysis.date = item.date;
  analysis.video = item.video;
  analysis.keyframes = item.sampling.keyframes;

  // The video first: whoever names a wrong one wants to hear of it, not of its
  // subtitles.
  const std::unique_ptr<VideoReader> reader =
      engine.open_video(item.video, item.sampling);
  SubtitleSource source =
      ReadSubtitles(item.video,
                    {item.subtitles, item.no_subtitles || item.words,
                     item.track, item.encoding, reader->info().duration},
                    engine.languages, engine.tracks);
  analysis.subtitle_source = source.source;
  analysis.subtitle_path = source.path;
  analysis.subtitle_format = source.format;
  analysis.subtitle_encoding = source.encoding;
  analysis.subtitle_track = source.track;
  analysis.subtitle_language = source.language;
  analysis.cues = static_cast<int>(source.cues.size());
  analysis.warnings = std::move(source.warnings);
  std::optional<AudienceFile> audience = ReadAudience(item, &analysis.warnings);

  Timeline timeline(JoinCues(source.cues, engine.segments), engine.segments,
                    item.sampling.start, item.sampling.end);
  std::vector<Segment> utterances = timeline.utterances();
  if (item.words && !item.words->empty())
    utterances = {{item.sampling.start, item.sampling.start, *item.words}};
  // Keyframes are far apart: a segment between two waits for the next one.
  const Time pause(std::llround(engine.segments.pause * 1e6));
  const Time wait = item.sampling.keyframes ? pause : Time(0);
  Verdicts verdicts(engine, &analysis, std::move(utterances),
                    item.sampling.keyframes ? pause : kNoReach, item.explain);
  TaskPool pool(engine.workers);
  FrameEncoder encoder(engine.model, &pool);
  FrameSource frames(reader.get(), engine.make_cropper, &pool);
  const auto take = [&](bool wait_for_all) {
    while (auto ready = encoder.Take(wait_for_all)) {
      const Time now = ready->back().time;
      verdicts.Add(std::move(*ready));
      if (!item.words)
        verdicts.Finish(timeline.Advance(std::max(Time(0), now - wait)));
    }
  };
  while (std::optional<CroppedFrame> frame = frames.Next()) {
    ++analysis.frames_sampled;
    encoder.Add(std::move(*frame));
    take(/*wait_for_all=*/false);
  }
  take(/*wait_for_all=*/true);
  verdicts.Add(encoder.End());
  const Time end = reader->end();
  verdicts.EndPictures(end);
  verdicts.Finish(
      item.words ? std::vector<Segment>{{item.sampling.start, end, *item.words}}
                 : timeline.Finish(end));

  analysis.info = reader->info();
  if (!item.sampling.end) analysis.info.duration = end;
  const std::vector<Warning>& odd = reader->warnings();
  analysis.warnings.insert(analysis.warnings.end(), odd.begin(), odd.end());
  if (!item.sampling.end) WarnOfCuesAfter(end, source, &analysis);
  if (audience) {
    analysis.audience = Observe(
        std::move(*audience), item,
        item.sampling.end ? std::min(*item.sampling.end, end) : end,
        engine.languages,
        [&](const std::vector<std::string>& texts) {
          return AnalyzeTexts(texts, engine);
        },
        &analysis.warnings);
  }
  analysis.whole = Average(analysis.segments, engine.segments);
  if (!analysis.whole) {
    analysis.warnings.push_back(
        {"no_evidence", item.video + ": neither words nor faces were found"});
  }
  analysis.seconds.decode = frames.decode_seconds();
  analysis.seconds.encode_frames = encoder.seconds();
  analysis.seconds.crop = frames.crop_seconds();
  analysis.seconds.total =
      std::chrono::duration<double>(Clock::now() - start).count();
  return analysis;
}

std::vector<std::optional<Prediction>> AnalyzeTexts(
    const std::vector<std::string>& texts, const Engine& engine) {
  std::vector<Vector> vectors =
      EncodeTexts(texts, *engine.tokenizer, *engine.model, engine.text);
  std::vector<Evidence> evidence;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (vectors[i].empty()) continue;
    evidence.emplace_back(kModalities.size());
    evidence.back()[kText] = {{std::move(vectors[i])}, {1}};
    places.push_back(i);
  }
  const std::vector<FusionOutput> outputs = engine.model->Fuse(evidence);
  std::vector<std::optional<Prediction>> predictions(texts.size());
  for (std::size_t i = 0; i < outputs.size(); ++i)
    predictions[places[i]] = ToPrediction(outputs[i]);
  return predictions;
}

}  // namespace vsa
