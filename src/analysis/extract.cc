#include "analysis/extract.h"

#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <utility>

#include "analysis/frame_source.h"
#include "analysis/item_words.h"
#include "analysis/kept_faces.h"
#include "analysis/segment.h"
#include "analysis/timeline.h"
#include "base/checked_json.h"
#include "base/figures.h"
#include "base/file.h"
#include "base/one_line.h"
#include "base/task_pool.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema = "vsa.extract/1";
constexpr const char* kSegments = "segments.jsonl";
constexpr const char* kFaces = "faces";

std::string Line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Whether a folder is one that ExtractionFolder wrote, or empty.
bool IsExtraction(const fs::path& folder) {
  std::ifstream segments(folder / kSegments);
  if (!segments) return fs::is_empty(folder);
  std::string line;
  if (!std::getline(segments, line)) return true;
  const std::optional<Json> json = ParseJson(line);
  return json && json->is_object() && json->value("schema", Json()) == kSchema;
}

// Whether `path` is `folder` or lies in it.
bool Within(const fs::path& path, const fs::path& folder) {
  const fs::path relative = fs::weakly_canonical(path).lexically_relative(
      fs::weakly_canonical(folder));
  return !relative.empty() && *relative.begin() != "..";
}

// Writes the crops of a segment to `folder`/`faces`; what the segment's line
// says of them.
Json WriteCrops(const std::vector<ExtractedFace>& extracted,
                const std::string& folder, const std::string& faces,
                const ExtractionFolder::EncodePng& encode_png) {
  Json crops = Json::array();
  for (const auto& [time, number, crop] : extracted) {
    char name[48];
    std::snprintf(name, sizeof name, "%08lld-%zu.png",
                  static_cast<long long>(time.count() / 1000), number);
    const std::string path = faces + "/" + name;
    std::error_code ignored;
    fs::create_directories(fs::path(folder) / faces, ignored);
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

ExtractionFolder::ExtractionFolder(const std::string& path,
                                   const std::vector<std::string>& inputs,
                                   bool force, EncodePng encode_png)
    : path_(path), encode_png_(std::move(encode_png)) {
  try {
    fs::create_directories(path);
    for (const std::string& input : inputs) {
      if (Within(input, fs::path(path) / kSegments) ||
          Within(input, fs::path(path) / kFaces))
        throw Error(ErrorKind::kSetup,
                    path + ": would replace the input " + input +
                        "; the output must be another folder");
    }
    if (!force && !IsExtraction(path))
      throw Error(ErrorKind::kSetup,
                  path +
                      ": exists and is no folder of vsa extract; use "
                      "--force to write into it");
    fs::remove(fs::path(path) / kSegments);
    fs::remove_all(fs::path(path) / kFaces);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::kSetup,
                path + ": cannot be written: " + error.code().message());
  }
  Append("");
}

std::vector<Warning> ExtractionFolder::Add(const Item& item,
                                           const Engine& engine) {
  const std::string faces = kFaces + ("/" + std::to_string(videos_));
  std::string lines;
  int count = 0;
  try {
    std::vector<Warning> warnings =
        ExtractSegments(item, engine, [&](const ExtractedSegment& extracted) {
          const Segment& segment = extracted.segment;
          const Json json = {{"schema", kSchema},
                             {"video", item.video},
                             {"segment", count++},
                             {"start", SecondsOf(segment.start)},
                             {"end", SecondsOf(segment.end)},
                             {"text", segment.text},
                             {"frames", extracted.frames},
                             {"faces", WriteCrops(extracted.faces, path_, faces,
                                                  encode_png_)}};
          lines += Line(json);
        });
    // No line names a crop that a crash could still take.
    std::error_code none;
    if (fs::exists(fs::path(path_) / faces, none)) SyncFileSystem(path_);
    Append(lines);
    ++videos_;
    return warnings;
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(fs::path(path_) / faces, ignored);
    throw;
  }
}

void ExtractionFolder::AddFailure(const Item& item, const Error& error) {
  const char* kind =
      error.kind() == ErrorKind::kInternal ? "internal" : "input";
  Append(
      Line({{"schema", kSchema},
            {"video", item.video},
            {"error", {{"kind", kind}, {"message", OneLine(error.what())}}}}));
  ++videos_;
}

void ExtractionFolder::Append(const std::string& lines) {
  const fs::path path = fs::path(path_) / kSegments;
  std::error_code error;
  const auto before = fs::exists(path, error) ? fs::file_size(path, error) : 0;
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << lines << std::flush;
  if (file) return;
  file.close();
  fs::resize_file(path, before, error);  // no half line
  throw Error(ErrorKind::kSetup, path.string() + ": cannot be written");
}

}  // namespace vsa
