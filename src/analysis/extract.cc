#include "analysis/extract.h"

#include <cstdio>
#include <utility>

#include "analysis/frame_source.h"
#include "analysis/item_words.h"
#include "analysis/segment_walk.h"
#include "base/checked_json.h"
#include "base/figures.h"
#include "base/file.h"
#include "base/task_pool.h"

namespace vsa {
namespace {

// A crop, whole or as a killed run left it: "00001500-0.png",
// "00001500-0.png.part-17".
bool IsCrop(const std::string& name) {
  const std::string crop = name.substr(0, name.find(".part-"));
  const std::size_t stem = crop.find_first_not_of("0123456789-");
  return stem != crop.npos && stem > 0 && crop.substr(stem) == ".png";
}

// Writes the crops of a segment to `folder`/`faces`; what the segment's line
// says of them.
Json WriteCrops(const std::vector<ExtractedFace>& extracted,
                const std::string& folder, const std::string& faces,
                const EncodePng& encode_png) {
  Json crops = Json::array();
  for (const ExtractedFace& face : extracted) {
    char name[48];
    std::snprintf(name, sizeof name, "%08lld-%zu.png",
                  static_cast<long long>(face.time.count() / 1000),
                  face.number);
    const std::string path = faces + "/" + name;
    MakeFolder(folder + "/" + faces);
    WriteFileUnsynced(folder + "/" + path, encode_png(face.image));
    crops.push_back({{"path", path},
                     {"time", SecondsOf(face.time)},
                     {"weight", Rounded(face.weight)},
                     {"box",
                      {Rounded(face.x), Rounded(face.y), Rounded(face.width),
                       Rounded(face.height)}},
                     {"score", Rounded(face.score)}});
  }
  return crops;
}

}  // namespace

std::vector<Warning> ExtractSegments(
    const Item& item, const Engine& engine,
    const std::function<void(const ExtractedSegment&)>& take) {
  const std::unique_ptr<VideoReader> reader =
      engine.open_video(item.video, item.sampling);
  TaskPool pool(engine.workers);
  ItemWords words = ReadItemWords(item, reader->info(), engine, &pool);
  SegmentWalk<ExtractedFace> walk(std::move(words.utterances),
                                  words.judge->segments, item.sampling);
  const auto give = [&](const std::vector<ExtractedSegment>& segments) {
    for (const ExtractedSegment& segment : segments) take(segment);
  };
  FrameSource frames(reader.get(), words.judge->make_cropper, &pool);
  while (std::optional<CroppedFrame> frame = frames.Next()) {
    std::vector<SeenFrame<ExtractedFace>> seen(1);
    seen[0].time = frame->time;
    for (Crop& crop : frame->crops) {
      seen[0].faces.push_back(
          {std::move(crop), frame->time, seen[0].faces.size()});
    }
    give(walk.Add(std::move(seen)));
  }
  give(walk.Finish({}, reader->end(), reader->media_end()));
  std::vector<Warning> warnings = std::move(words.source.warnings);
  AddWarnings(*reader, words.source, item.sampling, &warnings);
  return warnings;
}

const ExtractionKind kCrops = {"vsa.extract/1", "vsa extract", "--output",
                               "faces", IsCrop};

std::vector<Warning> AddCrops(const Item& item, const Engine& engine,
                              const EncodePng& encode_png,
                              ExtractionFolder* folder) {
  std::vector<Warning> warnings;
  folder->Add(item, [&](const std::string& files) {
    std::vector<Json> lines;
    warnings =
        ExtractSegments(item, engine, [&](const ExtractedSegment& extracted) {
          const Segment& segment = extracted.segment;
          lines.push_back({{"start", SecondsOf(segment.start)},
                           {"end", SecondsOf(segment.end)},
                           {"text", segment.text},
                           {"frames", extracted.frames},
                           {"faces", WriteCrops(extracted.faces, folder->path(),
                                                files, encode_png)}});
        });
    return lines;
  });
  return warnings;
}

}  // namespace vsa
