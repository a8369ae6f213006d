#include "model/bundle.h"

#include <openssl/evp.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "vsa.bundle/1";

// Reads values out of model.json by their dotted names; every complaint names
// the file and the value.
class Fields {
 public:
  Fields(json root, std::string path)
      : root_(std::move(root)), path_(std::move(path)) {}

  [[noreturn]] void Fail(const std::string& reason) const {
    throw Error(ErrorKind::kSetup, path_ + ": " + reason);
  }

  const json& At(const std::string& name) const {
    const json* value = Find(name);
    if (value == nullptr) Fail("\"" + name + "\" is missing");
    return *value;
  }

  bool Has(const std::string& name) const { return Find(name) != nullptr; }

  std::string String(const std::string& name) const {
    const json& value = At(name);
    if (!value.is_string() || value.get_ref<const std::string&>().empty())
      Fail("\"" + name + "\" must be a text that is not empty");
    return value;
  }

  bool Bool(const std::string& name) const {
    const json& value = At(name);
    if (!value.is_boolean()) Fail("\"" + name + "\" must be true or false");
    return value;
  }

  int Int(const std::string& name, int least, int most) const {
    const json& value = At(name);
    if (!value.is_number_integer() || value < least || value > most) {
      Fail("\"" + name + "\" must be a whole number from " +
           std::to_string(least) + " to " + std::to_string(most));
    }
    return value;
  }

  double Number(const std::string& name, double least, double most) const {
    const json& value = At(name);
    if (!value.is_number() || !(value >= least) || !(value <= most)) {
      Fail("\"" + name + "\" must be a number from " + json(least).dump() +
           " to " + json(most).dump());
    }
    return value;
  }

  std::vector<std::string> Strings(const std::string& name) const {
    const json& value = At(name);
    std::vector<std::string> strings;
    if (value.is_array()) {
      for (const json& element : value) {
        if (element.is_string()) strings.push_back(element);
      }
    }
    if (strings.empty() || strings.size() != value.size())
      Fail("\"" + name + "\" must be a list of texts");
    return strings;
  }

 private:
  const json* Find(const std::string& name) const {
    const json* value = &root_;
    std::size_t start = 0;
    while (start <= name.size()) {
      const std::size_t dot = std::min(name.find('.', start), name.size());
      if (!value->is_object()) return nullptr;
      const auto it = value->find(name.substr(start, dot - start));
      if (it == value->end()) return nullptr;
      value = &*it;
      start = dot + 1;
    }
    return value;
  }

  json root_;
  std::string path_;
};

template <std::size_t N>
void CheckClasses(const Fields& fields, const std::string& name,
                  const std::array<const char*, N>& expected) {
  const std::vector<std::string> classes = fields.Strings(name);
  if (!std::equal(classes.begin(), classes.end(), expected.begin(),
                  expected.end())) {
    fields.Fail("\"" + name + "\" must be " + json(expected).dump());
  }
}

// The path of files.KEY, after its SHA-256 was found right.
std::string CheckedFile(const Fields& fields, const std::string& folder,
                        const std::string& key) {
  const std::string name = fields.String("files." + key + ".path");
  if (name.find('/') != std::string::npos || name == "..")
    fields.Fail("\"files." + key +
                ".path\" must be the name of a file in the bundle's folder");
  const std::string path = folder + "/" + name;
  const std::string found = Sha256(ReadFile(path, ErrorKind::kSetup));
  const std::string expected = fields.String("files." + key + ".sha256");
  if (found != expected) {
    throw Error(ErrorKind::kSetup,
                path +
                    ": is not the file that model.json names: its SHA-256 is " +
                    found + ", expected " + expected);
  }
  return path;
}

TextSpec ParseText(const Fields& fields) {
  TextSpec text;
  text.tokenizer = fields.String("text.tokenizer");
  if (text.tokenizer != "wordpiece" && text.tokenizer != "sentencepiece") {
    fields.Fail(
        "\"text.tokenizer\" must be \"wordpiece\" or \"sentencepiece\"");
  }
  if (text.tokenizer == "wordpiece") {
    text.lower_case = fields.Bool("text.lower_case");
    if (!fields.At("text.strip_accents").is_null())
      text.strip_accents = fields.Bool("text.strip_accents");
    text.split_chinese = fields.Bool("text.split_chinese");
    text.max_word_characters = fields.Int("text.max_word_characters", 1, 1000);
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

FrameSpec ParseFrames(const Fields& fields) {
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
  return frames;
}

}  // namespace

std::string Sha256(const std::string& bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(),
                 nullptr) != 1) {
    throw Error(ErrorKind::kInternal,
                "SHA-256 is not available in the crypto library");
  }
  static constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kHex[digest[i] >> 4];
    hex += kHex[digest[i] & 15];
  }
  return hex;
}

Bundle LoadBundle(const std::string& folder) {
  const std::string path = folder + "/model.json";
  if (!std::filesystem::is_directory(folder)) {
    throw Error(ErrorKind::kSetup,
                folder + ": is not a folder; expected a model bundle");
  }
  const std::string bytes = ReadFile(path, ErrorKind::kSetup);
  json root;
  try {
    root = json::parse(bytes);
  } catch (const json::parse_error& error) {
    const std::size_t lines =
        1 + std::count(bytes.begin(),
                       bytes.begin() + std::min(bytes.size(), error.byte),
                       '\n');
    throw Error(ErrorKind::kSetup,
                path + ":" + std::to_string(lines) + ": is not JSON");
  }
  const Fields fields(std::move(root), path);
  const std::string format = fields.String("format");
  if (format != kFormat) {
    fields.Fail("format \"" + format +
                "\" is not known to this version of vsa; expected \"" +
                kFormat + "\"");
  }

  Bundle bundle;
  bundle.folder = folder;
  bundle.sha256 = Sha256(bytes);
  bundle.name = fields.String("name");
  bundle.version = fields.String("version");
  bundle.license = fields.String("license");
  bundle.languages = fields.Strings("languages");
  bundle.fusion = fields.String("fusion");
  if (bundle.fusion != "concat" && bundle.fusion != "attention") {
    fields.Fail("\"fusion\" must be \"concat\" or \"attention\"");
  }
  CheckClasses(fields, "sentiment", kSentiments);
  CheckClasses(fields, "emotions", kEmotions);
  bundle.text = ParseText(fields);
  bundle.frames = ParseFrames(fields);
  bundle.segments.pause = fields.Number("segments.pause", 0, 3600);
  bundle.segments.longest = fields.Number("segments.longest", 1, 3600);
  for (const Modality& modality : kModalities) {
    bundle.segments.weights.push_back(fields.Number(
        std::string("segments.weight.") + modality.weight, 0, 1000));
  }

  bundle.module = CheckedFile(fields, folder, "module");
  bundle.vocabulary = CheckedFile(fields, folder, "vocab");
  if (bundle.frames.faces)
    bundle.detector = CheckedFile(fields, folder, "detector");
  return bundle;
}

}  // namespace vsa
