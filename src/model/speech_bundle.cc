#include "model/speech_bundle.h"

#include <openssl/evp.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace vsa {
namespace {

constexpr const char* kFormat = "vsa.speech/1";
constexpr int kMostTokens = 10000000;

std::vector<SpeechToken> Tokens(const BundleFields& fields,
                                const std::string& name, int vocabulary) {
  std::vector<SpeechToken> tokens;
  const nlohmann::json& list = fields.At(name);
  for (const nlohmann::json& one : list) {
    if (one.is_number_integer() && one >= 0 && one < vocabulary)
      tokens.push_back(one);
  }
  if (!list.is_array() || tokens.size() != list.size())
    fields.Fail("\"" + name + "\" must be a list of tokens");
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

SpeechSpec ParseSpec(const BundleFields& fields) {
  SpeechSpec spec;
  spec.vocabulary = fields.Int("decoder.vocabulary", 1, kMostTokens);
  spec.max_tokens = fields.Int("decoder.max_tokens", 8, 100000);
  const auto token = [&](const std::string& name) {
    return fields.Int<SpeechToken>(name, 0, spec.vocabulary - 1);
  };
  spec.start = token("special.sot");
  spec.end = token("special.eot");
  spec.no_timestamps = token("special.no_timestamps");
  spec.first_timestamp = token("special.first_timestamp");
  spec.no_speech = token("special.no_speech");
  spec.timestamp_seconds = fields.Number("timestamp_seconds", 0.001, 1);
  const nlohmann::json& languages = fields.At("languages");
  if (!languages.is_object())
    fields.Fail("\"languages\" must be an object of tokens");
  for (const auto& [language, id] : languages.items())
    spec.languages[language] = token("languages." + language);
  if (!languages.empty()) spec.transcribe = token("special.transcribe");
  SpeechToken last = std::max({spec.start, spec.end, spec.transcribe,
                               spec.no_speech, spec.no_timestamps});
  for (const auto& [language, id] : spec.languages) last = std::max(last, id);
  if (spec.first_timestamp <= last) {
    fields.Fail(
        "\"special.first_timestamp\" must be greater than the other special "
        "tokens and languages");
  }
  spec.never = Tokens(fields, "suppress.always", spec.vocabulary);
  spec.not_first = Tokens(fields, "suppress.begin", spec.vocabulary);
  spec.temperatures = Temperatures(fields);
  spec.most_no_speech = fields.Number("thresholds.no_speech", 0, 1);
  spec.least_log_probability =
      fields.Number("thresholds.log_probability", -100, 0);
  spec.most_compression = fields.Number("thresholds.compression", 0, 1000);
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
  return tokens;
}

}  // namespace vsa
