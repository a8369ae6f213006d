#include "model/bundle.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/ascii.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "vsa.bundle/2";

// That the list `name` is `expected`, in this order.
void CheckNames(const BundleFields& fields, const std::string& name,
                const std::vector<std::string>& expected) {
  if (fields.Strings(name) != expected)
    fields.Fail("\"" + name + "\" must be " + json(expected).dump());
}

// "en" or "zh-Hant": a code of two or three letters, and perhaps more.
bool IsTag(const std::string& text) {
  const std::size_t code = std::min(text.find_first_of("-_"), text.size());
  return (code == 2 || code == 3) &&
         std::all_of(text.begin(), text.begin() + code, IsAsciiLetter);
}

std::vector<std::string> ParseLanguages(const BundleFields& fields) {
  std::vector<std::string> languages = fields.Strings("languages");
  if (!std::all_of(languages.begin(), languages.end(), IsTag))
    fields.Fail("\"languages\" must be a list of tags such as \"en\"");
  return languages;
}

TextSpec ParseText(const BundleFields& fields) {
  TextSpec text;
  text.tokenizer = fields.String("text.tokenizer.kind");
  if (text.tokenizer != "wordpiece" && text.tokenizer != "sentencepiece") {
    fields.Fail(
        "\"text.tokenizer.kind\" must be \"wordpiece\" or "
        "\"sentencepiece\"");
  }
  if (text.tokenizer == "wordpiece") {
    text.lower_case = fields.Bool("text.tokenizer.lower_case");
    if (!fields.At("text.tokenizer.strip_accents").is_null())
      text.strip_accents = fields.Bool("text.tokenizer.strip_accents");
    text.split_chinese = fields.Bool("text.tokenizer.split_chinese");
    text.max_word_characters =
        fields.Int("text.tokenizer.max_word_characters", 1, 1000);
  } else if (fields.Has("text.tokenizer.lower_capitals")) {
    text.lower_capitals = fields.Bool("text.tokenizer.lower_capitals");
  }
  constexpr int kMostIds = 10000000;
  text.cls = fields.Int("text.cls", 0, kMostIds);
  text.sep = fields.Int("text.sep", 0, kMostIds);
  text.pad = fields.Int("text.pad", 0, kMostIds);
  text.unk = fields.Int("text.unk", 0, kMostIds);
  text.max_tokens = fields.Int("text.max_tokens", 3, 100000);
  text.width = fields.Int("text.width", 1, 100000);
  return text;
}

FrameSpec ParseFrames(const BundleFields& fields) {
  FrameSpec frames;
  const std::string of = fields.String("frames.of");
  if (of != "faces" && of != "frames")
    fields.Fail("\"frames.of\" must be \"faces\" or \"frames\"");
  frames.faces = of == "faces";
  frames.size = fields.Int("frames.size", 8, 2048);
  frames.shrink_first = fields.Has("frames.shrink_first")
                            ? fields.Int("frames.shrink_first", 0, 2048)
                            : 0;
  frames.width = fields.Int("frames.width", 1, 100000);
  if (frames.faces) {
    frames.margin = fields.Number("frames.margin", -0.4, 4);
    frames.threshold = fields.Number("frames.threshold", 0, 1);
    frames.smallest_face = fields.Int("frames.smallest_face", 1, 10000);
    frames.faces_per_frame = fields.Int("frames.faces_per_frame", 1, 1000);
  }
  if (fields.Has("frames.prior"))
    fields.Shares("frames.prior", kEmotions.size());
  return frames;
}

void CheckFormat(const BundleFields& fields) {
  const std::string format = fields.String("format");
  if (format == "vsa.bundle/1") {
    fields.Fail(
        "format \"vsa.bundle/1\" is that of vsa 0.1; expected "
        "\"vsa.bundle/2\", "
        "which `python -m scripts.export upgrade OLD NEW` makes of it");
  }
  if (format != kFormat) {
    fields.Fail("format \"" + format +
                "\" is not known to this version of vsa; expected \"" +
                kFormat + "\"");
  }
}

bool IsForAuto(const BundleFields& fields) {
  return !fields.Has("auto") || fields.Bool("auto");
}

Bundle ParseBundle(BundleFields fields, const std::string& folder) {
  IsForAuto(fields);  // that it is true or false, whatever it is needed for
  Bundle bundle;
  bundle.folder = folder;
  bundle.sha256 = fields.sha256();
  bundle.name = fields.String("name");
  bundle.version = fields.String("version");
  bundle.license = fields.String("license");
  bundle.languages = ParseLanguages(fields);
  bundle.fusion = fields.String("fusion.kind");
  if (bundle.fusion != "concat" && bundle.fusion != "attention") {
    fields.Fail("\"fusion.kind\" must be \"concat\" or \"attention\"");
  }
  std::vector<std::string> parts;
  for (const Modality& modality : kModalities) parts.push_back(modality.part);
  CheckNames(fields, "fusion.modalities", parts);
  CheckNames(fields, "sentiment", {kSentiments.begin(), kSentiments.end()});
  CheckNames(fields, "emotions", {kEmotions.begin(), kEmotions.end()});
  bundle.text = ParseText(fields);
  bundle.frames = ParseFrames(fields);
  bundle.segments.pause = fields.Number("segments.pause", 0, 3600);
  bundle.segments.longest = fields.Number("segments.longest", 1, 3600);
  for (const Modality& modality : kModalities) {
    bundle.segments.weights.push_back(fields.Number(
        std::string("segments.weight.") + modality.weight, 0, 1000));
  }

  bundle.text_module = fields.File("text.module");
  bundle.vocabulary = fields.File("text.tokenizer.vocab");
  if (fields.Has("text.tokenizer.emoji"))
    bundle.emoji = fields.File("text.tokenizer.emoji");
  bundle.frames_module = fields.File("frames.module");
  if (bundle.frames.faces) bundle.detector = fields.File("frames.detector");
  bundle.fusion_module = fields.File("fusion.module");
  fields.CheckFiles();
  return bundle;
}

BundleFields ReadFields(const std::string& folder) {
  return BundleFields(folder, "model.json", "a model bundle");
}

}  // namespace

Bundle LoadBundle(const std::string& folder) {
  BundleFields fields = ReadFields(folder);
  CheckFormat(fields);
  return ParseBundle(std::move(fields), folder);
}

std::optional<Bundle> LoadAutoBundle(const std::string& folder) {
  BundleFields fields = ReadFields(folder);
  if (fields.String("format") != kFormat || !IsForAuto(fields))
    return std::nullopt;
  return ParseBundle(std::move(fields), folder);
}

}  // namespace vsa
