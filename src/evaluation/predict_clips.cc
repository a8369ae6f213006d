#include "evaluation/predict_clips.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/current_error.h"
#include "base/thread_group.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

// Of one batch of the text encoder: one at a time takes three times as long.
constexpr std::size_t kTextsAtOnce = 16;

ClipPrediction Of(const std::optional<Prediction>& prediction, bool text,
                  bool pictures) {
  if (!prediction) return NoPrediction(/*failed=*/false);
  ClipPrediction clip;
  clip.score = static_cast<float>(prediction->intensity);
  clip.probabilities = prediction->sentiment;
  clip.text = text;
  clip.pictures = pictures;
  return clip;
}

// Of the first of `files` that is a video: a clip may have sound or subtitles
// beside it.
ClipPrediction OfVideo(const std::vector<std::string>& files,
                       const std::string& words, const Engine& engine) {
  std::optional<Error> first;
  for (const std::string& file : files) {
    Item item;
    item.video = file;
    item.words = words;
    try {
      const Analysis analysis = Analyze(item, engine);
      return Of(analysis.whole, analysis.present[kText],
                analysis.present[kFrames]);
    } catch (...) {
      const Error error = CurrentError(file);
      if (error.kind() != ErrorKind::kInput) throw error;
      if (!first) first = error;
    }
  }
  throw *first;
}

// Puts the predictions of the clips at `places`, by their words alone, into
// `all`.
void PredictWords(const std::vector<LabelledClip>& clips,
                  std::vector<std::size_t> places, const Engine& engine,
                  int workers, std::vector<ClipPrediction>* all) {
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) {
                     return clips[a].text.size() < clips[b].text.size();
                   });
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t start;
         (start = next.fetch_add(kTextsAtOnce)) < places.size();) {
      const std::size_t end = std::min(places.size(), start + kTextsAtOnce);
      std::vector<std::string> texts;
      for (std::size_t i = start; i < end; ++i)
        texts.push_back(clips[places[i]].text);
      const auto predictions = AnalyzeTexts(texts, engine.judges.front());
      for (std::size_t i = start; i < end; ++i)
        (*all)[places[i]] = Of(predictions[i - start], true, false);
    }
  };
  ThreadGroup threads([&] { next = places.size(); });
  for (int i = 0; i < workers; ++i) threads.Start(work);
  threads.Join();
}

}  // namespace

std::vector<std::string> ClipFiles(const LabelledClip& clip,
                                   const std::string& videos) {
  std::vector<std::string> files;
  const std::string start = clip.clip_id + ".";
  std::error_code error;
  for (fs::directory_iterator at(fs::path(videos) / clip.video_id, error), end;
       !error && at != end; at.increment(error)) {
    std::error_code of_entry;
    if (at->path().filename().string().compare(0, start.size(), start) == 0 &&
        at->is_regular_file(of_entry))
      files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

ClipRun PredictClips(const std::vector<LabelledClip>& clips,
                     const std::string& videos, const Engine& engine,
                     int workers) {
  std::error_code error;
  if (!videos.empty() && !fs::is_directory(videos, error))
    throw Error(ErrorKind::kUsage,
                videos + ": is no folder; expected that of the videos");
  ClipRun run;
  run.clips.resize(clips.size());
  std::vector<std::size_t> words_alone;
  std::vector<std::pair<std::size_t, std::vector<std::string>>> with_files;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    std::vector<std::string> files;
    if (!videos.empty()) files = ClipFiles(clips[i], videos);
    if (files.empty()) {
      words_alone.push_back(i);
    } else {
      with_files.emplace_back(i, std::move(files));
    }
  }
  run.without_video = static_cast<int>(words_alone.size());
  PredictWords(clips, std::move(words_alone), engine, workers, &run.clips);
  // One by one: a video keeps all cores busy by itself.
  for (const auto& [i, files] : with_files) {
    try {
      run.clips[i] = OfVideo(files, clips[i].text, engine);
    } catch (...) {
      const Error error = CurrentError("");  // OfVideo names the file
      if (!IsFailureOfItem(error)) throw;
      run.clips[i] = NoPrediction(/*failed=*/true);
      run.errors.push_back(error.what());
    }
  }
  return run;
}

}  // namespace vsa
