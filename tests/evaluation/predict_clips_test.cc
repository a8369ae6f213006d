// Clips whose videos fail, by whatever is thrown.
#include "evaluation/predict_clips.h"

#include <gmock/gmock.h>

#include <new>

#include "tests/analysis/fakes.h"
#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using testing::ElementsAre;

class PredictClipsTest : public TemporaryFolder {
 protected:
  PredictClipsTest() {
    std::filesystem::create_directory(folder_ / "v");
    judge_.text.max_tokens = 16;
    judge_.segments.weights = {1.0, 0.25};
    judge_.tokenizer = &tokenizer_;
    judge_.model = &model_;
    judge_.make_cropper = [] {
      return [](const Frame&) { return std::vector<Crop>(); };
    };
  }

  std::string Video(const std::string& clip) {
    return Write("v/" + clip + ".mp4", "");
  }

  FakeTokenizer tokenizer_;
  FakeModel model_;
  Engine engine_;
  Judge& judge_ = engine_.judges.front();
};

TEST_F(PredictClipsTest, AForeignExceptionEndsTheClipAndNotTheRun) {
  const std::string odd = Video("1"), full = Video("2"), good = Video("3");
  engine_.open_video = [&](const std::string& path, const Sampling&) {
    if (path == odd) throw std::runtime_error("odd");
    if (path == full) throw std::bad_alloc();
    return std::make_unique<FakeVideo>(std::vector<Time>{Time(0)}, Time(40000));
  };
  std::vector<LabelledClip> clips(3);
  for (int i = 0; i < 3; ++i) {
    clips[i].video_id = "v";
    clips[i].clip_id = std::to_string(i + 1);
    clips[i].text = "good";
  }
  const ClipRun run = PredictClips(clips, folder_, engine_, 1);
  EXPECT_THAT(run.errors, ElementsAre(odd + ": odd (a fault of vsa)",
                                      full + ": not enough memory"));
  EXPECT_TRUE(run.clips[0].failed);
  EXPECT_TRUE(run.clips[1].failed);
  EXPECT_FALSE(run.clips[2].failed);
  EXPECT_EQ(run.clips[2].score, 1);
}

TEST_F(PredictClipsTest, AFailureWithinNamesTheVideoOnce) {
  const std::string sound = Write("v/1.m4a", ""), video = Video("1");
  engine_.open_video = [&](const std::string& path,
                           const Sampling&) -> std::unique_ptr<VideoReader> {
    if (path == sound) throw Error(ErrorKind::kInput, path + ": is no video");
    throw Error(ErrorKind::kInternal, "text.pt: encode failed");
  };
  std::vector<LabelledClip> clips(1);
  clips[0].video_id = "v";
  clips[0].clip_id = "1";
  const ClipRun run = PredictClips(clips, folder_, engine_, 1);
  EXPECT_THAT(run.errors, ElementsAre(video + ": text.pt: encode failed"));
}

TEST_F(PredictClipsTest, AModelThatCannotBeUsedEndsTheRun) {
  Video("1");
  engine_.open_video = [](const std::string&,
                          const Sampling&) -> std::unique_ptr<VideoReader> {
    throw Error(ErrorKind::kSetup, "m.pt: is broken");
  };
  std::vector<LabelledClip> clips(1);
  clips[0].video_id = "v";
  clips[0].clip_id = "1";
  EXPECT_THROW(PredictClips(clips, folder_, engine_, 1), Error);
}

}  // namespace
}  // namespace vsa
