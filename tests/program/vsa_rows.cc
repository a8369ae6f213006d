// Scores single texts and pictures of faces with the parts that `vsa classify`
// is made of, for scripts/check-default-bundle; emoji become no words. Usage:
// vsa_rows --model BUNDLE. stdin: JSON lines {"text": "…"} or {"face":
// "path.png"}; stdout: a JSON line for each.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>

#include "analysis/evidence_source.h"
#include "analysis/text_vectors.h"
#include "backends/media/face_opencv.h"
#include "backends/torch/model_torch.h"
#include "model/bundle.h"
#include "tokenizer/wordpiece.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using nlohmann::json;

template <std::size_t N>
json Shares(const std::array<float, N>& logits,
            const std::array<const char*, N>& names) {
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
  json shares;
  for (std::size_t i = 0; i < N; ++i)
    shares[names[i]] = std::exp(static_cast<double>(logits[i])) / sum;
  return shares;
}

Frame ReadPicture(const std::string& path) {
  const cv::Mat picture = cv::imread(path, cv::IMREAD_COLOR);
  if (picture.empty()) throw Error(ErrorKind::kInput, path + ": is no picture");
  Frame frame;
  frame.image = {picture.cols,
                 picture.rows,
                 {picture.data, picture.data + picture.total() * 3}};
  return frame;
}

void Run(const std::string& folder) {
  const Bundle bundle = LoadBundle(folder);
  const LazyModel model(bundle, DType::kFp32, TorchLoaders);
  const auto tokenizer = ParseWordPiece(ReadBundleFile(bundle.vocabulary),
                                        bundle.vocabulary.path, bundle.text);
  FrameSpec faces_as_they_are =
      bundle.frames;  // no detector: the picture is the face
  faces_as_they_are.faces = false;
  const auto crop = MakeCropper(faces_as_they_are, "", "");

  std::vector<Evidence> rows;
  std::vector<std::string> texts;
  std::vector<std::size_t> places;
  for (std::string line; std::getline(std::cin, line);) {
    const json row = json::parse(line);
    Evidence evidence(kModalities.size());
    if (row.contains("text")) {
      texts.push_back(row["text"]);
      places.push_back(rows.size());
    } else {
      const std::vector<Crop> crops = crop(ReadPicture(row["face"]));
      evidence[kFrames] = {model.EncodeFrames({&crops[0].image}), {1}};
    }
    rows.push_back(std::move(evidence));
  }
  std::vector<std::vector<float>> vectors =
      EncodeTexts(texts, *tokenizer, model, bundle.text);
  for (std::size_t i = 0; i < places.size(); ++i)
    rows[places[i]][kText] = TextEvidence(std::move(vectors[i]));
  for (const Evidence& row : rows) {
    const FusionOutput output = model.Fuse({row})[0];
    const json result = {
        {"sentiment", Shares(output.sentiment_logits, kSentiments)},
        {"intensity", output.intensity},
        {"emotions", Shares(output.emotion_logits, kEmotions)}};
    std::cout << result.dump() << "\n";
  }
}

}  // namespace
}  // namespace vsa

int main(int argc, char** argv) {
  if (argc != 3 || std::string(argv[1]) != "--model") {
    std::fprintf(stderr, "usage: vsa_rows --model BUNDLE < ROWS.jsonl\n");
    return 2;
  }
  try {
    vsa::Run(argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vsa_rows: %s\n", error.what());
    return 1;
  }
  return 0;
}
