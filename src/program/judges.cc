#include "program/judges.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "base/current_error.h"
#include "base/path_of_program.h"
#include "model/models_folder.h"
#include "text/capitals.h"
#include "text/chinese.h"
#include "text/language.h"
#include "tokenizer/adapted_text.h"
#include "tokenizer/emoji_words.h"
#include "tokenizer/sentencepiece_module.h"
#include "tokenizer/wordpiece.h"
#include "vsa/error.h"

namespace vsa {

namespace {

// What --model or $VSA_MODEL says.
std::string AskedBundle(const CommonOptions& options) {
  if (!options.model.empty()) return options.model;
  const char* from_environment = std::getenv("VSA_MODEL");
  return from_environment != nullptr ? from_environment : "";
}

std::vector<Bundle> LoadFromModelsFolder(const std::string& models) {
  constexpr const char* kAdvice = "; name one with --model DIR or VSA_MODEL";
  if (models.empty()) {
    throw Error(ErrorKind::kSetup,
                "no model bundle found beside " + PathOfProgram() + kAdvice);
  }
  std::vector<Bundle> bundles = LoadAutoBundles(models);
  if (bundles.empty()) {
    throw Error(ErrorKind::kSetup,
                models + ": holds no bundle that --model auto takes" + kAdvice);
  }
  return bundles;
}

// The folder of a bundle that is named by its folder, or by its name in the
// models folder.
std::string FolderOf(const std::string& asked, const std::string& models) {
  std::error_code ignored;
  // Shells complete a name with a slash.
  const std::string wanted = asked.substr(0, asked.find_last_not_of('/') + 1);
  if (wanted.find('/') != wanted.npos || models.empty() ||
      std::filesystem::is_directory(asked, ignored)) {
    return asked;
  }
  std::string known;
  for (const std::string& name : NamesOfBundles(models)) {
    if (name == wanted) return models + "/" + name;
    known += (known.empty() ? "" : ", ") + name;
  }
  throw Error(ErrorKind::kSetup,
              asked + ": is no folder, and no bundle in " + models +
                  "; expected a folder, auto" +
                  (known.empty() ? "" : ", or one of " + known));
}

}  // namespace

bool NamesBundle(const CommonOptions& options) {
  const std::string asked = AskedBundle(options);
  return !asked.empty() && asked != "auto";
}

std::vector<Bundle> LoadChosenBundles(const CommonOptions& options) {
  const std::string asked = AskedBundle(options);
  const std::string models = FindModelsFolder(PathOfProgram());
  const bool is_named = NamesBundle(options);
  try {
    if (!is_named) return LoadFromModelsFolder(models);
    return {LoadBundle(FolderOf(asked, models))};
  } catch (...) {
    throw CurrentError(is_named ? asked : models, ErrorKind::kSetup);
  }
}

DType ChosenDType(const CommonOptions& options) {
  if (options.dtype == "auto") return NativeDType();
  return options.dtype == "bf16" ? DType::kBf16 : DType::kFp32;
}

std::unique_ptr<Tokenizer> LoadTokenizer(const Bundle& bundle) {
  const BundleFile& file = bundle.vocabulary;
  try {
    const std::string bytes = ReadBundleFile(file);
    std::unique_ptr<Tokenizer> tokenizer =
        bundle.text.tokenizer == "sentencepiece"
            ? ParseSentencePiece(bytes, file.path)
            : ParseWordPiece(bytes, file.path, bundle.text);
    if (bundle.text.lower_capitals)
      tokenizer = WithAdaptedText(std::move(tokenizer), LowerIfAllCapitals);
    if (IsOneOf("zh", bundle.languages))
      tokenizer = WithAdaptedText(std::move(tokenizer), SimplifyIfChinese);
    if (bundle.emoji.path.empty()) return tokenizer;
    return WithEmojiWords(
        std::move(tokenizer),
        EmojiWords(ReadBundleFile(bundle.emoji), bundle.emoji.path));
  } catch (...) {
    throw CurrentError(file.path, ErrorKind::kSetup);
  }
}

Cropper MakeCropper(const Bundle& bundle) {
  return Media().make_cropper(
      bundle.frames, bundle.detector.path,
      bundle.frames.faces ? ReadBundleFile(bundle.detector) : "");
}

Judges::Parts::Parts(Bundle its_bundle, DType dtype,
                     const Deferred<PartLoaders>& library,
                     const std::vector<const LazyModel*>& others)
    : bundle(std::move(its_bundle)),
      tokenizer([this] { return LoadTokenizer(bundle); }),
      model(
          bundle, dtype, [&library] { return library.Get(); }, others) {}

Judges::Judges(std::vector<Bundle> bundles, DType dtype)
    : dtype_(dtype), library_([] { return Torch(); }) {
  std::vector<const LazyModel*> models;
  for (Bundle& bundle : bundles) {
    parts_.push_back(std::make_unique<const Parts>(std::move(bundle), dtype,
                                                   library_, models));
    models.push_back(&parts_.back()->model);
  }
}

std::vector<Judge> Judges::all() const {
  std::vector<Judge> judges;
  for (const std::unique_ptr<const Parts>& parts : parts_) {
    const Bundle& bundle = parts->bundle;
    Judge judge;
    judge.name = {bundle.name, bundle.version, bundle.sha256,
                  dtype_ == DType::kBf16 ? "bf16" : "fp32"};
    judge.languages = bundle.languages;
    judge.text = bundle.text;
    judge.segments = bundle.segments;
    judge.tokenizer = &parts->tokenizer;
    judge.model = &parts->model;
    judge.make_cropper = [&bundle] { return MakeCropper(bundle); };
    judges.push_back(std::move(judge));
  }
  return judges;
}

}  // namespace vsa
