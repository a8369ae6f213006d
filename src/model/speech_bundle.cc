#include "model/speech_bundle.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace vsa {
namespace {

constexpr const char* kFormat = "vsa.speech/1";
constexpr int kMostTokens = 10000000;
constexpr int kLongestText = 448;  // that any Whisper can write, in tokens

// Without times no text is written.
std::vector<SpeechToken> Suppressed(const BundleFields& fields,
                                    const std::string& name,
                                    const SpeechSpec& spec) {
  std::vector<SpeechToken> tokens;
  const nlohmann::json& list = fields.At(name);
  for (const nlohmann::json& one : list) {
    if (one.is_number_integer() && one >= 0 && one < spec.first_timestamp)
      tokens.push_back(one);
  }
  if (!list.is_array() || tokens.size() != list.size()) {
    fields.Fail("\"" + name +
                "\" must be a list of tokens before "
                "\"special.first_timestamp\"");
  }
  return tokens;
}

std::vector<double> Temperatures(const BundleFields& fields) {
  std::vector<double> temperatures;
  const nlohmann::json& list = fields.At("temperatures");
  for (const nlohmann::json& one : list) {
    if (one.is_number() && one >= 0 && one <= 2) temperatures.push_back(one);
  }
  if (!list.is_array() || list.empty() || temperatures.size() != list.size())
    fields.Fail("\"temperatures\" must be a list of numbers from 0 to 2");
  return temperatures;
}

// A tag becomes a part of file names.
bool IsLanguageTag(const std::string& tag) {
  return !tag.empty() && tag.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") ==
                             std::string::npos;
}

void ReadLanguages(const BundleFields& fields, SpeechSpec* spec) {
  const nlohmann::json& languages = fields.At("languages");
  if (!languages.is_object())
    fields.Fail("\"languages\" must be an object of tokens");
  for (const auto& [tag, id] : languages.items()) {
    if (!IsLanguageTag(tag)) {
      fields.Fail("\"languages\" must have tags such as en, not " +
                  nlohmann::json(tag).dump());
    }
    spec->languages[tag] =
        fields.Int<SpeechToken>("languages." + tag, 0, spec->vocabulary - 1);
  }
}

// A Whisper's tokens are text, its end, the other special ones and times.
void CheckOrder(const BundleFields& fields, const SpeechSpec& spec) {
  constexpr double kWindow = 30, kNear = 1e-6;  // seconds
  std::vector<SpeechToken> special = {spec.start, spec.no_speech,
                                      spec.no_timestamps};
  if (!spec.languages.empty()) special.push_back(spec.transcribe);
  for (const auto& [tag, id] : spec.languages) special.push_back(id);
  std::sort(special.begin(), special.end());
  if (spec.first_timestamp <= std::max(special.back(), spec.end)) {
    fields.Fail(
        "\"special.first_timestamp\" must be greater than the other special "
        "tokens and languages");
  }
  if (spec.end >= special.front()) {
    fields.Fail(
        "\"special.eot\" must be less than the other special tokens and "
        "languages");
  }
  const auto twice = std::adjacent_find(special.begin(), special.end());
  if (twice != special.end()) {
    fields.Fail("token " + std::to_string(*twice) +
                " stands for two special tokens or languages; expected one");
  }
  const double last =
      (spec.vocabulary - 1 - spec.first_timestamp) * spec.timestamp_seconds;
  if (std::abs(last - kWindow) > kNear) {
    fields.Fail(
        "the tokens from \"special.first_timestamp\" on, "
        "\"timestamp_seconds\" apart, must be the times from 0 to 30 s");
  }
}

SpeechSpec ParseSpec(const BundleFields& fields) {
  SpeechSpec spec;
  spec.vocabulary = fields.Int("decoder.vocabulary", 1, kMostTokens);
  spec.max_tokens = fields.Int("decoder.max_tokens", 8, kLongestText);
  const auto token = [&](const std::string& name) {
    return fields.Int<SpeechToken>(name, 0, spec.vocabulary - 1);
  };
  spec.start = token("special.sot");
  spec.end = token("special.eot");
  spec.no_timestamps = token("special.no_timestamps");
  spec.first_timestamp = token("special.first_timestamp");
  spec.no_speech = token("special.no_speech");
  spec.timestamp_seconds = fields.Number("timestamp_seconds", 0.001, 1);
  ReadLanguages(fields, &spec);
  if (!spec.languages.empty()) spec.transcribe = token("special.transcribe");
  CheckOrder(fields, spec);
  spec.never = Suppressed(fields, "suppress.always", spec);
  spec.not_first = Suppressed(fields, "suppress.begin", spec);
  if (std::count(spec.never.begin(), spec.never.end(), spec.end) > 0)
    fields.Fail("\"suppress.always\" must not hold \"special.eot\"");
  spec.temperatures = Temperatures(fields);
  spec.most_no_speech = fields.Number("thresholds.no_speech", 0, 1);
  spec.least_log_probability =
      fields.Number("thresholds.log_probability", -100, 0);
  spec.most_compression = fields.Number("thresholds.compression", 1, 1000);
  return spec;
}

// False if `line` is none. Unlike OpenSSL's it takes no spaces, and gives no
// bytes for the signs that fill a line up.
bool DecodeBase64(std::string_view line, std::string* bytes) {
  constexpr std::size_t kLongest = 10000;
  const std::size_t size = line.size();
  const std::size_t fill = size - line.find_last_not_of('=') - 1;
  if (size == 0) return true;
  if (size % 4 != 0 || size > kLongest || fill > 2 ||
      line.substr(0, size - fill).find_first_of("= \t\r-") != line.npos) {
    return false;
  }
  bytes->resize(size / 4 * 3 + 1);
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes->data()),
                      reinterpret_cast<const unsigned char*>(line.data()),
                      static_cast<int>(size)) < 0) {
    return false;
  }
  bytes->resize(size / 4 * 3 - fill);
  return true;
}

}  // namespace

SpeechBundle LoadSpeechBundle(const std::string& folder) {
  BundleFields fields(folder, "speech.json", "a speech bundle");
  const std::string format = fields.String("format");
  if (format != kFormat) {
    fields.Fail("format \"" + format +
                "\" is not known to this version of vsa; expected \"" +
                kFormat + "\"");
  }
  SpeechBundle bundle;
  bundle.folder = folder;
  bundle.sha256 = fields.sha256();
  bundle.name = fields.String("name");
  bundle.version = fields.String("version");
  bundle.license = fields.String("license");
  bundle.width = fields.Int("encoder.width", 1, 100000);
  bundle.spec = ParseSpec(fields);
  bundle.encoder = fields.File("encoder.module");
  bundle.decoder = fields.File("decoder.module");
  bundle.tokens = fields.File("tokens");
  fields.CheckFiles();
  return bundle;
}

std::vector<std::string> ReadSpeechTokens(const SpeechBundle& bundle) {
  const std::string lines = ReadBundleFile(bundle.tokens);
  std::vector<std::string> tokens;
  std::string_view rest = lines;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    std::string bytes;
    if (!DecodeBase64(line, &bytes)) {
      throw Error(ErrorKind::kSetup, bundle.tokens.path + ":" +
                                         std::to_string(tokens.size() + 1) +
                                         ": is not base64; expected a token");
    }
    tokens.push_back(std::move(bytes));
  }
  if (tokens.size() != static_cast<std::size_t>(bundle.spec.end)) {
    throw Error(ErrorKind::kSetup,
                bundle.tokens.path + ": has " + std::to_string(tokens.size()) +
                    " tokens; expected " + std::to_string(bundle.spec.end) +
                    ", those before \"special.eot\"");
  }
  return tokens;
}

}  // namespace vsa
