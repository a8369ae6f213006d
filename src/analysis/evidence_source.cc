#include "analysis/evidence_source.h"

#include <utility>

#include "analysis/judge.h"
#include "analysis/text_vectors.h"
#include "analysis/timed.h"
#include "base/thread_group.h"

namespace vsa {
namespace {

// Encodes all texts at once, on a thread of its own, while the video is read.
class TextSource : public EvidenceSource {
 public:
  explicit TextSource(const EvidenceInput& input) {
    encoding_.Start([this, texts = input.utterances, judge = &input.judge,
                     seconds = &input.seconds->encode_text] {
      vectors_ = Timed(seconds, [&] {
        return EncodeTexts(texts, *judge->tokenizer, *judge->model,
                           judge->text);
      });
    });
  }

  ModalityEvidence Take(const Segment& segment,
                        const ModalityEvidence&) override {
    if (segment.text.empty()) return {};
    encoding_.Join();
    return TextEvidence(std::move(vectors_.at(next_++)));
  }

 private:
  std::vector<std::vector<float>> vectors_;
  std::size_t next_ = 0;
  ThreadGroup encoding_;  // last: it ends before what it uses
};

class FramesSource : public EvidenceSource {
 public:
  ModalityEvidence Take(const Segment&,
                        const ModalityEvidence& faces) override {
    return faces;
  }
};

}  // namespace

std::vector<EvidenceKind> AllEvidence() {
  std::vector<EvidenceKind> all(kModalities.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i].modality = kModalities[i];
  all[kText].open = [](const EvidenceInput& input) {
    return std::make_unique<TextSource>(input);
  };
  all[kFrames].open = [](const EvidenceInput&) {
    return std::make_unique<FramesSource>();
  };
  return all;
}

ModalityEvidence TextEvidence(std::vector<float> vector) {
  if (vector.empty()) return {};
  return {{std::move(vector)}, {1}};
}

}  // namespace vsa
