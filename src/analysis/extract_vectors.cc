#include "analysis/extract_vectors.h"

#include <algorithm>
#include <memory>
#include <string>

#include "analysis/analyze.h"
#include "base/checked_json.h"
#include "base/figures.h"
#include "base/file.h"
#include "base/npy_file.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

// "text.npy"
std::string NameOf(const Modality& modality) {
  return std::string(modality.key) + ".npy";
}

bool IsVectors(const std::string& name) {
  return std::any_of(
      kModalities.begin(), kModalities.end(),
      [&](const Modality& modality) { return name == NameOf(modality); });
}

// The vectors of a video, by modality.
class VectorFiles {
 public:
  // `files` is a folder in `folder`.
  VectorFiles(const std::string& folder, const std::string& files)
      : folder_(folder), files_(files) {}

  // Writes those of a segment; which rows they are, null without any.
  Json Add(std::size_t modality,
           const std::vector<std::vector<float>>& vectors) {
    if (vectors.empty()) return nullptr;
    const std::string path = files_ + "/" + NameOf(kModalities[modality]);
    std::unique_ptr<NpyFile>& file = open_[modality];
    if (!file) {
      MakeFolder(folder_ + "/" + files_);
      file = std::make_unique<NpyFile>(folder_ + "/" + path,
                                       vectors.front().size());
    }
    const std::size_t first = file->rows();
    file->Add(vectors);
    return {{"path", path}, {"rows", {first, file->rows()}}};
  }

 private:
  const std::string folder_;
  const std::string files_;
  std::array<std::unique_ptr<NpyFile>, kModalities.size()> open_;
};

Json LineOf(const JudgedSegment& judged, VectorFiles* files) {
  Json vectors;
  for (std::size_t i = 0; i < kModalities.size(); ++i)
    vectors[kModalities[i].key] = files->Add(i, judged.evidence[i].vectors);
  Json faces = Json::array();
  for (std::size_t i = 0; i < judged.sources.size(); ++i) {
    const FaceSource& face = judged.sources[i];
    faces.push_back({{"time", SecondsOf(face.time)},
                     {"weight", Rounded(judged.evidence[kFrames].weights[i])},
                     {"box",
                      {Rounded(face.x), Rounded(face.y), Rounded(face.width),
                       Rounded(face.height)}}});
  }
  const Segment& segment = judged.segment;
  return {{"start", SecondsOf(segment.start)},
          {"end", SecondsOf(segment.end)},
          {"text", segment.text},
          {"frames", judged.frames},
          {"vectors", vectors},
          {"faces", faces}};
}

}  // namespace

const ExtractionKind kVectors = {"vsa.vectors/1", "vsa extract --vectors",
                                 "--vectors", "vectors", IsVectors};

std::vector<Warning> AddVectors(const Item& item, const Engine& engine,
                                ExtractionFolder* folder) {
  std::vector<Warning> warnings;
  folder->Add(item, [&](const std::string& name) {
    VectorFiles files(folder->path(), name);
    std::vector<Json> lines;
    const Analysis analysis =
        Analyze(item, engine, [&](const JudgedSegment& judged) {
          lines.push_back(LineOf(judged, &files));
        });
    warnings = analysis.warnings;
    const ModelName& model = analysis.model;
    for (Json& line : lines)
      line["model"] = {{"name", model.name},
                       {"version", model.version},
                       {"sha256", model.sha256},
                       {"dtype", model.dtype}};
    return lines;
  });
  return warnings;
}

}  // namespace vsa
