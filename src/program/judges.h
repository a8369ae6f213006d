// The bundles of a run, and what judges by each.
#ifndef VSA_PROGRAM_JUDGES_H_
#define VSA_PROGRAM_JUDGES_H_

#include <memory>
#include <vector>

#include "analysis/judge.h"
#include "backends/backends.h"
#include "model/bundle.h"
#include "model/deferred.h"
#include "model/dtype.h"
#include "model/lazy_model.h"
#include "model/lazy_tokenizer.h"
#include "program/common_options.h"
#include "vsa/cropper.h"
#include "vsa/tokenizer.h"

namespace vsa {

// Whether --model or $VSA_MODEL names one bundle.
bool NamesBundle(const CommonOptions& options);

// The bundles that may judge: that of --model or $VSA_MODEL, a folder or a name
// in the models folder; with "auto", or without either, those of the models
// folder that are for it. At least one. Throws Error (kSetup).
std::vector<Bundle> LoadChosenBundles(const CommonOptions& options);

DType ChosenDType(const CommonOptions& options);

// The bundle's tokenizer, with words for emoji where it has a table of them,
// Chinese as simplified where it lists "zh", and capitals as it asks for them.
std::unique_ptr<Tokenizer> LoadTokenizer(const Bundle& bundle);

// What cuts the evidence out of frames. Throws Error (kSetup) if the bundle's
// detector cannot be used. The result belongs to one thread at a time.
Cropper MakeCropper(const Bundle& bundle);

// A bundle that no item needs is never loaded, and of the others each part once
// in a run, by the first item that needs it; one for frames that several
// bundles name serves them all.
class Judges {
 public:
  Judges(std::vector<Bundle> bundles, DType dtype);

  // Begins to load the library of the networks, which takes long: decoding
  // starts meanwhile.
  void Start() const { library_.Start(); }

  // In the order of the bundles. They must not outlive this.
  std::vector<Judge> all() const;

 private:
  struct Parts {
    Parts(Bundle its_bundle, DType dtype, const Deferred<PartLoaders>& library,
          const std::vector<const LazyModel*>& others);

    const Bundle bundle;
    const LazyTokenizer tokenizer;
    const LazyModel model;
  };

  const DType dtype_;
  const Deferred<PartLoaders> library_;
  std::vector<std::unique_ptr<const Parts>> parts_;
};

}  // namespace vsa

#endif  // VSA_PROGRAM_JUDGES_H_
