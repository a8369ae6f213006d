#include "analysis/extract.h"

#include <cstdio>
#include <deque>
#include <utility>

#include "analysis/frame_source.h"
#include "analysis/item_words.h"
#include "analysis/kept_faces.h"
#include "analysis/segment.h"
#include "analysis/timeline.h"
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
  for (const auto& [time, number, crop] : extracted) {
    char name[48];
    std::snprintf(name, sizeof name, "%08lld-%zu.png",
                  static_cast<long long>(time.count() / 1000), number);
    const std::string path = faces + "/" + name;
    MakeFolder(folder + "/" + faces);
    WriteFileUnsynced(folder + "/" + path, encode_png(crop.image));
    crops.push_back({{"path", path},
                     {"time", SecondsOf(time)},
                     {"weight", Rounded(crop.weight)},
                     {"box",
                      {Rounded(crop.x), Rounded(crop.y), Rounded(crop.width),
                       Rounded(crop.height)}},
                     {"score", Rounded(crop.score)}});
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
  const ItemWords words = ReadItemWords(item, reader->info(), engine, &pool);
  const SubtitleSource& source = words.source;
  const Judge& judge = *words.judge;
  Timeline timeline(JoinCues(source.cues, judge.segments), judge.segments,
                    item.sampling.start, item.sampling.end);
  std::deque<CroppedFrame> seen;
  int count = 0;  // of the frames of the segment that is given next
  KeptFaces<ExtractedFace> faces;
  const auto gather = [&](Time time) {
    for (; !seen.empty() && seen.front().time < time; seen.pop_front()) {
      ++count;
      std::size_t number = 0;
      for (Crop& crop : seen.front().crops) {
        const float weight = crop.weight;
        faces.Add(weight, {seen.front().time, number++, std::move(crop)});
      }
    }
  };
  const auto give = [&](std::vector<Segment> segments) {
    for (Segment& segment : segments) {
      gather(segment.end);
      take({std::move(segment), std::exchange(count, 0), faces.Take()});
    }
  };
  FrameSource frames(reader.get(), judge.make_cropper, &pool);
  while (std::optional<CroppedFrame> frame = frames.Next()) {
    const Time now = frame->time;
    seen.push_back(std::move(*frame));
    give(timeline.Advance(now));
    gather(timeline.next_reaches());
  }
  give(timeline.Finish(reader->end(), reader->media_end()));
  std::vector<Warning> warnings = source.warnings;
  warnings.insert(warnings.end(), reader->warnings().begin(),
                  reader->warnings().end());
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
