// A cue of ten hours: what is held of its faces does not grow.
#include <gmock/gmock.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "analysis/analyze.h"
#include "analysis/extract.h"
#include "tests/analysis/fakes.h"
#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

// Bytes of a face's vector, and of its picture: nothing else has this size.
constexpr std::size_t kFloats = 1031;
constexpr std::size_t kBytes = kFloats * sizeof(float);

std::atomic<int> held{0};  // blocks of kBytes
std::atomic<int> most_held{0};

// In front of each block stands its size.
constexpr std::size_t kHead = alignof(std::max_align_t);

}  // namespace
}  // namespace vsa

// Never inlined: the compiler would warn of new's head that delete steps over.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const block = std::malloc(size + vsa::kHead);
  if (block == nullptr) throw std::bad_alloc();
  *static_cast<std::size_t*>(block) = size;
  if (size == vsa::kBytes) {
    const int now = ++vsa::held;
    int most = vsa::most_held;
    while (now > most && !vsa::most_held.compare_exchange_weak(most, now)) {
    }
  }
  return static_cast<char*>(block) + vsa::kHead;
}

// Not left to the library: a sanitizer has one of its own.
[[gnu::noinline]] void* operator new(std::size_t size,
                                     const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

[[gnu::noinline]] void operator delete(void* pointer) noexcept {
  if (pointer == nullptr) return;
  char* const block = static_cast<char*>(pointer) - vsa::kHead;
  if (*reinterpret_cast<std::size_t*>(block) == vsa::kBytes) --vsa::held;
  std::free(block);
}

[[gnu::noinline]] void operator delete(void* pointer, std::size_t) noexcept {
  operator delete(pointer);
}

namespace vsa {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr int kFrames = 10 * 3600 * 2;

class LongVideo : public FakeVideo {
 public:
  LongVideo() : FakeVideo({}, hours(10)) {}
  bool Next(Frame* frame) override {
    if (given_ == kFrames) return false;
    frame->time = milliseconds(500 * given_++);
    return true;
  }

 private:
  int given_ = 0;
};

class WideModel : public FakeModel {
 public:
  std::vector<std::vector<float>> EncodeFrames(
      const std::vector<const Image*>& images) const override {
    return std::vector<std::vector<float>>(images.size(),
                                           std::vector<float>(kFloats));
  }
  std::vector<FusionOutput> Fuse(
      const std::vector<Evidence>& evidence) const override {
    return std::vector<FusionOutput>(evidence.size());
  }
};

class LongSegmentTest : public TemporaryFolder {
 protected:
  LongSegmentTest() {
    judge_.text.max_tokens = 10;
    judge_.segments = {1.0, 10.0, {1.0, 0.25}};
    judge_.tokenizer = &tokenizer_;
    judge_.model = &model_;
    engine_.open_video = [](const std::string&, const Sampling&) {
      return std::make_unique<LongVideo>();
    };
    judge_.make_cropper = [] {
      return [](const Frame&) {
        Crop crop;
        crop.image = {1, 1, std::vector<std::uint8_t>(kBytes)};
        return std::vector<Crop>{crop};
      };
    };
    item_.video = (folder_ / "a.mp4").string();
    item_.subtitles =
        Write("a.srt", "1\n00:00:01,000 --> 09:59:00,000\nA cue.\n");
    most_held = held.load();
  }

  FakeTokenizer tokenizer_;
  WideModel model_;
  Engine engine_;
  Judge& judge_ = engine_.judges.front();
  Item item_;
};

// Frames that wait between decoding and encoding, a batch or two, and a second
// before and behind the cue.
constexpr int kOnTheWay = 200;

TEST_F(LongSegmentTest, OfAnalyzeHoldsNoMoreThanItKeeps) {
  const Analysis analysis = Analyze(item_, engine_);
  EXPECT_EQ(analysis.segments.at(1).segment.text, "A cue.");
  EXPECT_GT(analysis.segments[1].frames, 71000);
  EXPECT_EQ(analysis.segments[1].faces, 400);
  EXPECT_LE(most_held, 2 * 400 + kOnTheWay);
}

TEST_F(LongSegmentTest, OfWordsOverTheWholeVideoHoldsNoMoreThanItKeeps) {
  item_.words = "All of it.";
  const Analysis analysis = Analyze(item_, engine_);
  ASSERT_EQ(analysis.segments.size(), 1u);
  EXPECT_EQ(analysis.segments[0].frames, kFrames);
  EXPECT_EQ(analysis.segments[0].faces, 400);
  EXPECT_LE(most_held, 2 * 400 + kOnTheWay);
}

TEST_F(LongSegmentTest, OfExtractHoldsNoMoreThanItKeeps) {
  std::vector<std::size_t> faces;
  int frames = 0;
  ExtractSegments(item_, engine_, [&](const ExtractedSegment& segment) {
    faces.push_back(segment.faces.size());
    frames += segment.frames;
  });
  EXPECT_THAT(faces, testing::Contains(400u));
  EXPECT_EQ(frames, kFrames);
  EXPECT_LE(most_held, 400 + kOnTheWay);
}

}  // namespace
}  // namespace vsa
