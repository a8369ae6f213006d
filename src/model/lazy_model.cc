#include "model/lazy_model.h"

#include <cstdint>
#include <utility>

#include "vsa/modality.h"

namespace vsa {

namespace {

using Vectors = std::vector<std::vector<float>>;

// Whether one part serves both: its bytes tell, wherever they lie.
bool HaveSameFrames(const Bundle& a, const Bundle& b) {
  return a.frames_module.sha256 == b.frames_module.sha256 &&
         a.frames.size == b.frames.size && a.frames.width == b.frames.width;
}

}  // namespace

LazyModel::LazyModel(const Bundle& bundle, DType dtype,
                     std::function<PartLoaders()> loaders,
                     const std::vector<const LazyModel*>& others)
    : bundle_(bundle),
      loaders_(std::move(loaders)),
      text_([this, dtype] {
        std::string bytes = ReadBundleFile(bundle_.text_module);
        return loaders_().load_text(bundle_, std::move(bytes), dtype);
      }),
      frames_(FramesOf(bundle, dtype, loaders_, others)),
      fusion_([this] {
        std::string bytes = ReadBundleFile(bundle_.fusion_module);
        return loaders_().load_fusion(bundle_, std::move(bytes));
      }) {}

LazyModel::Frames LazyModel::FramesOf(
    const Bundle& bundle, DType dtype,
    const std::function<PartLoaders()>& loaders,
    const std::vector<const LazyModel*>& others) {
  for (const LazyModel* other : others)
    if (HaveSameFrames(bundle, other->bundle_)) return other->frames_;
  // By value: it may outlive the model that made it.
  return std::make_shared<const Deferred<FrameEncoder>>(
      [bundle, dtype, loaders] {
        std::string bytes = ReadBundleFile(bundle.frames_module);
        return loaders().load_frames(bundle, std::move(bytes), dtype);
      });
}

// The fusion is begun with an encoder: what that gives is fused.
Vectors LazyModel::EncodeText(
    const std::vector<std::vector<std::int32_t>>& rows) const {
  if (rows.empty()) return {};
  text_.Start();
  fusion_.Start();
  return text_.Get()(rows);
}

Vectors LazyModel::EncodeFrames(const std::vector<const Image*>& images) const {
  if (images.empty()) return {};
  frames_->Start();
  fusion_.Start();
  return frames_->Get()(images);
}

std::vector<FusionOutput> LazyModel::Fuse(
    const std::vector<Evidence>& evidence) const {
  if (evidence.empty()) return {};
  return fusion_.Get()(evidence);
}

void LazyModel::Check() const {
  text_.Start();
  frames_->Start();
  fusion_.Start();
  const int side = bundle_.frames.size;
  const Image black{
      side, side,
      std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side * 3)};
  Evidence evidence(kModalities.size());
  evidence[kText] = {EncodeText({{bundle_.text.cls, bundle_.text.sep}}), {1}};
  evidence[kFrames] = {EncodeFrames({&black}), {1}};
  Fuse({evidence});
}

}  // namespace vsa
