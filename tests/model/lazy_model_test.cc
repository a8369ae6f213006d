#include "model/lazy_model.h"

#include <gmock/gmock.h>

#include <atomic>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using Vectors = std::vector<std::vector<float>>;

std::atomic<int> texts_loaded, frames_loaded, fusions_loaded;

// Parts whose vectors say how many bytes their files have.
PartLoaders FakeLoaders() {
  PartLoaders loaders;
  loaders.load_text = [](const Bundle&, std::string bytes,
                         DType) -> TextEncoder {
    ++texts_loaded;
    return [size = bytes.size()](const auto& rows) {
      return Vectors(rows.size(), {static_cast<float>(size)});
    };
  };
  loaders.load_frames = [](const Bundle&, std::string bytes,
                           DType) -> FrameEncoder {
    ++frames_loaded;
    return [size = bytes.size()](const auto& images) {
      return Vectors(images.size(), {static_cast<float>(size)});
    };
  };
  loaders.load_fusion = [](const Bundle&, std::string) -> Fusion {
    ++fusions_loaded;
    return [](const auto& evidence) {
      return std::vector<FusionOutput>(evidence.size());
    };
  };
  return loaders;
}

class LazyModelTest : public TemporaryFolder {
 protected:
  LazyModelTest() {
    texts_loaded = frames_loaded = fusions_loaded = 0;
    bundle_.text_module = File("text.pt", "12");
    bundle_.frames_module = File("frames.pt", "123");
    bundle_.fusion_module = File("fusion.pt", "1234");
    bundle_.frames.size = 8;
  }

  BundleFile File(const std::string& name, const std::string& bytes) const {
    return {Write(name, bytes), bytes.size(), Sha256(bytes)};
  }

  Bundle bundle_;
};

TEST_F(LazyModelTest, LoadsAPartWhenItIsFirstNeeded) {
  {
    const LazyModel model(bundle_, DType::kFp32, FakeLoaders);
    EXPECT_EQ(model.EncodeText({{1}, {1}}), Vectors({{2}, {2}}));
    EXPECT_EQ(model.EncodeText({{1}}), Vectors({{2}}));
  }
  EXPECT_EQ(texts_loaded, 1);
  EXPECT_EQ(frames_loaded, 0);
  EXPECT_EQ(fusions_loaded, 1);
}

TEST_F(LazyModelTest, LoadsNothingForNothing) {
  {
    const LazyModel model(bundle_, DType::kFp32, FakeLoaders);
    EXPECT_TRUE(model.EncodeText({}).empty());
    EXPECT_TRUE(model.EncodeFrames({}).empty());
    EXPECT_TRUE(model.Fuse({}).empty());
  }
  EXPECT_EQ(texts_loaded + frames_loaded + fusions_loaded, 0);
}

TEST_F(LazyModelTest, CheckingLoadsAllParts) {
  LazyModel(bundle_, DType::kFp32, FakeLoaders).Check();
  EXPECT_EQ(texts_loaded, 1);
  EXPECT_EQ(frames_loaded, 1);
  EXPECT_EQ(fusions_loaded, 1);
}

TEST_F(LazyModelTest, APartForFramesThatTwoBundlesNameIsLoadedOnce) {
  Bundle other = bundle_;
  other.text_module = File("other.pt", "12345");
  const Image image;
  {
    auto first =
        std::make_unique<const LazyModel>(bundle_, DType::kFp32, FakeLoaders);
    const LazyModel second(other, DType::kFp32, FakeLoaders, {first.get()});
    EXPECT_EQ(second.EncodeFrames({&image}), Vectors({{3}}));
    EXPECT_EQ(first->EncodeFrames({&image}), Vectors({{3}}));
    EXPECT_EQ(first->EncodeText({{1}}), Vectors({{2}}));
    first.reset();
    EXPECT_EQ(second.EncodeText({{1}}), Vectors({{5}}));
    EXPECT_EQ(second.EncodeFrames({&image}), Vectors({{3}}));
  }
  EXPECT_EQ(frames_loaded, 1);
  EXPECT_EQ(texts_loaded, 2);
  EXPECT_EQ(fusions_loaded, 2);
}

TEST_F(LazyModelTest, APartForOtherFramesIsLoadedBesideIt) {
  std::vector<Bundle> others(3, bundle_);
  others[0].frames_module = File("other.pt", "12345");
  others[1].frames.size = 16;
  others[2].frames.width = 4;
  const LazyModel first(bundle_, DType::kFp32, FakeLoaders);
  const Image image;
  for (const Bundle& other : others) {
    frames_loaded = 0;
    const LazyModel second(other, DType::kFp32, FakeLoaders, {&first});
    first.EncodeFrames({&image});
    second.EncodeFrames({&image});
    EXPECT_EQ(frames_loaded, &other == &others[0] ? 2 : 1);
  }
}

// What a call throws.
template <typename Call>
std::string ComplaintOf(Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    return error.what();
  }
  return "";
}

TEST_F(LazyModelTest, APartThatWasAlteredIsNeverLoaded) {
  Write("frames.pt", "124");
  {
    const LazyModel model(bundle_, DType::kFp32, FakeLoaders);
    EXPECT_EQ(model.EncodeText({{1}}).size(), 1u);
    const Image image;
    for (int call = 0; call < 2; ++call) {
      EXPECT_EQ(ComplaintOf([&] { model.EncodeFrames({&image}); }),
                bundle_.frames_module.path +
                    ": is not the file that model.json names: its SHA-256 is " +
                    Sha256("124") + ", expected " + Sha256("123"));
    }
  }
  EXPECT_EQ(frames_loaded, 0);
}

TEST_F(LazyModelTest, EveryCallSaysWhyTheLibraryIsMissing) {
  const LazyModel model(bundle_, DType::kFp32, []() -> PartLoaders {
    throw Error(ErrorKind::kSetup, "libvsa_torch.so: cannot be loaded");
  });
  const Image image;
  EXPECT_EQ(ComplaintOf([&] { model.EncodeText({{1}}); }),
            "libvsa_torch.so: cannot be loaded");
  EXPECT_EQ(ComplaintOf([&] { model.EncodeFrames({&image}); }),
            "libvsa_torch.so: cannot be loaded");
  EXPECT_EQ(ComplaintOf([&] { model.Fuse(std::vector<Evidence>(1)); }),
            "libvsa_torch.so: cannot be loaded");
}

}  // namespace
}  // namespace vsa
