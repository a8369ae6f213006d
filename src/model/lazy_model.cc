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

// A part is used once as soon as it is loaded, so that what goes wrong with it
// later is of a video, whichever comes first.

TextEncoder LoadText(const Bundle& bundle, DType dtype,
                     const PartLoaders& loaders) {
  TextEncoder encode =
      loaders.load_text(bundle, ReadBundleFile(bundle.text_module), dtype);
  encode({{bundle.text.cls, bundle.text.sep}});
  return encode;
}

FrameEncoder LoadFrames(const Bundle& bundle, DType dtype,
                        const PartLoaders& loaders) {
  FrameEncoder encode =
      loaders.load_frames(bundle, ReadBundleFile(bundle.frames_module), dtype);
  const int side = bundle.frames.size;
  const Image black{
      side, side,
      std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side * 3)};
  encode({&black});
  return encode;
}

Fusion LoadFusion(const Bundle& bundle, const PartLoaders& loaders) {
  Fusion fuse =
      loaders.load_fusion(bundle, ReadBundleFile(bundle.fusion_module));
  const auto ones = [](int width) {
    return ModalityEvidence{{std::vector<float>(width, 1)}, {1}};
  };
  Evidence evidence(kModalities.size());
  evidence[kText] = ones(bundle.text.width);
  evidence[kFrames] = ones(bundle.frames.width);
  fuse({evidence});
  return fuse;
}

}  // namespace

LazyModel::LazyModel(const Bundle& bundle, DType dtype,
                     std::function<PartLoaders()> loaders,
                     const std::vector<const LazyModel*>& others)
    : bundle_(bundle),
      loaders_(std::move(loaders)),
      text_([this, dtype] { return LoadText(bundle_, dtype, loaders_()); }),
      frames_(FramesOf(bundle, dtype, loaders_, others)),
      fusion_([this] { return LoadFusion(bundle_, loaders_()); }) {}

LazyModel::Frames LazyModel::FramesOf(
    const Bundle& bundle, DType dtype,
    const std::function<PartLoaders()>& loaders,
    const std::vector<const LazyModel*>& others) {
  for (const LazyModel* other : others)
    if (HaveSameFrames(bundle, other->bundle_)) return other->frames_;
  // By value: it may outlive the model that made it.
  return std::make_shared<const Deferred<FrameEncoder>>(
      [bundle, dtype, loaders] {
        return LoadFrames(bundle, dtype, loaders());
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
  text_.Get();
  frames_->Get();
  fusion_.Get();
}

}  // namespace vsa
