#include "model/bundle.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using nlohmann::json;

namespace fs = std::filesystem;

constexpr const char* kFormat = "vsa.bundle/2";

// Levels of model.json: a bundle has four.
constexpr int kDeepest = 32;

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

  template <typename Integer>
  Integer Int(const std::string& name, Integer least, Integer most) const {
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

  void Shares(const std::string& name, std::size_t count) const {
    const json& value = At(name);
    const auto is_share = [](const json& one) {
      return one.is_number() && one >= 0 && one <= 1;
    };
    if (!value.is_array() || value.size() != count ||
        !std::all_of(value.begin(), value.end(), is_share)) {
      Fail("\"" + name + "\" must be a list of " + std::to_string(count) +
           " numbers from 0 to 1");
    }
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

// That the list `name` is `expected`, in this order.
void CheckNames(const Fields& fields, const std::string& name,
                const std::vector<std::string>& expected) {
  if (fields.Strings(name) != expected)
    fields.Fail("\"" + name + "\" must be " + json(expected).dump());
}

bool IsSha256(const std::string& text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// The file that the object `name` describes. It is looked at by CheckFile.
BundleFile ParseFile(const Fields& fields, const std::string& folder,
                     const std::string& name) {
  constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;
  const std::string path = fields.String(name + ".path");
  if (path[0] == '/' || path.find('\0') != std::string::npos)
    fields.Fail("\"" + name + ".path\" must be relative to the bundle");
  BundleFile file;
  file.path = folder + "/" + path;
  file.bytes = static_cast<std::uint64_t>(
      fields.Int<std::int64_t>(name + ".bytes", 0, kMostBytes));
  file.sha256 = fields.String(name + ".sha256");
  if (!IsSha256(file.sha256))
    fields.Fail("\"" + name + ".sha256\" must be 64 digits from 0 to f");
  return file;
}

// That the file is there with its size, at most beside the bundle.
void CheckFile(const Fields& fields, const std::string& folder,
               const std::string& name, const BundleFile& file) {
  std::error_code error;
  const fs::path above = fs::canonical(folder, error).parent_path();
  const fs::path resolved = fs::weakly_canonical(file.path, error);
  if (!error && std::mismatch(above.begin(), above.end(), resolved.begin(),
                              resolved.end())
                        .first != above.end()) {
    fields.Fail("\"" + name + ".path\" must stay within " + above.string() +
                ", the folder that the bundle lies in");
  }
  const fs::file_status status = fs::status(file.path, error);
  if (!error && !fs::is_regular_file(status))
    throw Error(ErrorKind::kSetup, file.path + ": is not a regular file");
  const std::uintmax_t size = error ? 0 : fs::file_size(file.path, error);
  if (error)
    throw Error(ErrorKind::kSetup,
                file.path + ": cannot be opened: " + error.message());
  if (size != file.bytes) {
    throw Error(ErrorKind::kSetup,
                file.path + ": is not the file that model.json names: it has " +
                    std::to_string(size) + " bytes, expected " +
                    std::to_string(file.bytes));
  }
}

TextSpec ParseText(const Fields& fields) {
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
  if (fields.Has("frames.prior"))
    fields.Shares("frames.prior", kEmotions.size());
  return frames;
}

json ParseModelJson(const std::string& bytes, const std::string& path) {
  const auto check_depth = [&](int depth, json::parse_event_t, json&) {
    if (depth > kDeepest)
      throw Error(ErrorKind::kSetup, path + ": is nested too deep");
    return true;
  };
  try {
    return json::parse(bytes, check_depth);
  } catch (const json::parse_error& error) {
    const auto until =
        static_cast<std::ptrdiff_t>(std::min(bytes.size(), error.byte));
    const auto lines =
        1 + std::count(bytes.begin(), bytes.begin() + until, '\n');
    throw Error(ErrorKind::kSetup,
                path + ":" + std::to_string(lines) + ": is not JSON");
  } catch (const json::exception&) {
    throw Error(ErrorKind::kSetup, path + ": holds a number that is too large");
  }
}

void CheckFormat(const Fields& fields) {
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
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (!fs::status_known(status)) {
    throw Error(ErrorKind::kSetup,
                folder + ": cannot be opened: " + error.message());
  }
  if (!fs::is_directory(status)) {
    throw Error(ErrorKind::kSetup,
                folder + ": is not a folder; expected a model bundle");
  }
  const std::string bytes = ReadFile(path, ErrorKind::kSetup);
  const Fields fields(ParseModelJson(bytes, path), path);
  CheckFormat(fields);

  Bundle bundle;
  bundle.folder = folder;
  bundle.sha256 = Sha256(bytes);
  bundle.name = fields.String("name");
  bundle.version = fields.String("version");
  bundle.license = fields.String("license");
  bundle.languages = fields.Strings("languages");
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

  std::vector<std::pair<std::string, BundleFile>> files;
  const auto file = [&](const std::string& name) {
    files.emplace_back(name, ParseFile(fields, folder, name));
    return files.back().second;
  };
  bundle.text_module = file("text.module");
  bundle.vocabulary = file("text.tokenizer.vocab");
  if (fields.Has("text.tokenizer.emoji"))
    bundle.emoji = file("text.tokenizer.emoji");
  bundle.frames_module = file("frames.module");
  if (bundle.frames.faces) bundle.detector = file("frames.detector");
  bundle.fusion_module = file("fusion.module");
  for (const auto& [name, described] : files)
    CheckFile(fields, folder, name, described);
  return bundle;
}

std::string ReadBundleFile(const BundleFile& file) {
  std::string bytes = ReadFile(file.path, ErrorKind::kSetup);
  const std::string found = Sha256(bytes);
  if (found != file.sha256) {
    throw Error(ErrorKind::kSetup,
                file.path +
                    ": is not the file that model.json names: its SHA-256 is " +
                    found + ", expected " + file.sha256);
  }
  return bytes;
}

}  // namespace vsa
