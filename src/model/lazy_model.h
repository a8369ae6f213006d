// The networks of a bundle, each loaded when it is first needed: a video
// without faces never loads the frame encoder.
#ifndef VSA_MODEL_LAZY_MODEL_H_
#define VSA_MODEL_LAZY_MODEL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/bundle.h"
#include "model/deferred.h"
#include "model/dtype.h"
#include "model/speech_bundle.h"
#include "vsa/model.h"
#include "vsa/speech.h"

namespace vsa {

// The parts of a model, as its methods of the same meaning.
using TextEncoder = std::function<std::vector<std::vector<float>>(
    const std::vector<std::vector<std::int32_t>>& rows)>;
using FrameEncoder = std::function<std::vector<std::vector<float>>(
    const std::vector<const Image*>& images)>;
using Fusion = std::function<std::vector<FusionOutput>(
    const std::vector<Evidence>& evidence)>;

// Each makes a part of the bytes of its file. They throw Error (kSetup), "PATH:
// reason", for bytes that are no such part; so does the part's first call if it
// breaks the contract of a bundle.
struct PartLoaders {
  TextEncoder (*load_text)(const Bundle& bundle, std::string bytes,
                           DType dtype);
  FrameEncoder (*load_frames)(const Bundle& bundle, std::string bytes,
                              DType dtype);
  Fusion (*load_fusion)(const Bundle& bundle, std::string bytes);
  std::unique_ptr<SpeechModel> (*load_speech)(const SpeechBundle& bundle,
                                              std::string encoder,
                                              std::string decoder, DType dtype);
};

// Parts are loaded side by side, each in a thread of its own, which reads and
// checks the file before it asks for the `loaders`: their library may still be
// being loaded.
// Every call throws what the loading of a part that it needs threw: Error
// (kSetup), "PATH: reason".
class LazyModel : public Model {
 public:
  // `loaders` is called by each part that is loaded. `bundle` must outlive the
  // model. `others` are of the same dtype: bundles have faces in common, and
  // where one of them names the same part for frames, that is loaded once.
  LazyModel(const Bundle& bundle, DType dtype,
            std::function<PartLoaders()> loaders,
            const std::vector<const LazyModel*>& others = {});

  std::vector<std::vector<float>> EncodeText(
      const std::vector<std::vector<std::int32_t>>& rows) const override;
  std::vector<std::vector<float>> EncodeFrames(
      const std::vector<const Image*>& images) const override;
  std::vector<FusionOutput> Fuse(
      const std::vector<Evidence>& evidence) const override;

  // Loads all parts: throws what a run may throw later.
  void Check() const;

 private:
  using Frames = std::shared_ptr<const Deferred<FrameEncoder>>;

  static Frames FramesOf(const Bundle& bundle, DType dtype,
                         const std::function<PartLoaders()>& loaders,
                         const std::vector<const LazyModel*>& others);

  const Bundle& bundle_;
  const std::function<PartLoaders()> loaders_;
  const Deferred<TextEncoder> text_;
  const Frames frames_;
  const Deferred<Fusion> fusion_;
};

}  // namespace vsa

#endif  // VSA_MODEL_LAZY_MODEL_H_
