#include "model/bundle_fields.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "base/file.h"

namespace vsa {
namespace {

using nlohmann::json;

namespace fs = std::filesystem;

// Levels of the JSON: a bundle has four.
constexpr int kDeepest = 32;
// Of the JSON: that of a recogniser with its tokens has some thousand.
constexpr std::uintmax_t kMostBytes = 16 * 1000 * 1000;

bool IsSha256(const std::string& text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
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

std::string ReadBundleFile(const BundleFile& file) {
  std::string bytes = ReadFile(file.path, ErrorKind::kSetup);
  const std::string found = Sha256(bytes);
  if (found != file.sha256) {
    throw Error(ErrorKind::kSetup, file.path + ": is not the file that " +
                                       file.named_by +
                                       " names: its SHA-256 is " + found +
                                       ", expected " + file.sha256);
  }
  return bytes;
}

BundleFields::BundleFields(const std::string& folder, const std::string& name,
                           const std::string& what)
    : folder_(folder), path_(folder + "/" + name) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (!fs::status_known(status)) {
    throw Error(ErrorKind::kSetup,
                folder + ": cannot be opened: " + error.message());
  }
  if (!fs::is_directory(status)) {
    throw Error(ErrorKind::kSetup,
                folder + ": is not a folder; expected " + what);
  }
  if (fs::file_size(path_, error) > kMostBytes && !error) {
    throw Error(ErrorKind::kSetup,
                path_ + ": is larger than 16 MB; expected that of " + what);
  }
  const std::string bytes = ReadFile(path_, ErrorKind::kSetup);
  sha256_ = Sha256(bytes);
  root_ = ParseModelJson(bytes, path_);
}

void BundleFields::Fail(const std::string& reason) const {
  throw Error(ErrorKind::kSetup, path_ + ": " + reason);
}

const json& BundleFields::At(const std::string& name) const {
  const json* value = Find(name);
  if (value == nullptr) Fail("\"" + name + "\" is missing");
  return *value;
}

std::string BundleFields::String(const std::string& name) const {
  const json& value = At(name);
  if (!value.is_string() || value.get_ref<const std::string&>().empty())
    Fail("\"" + name + "\" must be a text that is not empty");
  return value;
}

bool BundleFields::Bool(const std::string& name) const {
  const json& value = At(name);
  if (!value.is_boolean()) Fail("\"" + name + "\" must be true or false");
  return value;
}

double BundleFields::Number(const std::string& name, double least,
                            double most) const {
  const json& value = At(name);
  if (!value.is_number() || !(value >= least) || !(value <= most)) {
    Fail("\"" + name + "\" must be a number from " + json(least).dump() +
         " to " + json(most).dump());
  }
  return value;
}

std::vector<std::string> BundleFields::Strings(const std::string& name) const {
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

void BundleFields::Shares(const std::string& name, std::size_t count) const {
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

BundleFile BundleFields::File(const std::string& name) {
  constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;
  const std::string path = String(name + ".path");
  if (path[0] == '/' || path.find('\0') != std::string::npos)
    Fail("\"" + name + ".path\" must be relative to the bundle");
  BundleFile file;
  file.named_by = path_.substr(path_.rfind('/') + 1);
  file.path = folder_ + "/" + path;
  file.bytes = static_cast<std::uint64_t>(
      Int<std::int64_t>(name + ".bytes", 0, kMostBytes));
  file.sha256 = String(name + ".sha256");
  if (!IsSha256(file.sha256))
    Fail("\"" + name + ".sha256\" must be 64 digits from 0 to f");
  files_.emplace_back(name, file);
  return file;
}

void BundleFields::CheckFiles() const {
  for (const auto& [name, file] : files_) CheckFile(name, file);
}

void BundleFields::CheckFile(const std::string& name,
                             const BundleFile& file) const {
  std::error_code error;
  const fs::path above = fs::canonical(folder_, error).parent_path();
  const fs::path resolved = fs::weakly_canonical(file.path, error);
  if (!error && std::mismatch(above.begin(), above.end(), resolved.begin(),
                              resolved.end())
                        .first != above.end()) {
    Fail("\"" + name + ".path\" must stay within " + above.string() +
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
                file.path + ": is not the file that " + file.named_by +
                    " names: it has " + std::to_string(size) +
                    " bytes, expected " + std::to_string(file.bytes));
  }
}

const json* BundleFields::Find(const std::string& name) const {
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

}  // namespace vsa
