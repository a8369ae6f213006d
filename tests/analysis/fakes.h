// Stand-ins for the three seams. Each supplies what a test wants and records
// what it was asked.
#ifndef VSA_TESTS_ANALYSIS_FAKES_H_
#define VSA_TESTS_ANALYSIS_FAKES_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "speech/recognise.h"
#include "vsa/modality.h"
#include "vsa/model.h"
#include "vsa/tokenizer.h"
#include "vsa/video.h"

namespace vsa {

// Frames at fixed times; the first byte of each frame's picture is its number.
class FakeVideo : public VideoReader {
 public:
  FakeVideo(std::vector<Time> times, Time end)
      : times_(std::move(times)), end_(end) {
    info_.width = 2;
    info_.height = 1;
    info_.frame_rate = 25;
  }

  const VideoInfo& info() const override { return info_; }
  bool Next(Frame* frame) override {
    if (next_ == times_.size()) return false;
    frame->time = times_[next_];
    frame->image = {2, 1, std::vector<std::uint8_t>(6)};
    frame->image.pixels[0] = static_cast<std::uint8_t>(next_++);
    return true;
  }
  Time end() const override { return end_; }
  const std::vector<Warning>& warnings() const override { return warnings_; }

  VideoInfo info_;
  std::vector<Warning> warnings_;

 private:
  std::vector<Time> times_;
  Time end_;
  std::size_t next_ = 0;
};

// A token for every word between spaces: the id is the word's length.
class FakeTokenizer : public Tokenizer {
 public:
  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    std::int32_t length = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && text[i] != ' ') {
        ++length;
      } else if (length > 0) {
        ids->push_back(std::exchange(length, 0));
      }
    }
  }
  std::string_view TokenOf(std::int32_t) const override { return "word"; }
};

// What a recogniser hears in 4 s of English: a text from 1 to 3 s.
inline Heard OneHeardCue(const std::string& text) {
  Heard heard;
  heard.language.tag = "en";
  heard.language.probability = 0.9;
  heard.length = std::chrono::seconds(4);
  HeardCue cue;
  cue.start = std::chrono::seconds(1);
  cue.end = std::chrono::seconds(3);
  cue.text = text;
  cue.confidence = 0.75;
  heard.cues.push_back(cue);
  return heard;
}

// Evidence of a text, its vector or none, and of faces.
inline Evidence WordsAndFaces(std::vector<std::vector<float>> text,
                              ModalityEvidence faces) {
  std::vector<float> weights(text.size(), 1);
  return {{std::move(text), std::move(weights)}, std::move(faces)};
}

// A text's vector is the sum of its ids without [CLS] and [SEP]; a picture's is
// its first byte. The fusion adds them to the intensity, weighted, so that a
// test sees which evidence reached which segment.
class FakeModel : public Model {
 public:
  std::vector<std::vector<float>> EncodeText(
      const std::vector<std::vector<std::int32_t>>& rows) const override {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::vector<float>> vectors;
    for (const auto& row : rows) {
      text_rows_.push_back(row);
      float sum = 0;
      for (std::size_t i = 1; i + 1 < row.size(); ++i)
        sum += static_cast<float>(row[i]);
      vectors.push_back({sum});
    }
    return vectors;
  }

  std::vector<std::vector<float>> EncodeFrames(
      const std::vector<const Image*>& images) const override {
    std::lock_guard<std::mutex> lock(mutex_);
    frame_batches_.push_back(images.size());
    std::vector<std::vector<float>> vectors;
    for (const Image* image : images)
      vectors.push_back({static_cast<float>(image->pixels[0])});
    return vectors;
  }

  std::vector<FusionOutput> Fuse(
      const std::vector<Evidence>& evidence) const override {
    std::vector<FusionOutput> outputs;
    for (const Evidence& one : evidence) {
      std::lock_guard<std::mutex> lock(mutex_);
      fused_.push_back(one);
      FusionOutput output;
      output.intensity = one[kText].vectors.empty() ? -1 : 1;
      output.sentiment_logits = {0, 0, output.intensity};
      for (const ModalityEvidence& of : one)
        output.shares.emplace_back(of.vectors.size());
      outputs.push_back(output);
    }
    return outputs;
  }

  mutable std::mutex mutex_;
  mutable std::vector<std::vector<std::int32_t>> text_rows_;
  mutable std::vector<std::size_t> frame_batches_;
  mutable std::vector<Evidence> fused_;
};

}  // namespace vsa

#endif  // VSA_TESTS_ANALYSIS_FAKES_H_
