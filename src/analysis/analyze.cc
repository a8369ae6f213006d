#include "analysis/analyze.h"

#include <algorithm>
#include <memory>

#include "analysis/audience.h"
#include "analysis/evidence_source.h"
#include "analysis/explain.h"
#include "analysis/frame_encoder.h"
#include "analysis/frame_source.h"
#include "analysis/item_words.h"
#include "analysis/prediction.h"
#include "analysis/segment_walk.h"
#include "analysis/text_vectors.h"
#include "analysis/timed.h"
#include "base/task_pool.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using Vector = std::vector<float>;

using Clock = std::chrono::steady_clock;

// The place of the first modality that is there.
std::optional<std::size_t> First(const std::vector<bool>& present) {
  const auto found = std::find(present.begin(), present.end(), true);
  if (found == present.end()) return std::nullopt;
  return static_cast<std::size_t>(found - present.begin());
}

// Judges finished segments by the evidence of all modalities.
class Verdicts {
 public:
  Verdicts(const EvidenceInput& input, const TakeSegment& take,
           Analysis* analysis)
      : judge_(input.judge),
        explain_(input.item.explain),
        take_(take),
        analysis_(analysis) {
    for (const EvidenceKind& kind : judge_.modalities)
      sources_.push_back(kind.open(input));
  }

  // Segments come in the order of time.
  void Add(std::vector<SeenSegment<EncodedFace>> segments) {
    if (segments.empty()) return;
    std::vector<Evidence> evidence;
    std::vector<std::vector<FaceSource>> sources;
    std::vector<std::size_t> places;
    for (SeenSegment<EncodedFace>& seen : segments) {
      SegmentVerdict verdict;
      verdict.segment = std::move(seen.segment);
      verdict.frames = seen.frames;
      verdict.faces = static_cast<int>(seen.faces.size());
      ModalityEvidence faces;
      std::vector<FaceSource> from;
      for (EncodedFace& face : seen.faces) {
        faces.vectors.push_back(std::move(face.vector));
        faces.weights.push_back(face.weight);
        from.push_back(face.source);
      }
      Evidence one;
      for (std::size_t i = 0; i < sources_.size(); ++i) {
        one.push_back(sources_[i]->Take(verdict.segment, faces));
        verdict.present.push_back(!one[i].vectors.empty());
        if (verdict.present[i]) analysis_->present[i] = true;
      }
      if (take_) take_({verdict.segment, verdict.frames, one, from});
      if (First(verdict.present)) {
        evidence.push_back(std::move(one));
        sources.push_back(std::move(from));
        places.push_back(analysis_->segments.size());
      }
      analysis_->segments.push_back(std::move(verdict));
    }
    const std::vector<FusionOutput> outputs = Timed(
        &analysis_->seconds.fuse, [&] { return judge_.model->Fuse(evidence); });
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      SegmentVerdict& verdict = analysis_->segments[places[i]];
      verdict.prediction = ToPrediction(outputs[i]);
      if (explain_) {
        verdict.explanation = Timed(&analysis_->seconds.explain, [&] {
          return Explain(evidence[i], verdict.segment.text, sources[i],
                         outputs[i], judge_);
        });
      }
    }
  }

 private:
  const Judge& judge_;
  const bool explain_;
  const TakeSegment& take_;
  Analysis* const analysis_;
  std::vector<std::unique_ptr<EvidenceSource>> sources_;
};

// The mean of the segments' verdicts, each weighted by its duration and by the
// first of its modalities.
std::optional<Prediction> Average(const std::vector<SegmentVerdict>& segments,
                                  const SegmentSpec& spec) {
  PredictionMean mean;
  for (const SegmentVerdict& verdict : segments) {
    if (!verdict.prediction || verdict.segment.after_end) continue;
    const double seconds = std::chrono::duration<double>(verdict.segment.end -
                                                         verdict.segment.start)
                               .count();
    mean.Add(*verdict.prediction,
             seconds * spec.weights.at(*First(verdict.present)));
  }
  return mean.Get();
}

// To each segment with words the mean of the cues that it was made of, each by
// how long it is part of it.
void AddConfidence(const std::vector<HeardCue>& cues,
                   std::vector<SegmentVerdict>* segments) {
  for (SegmentVerdict& verdict : *segments) {
    if (verdict.segment.text.empty()) continue;
    double sum = 0, all = 0;
    for (auto cue = std::lower_bound(
             cues.begin(), cues.end(), verdict.segment.start,
             [](const HeardCue&one, Time time) { return one.end <= time; });
         cue != cues.end() && cue->start < verdict.segment.end; ++cue) {
      const auto shared =
          static_cast<double>((std::min(cue->end, verdict.segment.end) -
                               std::max(cue->start, verdict.segment.start))
                                  .count());
      sum += shared * cue->confidence;
      all += shared;
    }
    if (all > 0) verdict.confidence = sum / all;
  }
}

}  // namespace

Analysis Analyze(const Item& item, const Engine& engine,
                 const TakeSegment& take_segment) {
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
  TaskPool pool(engine.workers);
  ItemWords words = ReadItemWords(item, reader->info(), engine, &pool);
  const Judge& judge = *words.judge;
  analysis.model = judge.name;
  for (const EvidenceKind& kind : judge.modalities)
    analysis.modalities.push_back(kind.modality);
  analysis.present.resize(judge.modalities.size());
  SubtitleSource& source = words.source;
  analysis.speech = words.speech;
  analysis.seconds.hear = words.hear_seconds;
  analysis.subtitle_source = source.source;
  analysis.subtitle_path = source.path;
  analysis.subtitle_format = source.format;
  analysis.subtitle_encoding = source.encoding;
  analysis.subtitle_track = source.track;
  analysis.subtitle_language = source.language;
  analysis.cues = static_cast<int>(source.cues.size());
  analysis.warnings = std::move(source.warnings);
  std::optional<AudienceFile> audience = ReadAudience(item, &analysis.warnings);

  SegmentWalk<EncodedFace> walk(std::move(words.utterances), judge.segments,
                                item.sampling);
  Verdicts verdicts({item, judge, &analysis.seconds, walk.texts()},
                    take_segment, &analysis);
  FrameEncoder encoder(judge.model, &pool);
  FrameSource frames(reader.get(), judge.make_cropper, &pool);
  const auto take = [&](bool wait_for_all) {
    while (auto ready = encoder.Take(wait_for_all))
      verdicts.Add(walk.Add(*std::move(ready)));
  };
  while (std::optional<CroppedFrame> frame = frames.Next()) {
    ++analysis.frames_sampled;
    encoder.Add(std::move(*frame));
    take(/*wait_for_all=*/false);
  }
  take(/*wait_for_all=*/true);
  const Time media_end = reader->media_end();
  verdicts.Add(walk.Finish(encoder.End(), reader->end(), media_end));

  if (words.speech) AddConfidence(words.heard, &analysis.segments);
  analysis.info = reader->info();
  if (!item.sampling.end) analysis.info.duration = media_end;
  AddWarnings(*reader, source, item.sampling, &analysis.warnings);
  if (audience) {
    analysis.audience = Observe(
        std::move(*audience), item,
        std::min(media_end, item.sampling.end.value_or(media_end)),
        engine.judges, judge,
        [](const std::vector<std::string>& texts, const Judge& by) {
          return AnalyzeTexts(texts, by);
        },
        &analysis.warnings);
  }
  analysis.whole = Average(analysis.segments, judge.segments);
  if (!analysis.whole) {
    analysis.warnings.push_back(
        {"no_evidence",
         item.video + ": neither words that the bundle knows nor faces were "
                      "found"});
  }
  analysis.seconds.decode = frames.decode_seconds();
  analysis.seconds.encode_frames = encoder.seconds();
  analysis.seconds.crop = frames.crop_seconds();
  analysis.seconds.total =
      std::chrono::duration<double>(Clock::now() - start).count();
  return analysis;
}

std::vector<std::optional<Prediction>> AnalyzeTexts(
    const std::vector<std::string>& texts, const Judge& judge) {
  std::vector<Vector> vectors =
      EncodeTexts(texts, *judge.tokenizer, *judge.model, judge.text);
  std::vector<Evidence> evidence;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (vectors[i].empty()) continue;
    evidence.emplace_back(judge.modalities.size());
    evidence.back()[kText] = TextEvidence(std::move(vectors[i]));
    places.push_back(i);
  }
  const std::vector<FusionOutput> outputs = judge.model->Fuse(evidence);
  std::vector<std::optional<Prediction>> predictions(texts.size());
  for (std::size_t i = 0; i < outputs.size(); ++i)
    predictions[places[i]] = ToPrediction(outputs[i]);
  return predictions;
}

}  // namespace vsa
