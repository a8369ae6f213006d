// The JSON file that describes a bundle, and the files that it names.
#ifndef VSA_MODEL_BUNDLE_FIELDS_H_
#define VSA_MODEL_BUNDLE_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "vsa/error.h"

namespace vsa {

// A file that a bundle names.
struct BundleFile {
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha256;                   // lower-case hex
  std::string named_by = "model.json";  // the file that does
};

// The bytes of a bundle's file, once they were found to be those that its JSON
// names: what is used is what was checked. Throws Error (kSetup),
// "PATH: reason".
std::string ReadBundleFile(const BundleFile& file);

// Lower-case hex of the SHA-256 of `bytes`.
std::string Sha256(const std::string& bytes);

// Values by their dotted names ("text.width"); every complaint, an Error
// (kSetup), names the file and the value.
class BundleFields {
 public:
  // Reads FOLDER/NAME. `what` is what the folder is expected to be: "a model
  // bundle".
  BundleFields(const std::string& folder, const std::string& name,
               const std::string& what);

  const std::string& sha256() const { return sha256_; }  // of the file

  [[noreturn]] void Fail(const std::string& reason) const;

  const nlohmann::json& At(const std::string& name) const;
  bool Has(const std::string& name) const { return Find(name) != nullptr; }
  std::string String(const std::string& name) const;
  bool Bool(const std::string& name) const;

  template <typename Integer>
  Integer Int(const std::string& name, Integer least, Integer most) const {
    const nlohmann::json& value = At(name);
    if (!value.is_number_integer() || value < least || value > most) {
      Fail("\"" + name + "\" must be a whole number from " +
           std::to_string(least) + " to " + std::to_string(most));
    }
    return value;
  }

  double Number(const std::string& name, double least, double most) const;
  std::vector<std::string> Strings(const std::string& name) const;

  // Fails unless the list `name` is `count` numbers from 0 to 1.
  void Shares(const std::string& name, std::size_t count) const;

  // The file that the object `name` describes, which lies at most beside the
  // bundle. CheckFiles looks at it.
  BundleFile File(const std::string& name);

  // That each file that was asked for is there with its size.
  void CheckFiles() const;

 private:
  const nlohmann::json* Find(const std::string& name) const;
  void CheckFile(const std::string& name, const BundleFile& file) const;

  const std::string folder_;
  const std::string path_;
  std::string sha256_;
  nlohmann::json root_;
  std::vector<std::pair<std::string, BundleFile>> files_;
};

}  // namespace vsa

#endif  // VSA_MODEL_BUNDLE_FIELDS_H_
