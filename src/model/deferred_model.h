// A model that is still being loaded: the first call waits for it. Decoding
// starts meanwhile.
#ifndef VSA_MODEL_DEFERRED_MODEL_H_
#define VSA_MODEL_DEFERRED_MODEL_H_

#include <functional>
#include <future>
#include <memory>
#include <utility>

#include "vsa/model.h"

namespace vsa {

// Every call, and Wait, throws what `load` threw.
class DeferredModel : public Model {
 public:
  explicit DeferredModel(std::function<std::unique_ptr<Model>()> load)
      : model_(std::async(std::launch::async, std::move(load)).share()) {}

  void Wait() const { model_.get(); }

  std::vector<std::vector<float>> EncodeText(
      const std::vector<std::vector<std::int32_t>>& rows) const override {
    return model_.get()->EncodeText(rows);
  }
  std::vector<std::vector<float>> EncodeFrames(
      const std::vector<const Image*>& images) const override {
    return model_.get()->EncodeFrames(images);
  }
  std::vector<FusionOutput> Fuse(
      const std::vector<Evidence>& evidence) const override {
    return model_.get()->Fuse(evidence);
  }

 private:
  std::shared_future<std::unique_ptr<Model>> model_;
};

}  // namespace vsa

#endif  // VSA_MODEL_DEFERRED_MODEL_H_
