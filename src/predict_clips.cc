#include "predict_clips.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <optional>

#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  ClipPrediction prediction;
  std::string error;
  bool without_video = false;
};

// Files of a clip in the order of their names' bytes.
std::vector<std::string> FilesOf(const LabelledClip& clip,
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
      return Of(analysis.whole, analysis.text, analysis.visual);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      if (!first) first = error;
    }
  }
  throw *first;
}

Outcome PredictClip(const LabelledClip& clip, const std::string& videos,
                    const Engine& engine) {
  Outcome outcome;
  const std::vector<std::string> files =
      videos.empty() ? std::vector<std::string>() : FilesOf(clip, videos);
  outcome.without_video = files.empty();
  try {
    outcome.prediction = files.empty()
                             ? Of(AnalyzeText(clip.text, engine), true, false)
                             : OfVideo(files, clip.text, engine);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput &&
        error.kind() != ErrorKind::kInternal)
      throw;
    outcome.prediction = NoPrediction(/*failed=*/true);
    outcome.error = error.what();
  }
  return outcome;
}

}  // namespace

ClipRun PredictClips(const std::vector<LabelledClip>& clips,
                     const std::string& videos, const Engine& engine,
                     int workers) {
  std::error_code error;
  if (!videos.empty() && !fs::is_directory(videos, error))
    throw Error(ErrorKind::kUsage,
                videos + ": is no folder; expected that of the videos");
  // A video keeps all cores busy by itself.
  if (!videos.empty()) workers = 1;
  std::vector<Outcome> outcomes(clips.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i; (i = next++) < clips.size();) {
      try {
        outcomes[i] = PredictClip(clips[i], videos, engine);
      } catch (...) {
        next = clips.size();
        throw;
      }
    }
  };
  std::vector<std::future<void>> others;
  for (int i = 1; i < workers; ++i)
    others.push_back(std::async(std::launch::async, work));
  work();
  for (std::future<void>& other : others) other.get();
  ClipRun run;
  for (Outcome& outcome : outcomes) {
    run.clips.push_back(std::move(outcome.prediction));
    if (!outcome.error.empty()) run.errors.push_back(std::move(outcome.error));
    run.without_video += outcome.without_video;
  }
  return run;
}

}  // namespace vsa
