#include "analysis/result_line.h"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace vsa {
namespace {

using Json = nlohmann::json;

// Takes what nlohmann's parser finds, and keeps of the outermost object the
// values of a few keys: the line of a long video has hundreds of thousands of
// others. Of a key that is there twice the last value counts.
class MarkReader {
 public:
  bool null() { return Value(""); }
  bool boolean(bool) { return Value(""); }
  bool number_integer(std::int64_t) { return Value(""); }
  bool number_unsigned(std::uint64_t) { return Value(""); }
  bool number_float(double, const std::string&) { return Value(""); }
  bool string(const std::string& text) { return Value(text); }
  bool binary(const Json::binary_t&) { return Value(""); }  // not in text
  bool start_object(std::size_t) { return Start(); }
  bool start_array(std::size_t) { return Start(); }
  bool end_object() { return End(); }
  bool end_array() { return End(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) {
    return false;
  }

  bool key(const std::string& name) {
    if (depth_ != 1) return true;
    field_ = name == "schema" ? &schema_
             : name == "item" ? &mark_.item
             : name == "key"  ? &mark_.key
                              : nullptr;
    mark_.failed = mark_.failed || name == "error";
    return true;
  }

  const std::string& schema() const { return schema_; }
  const ResultMark& mark() const { return mark_; }

 private:
  bool Value(const std::string& text) {
    if (depth_ == 1 && field_) *field_ = text;
    return true;
  }
  bool Start() {
    Value("");
    ++depth_;
    return true;
  }
  bool End() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;         // of open objects and arrays
  std::string* field_ = nullptr;  // of the outermost object's last key
  std::string schema_;
  ResultMark mark_;
};

}  // namespace

bool IsResult(const std::string& bytes) {
  return ParseResultMark(bytes).has_value();
}

std::optional<ResultMark> ParseResultMark(const std::string& bytes) {
  MarkReader reader;
  if (!Json::sax_parse(bytes, &reader) || reader.schema() != kResultSchema)
    return std::nullopt;
  return reader.mark();
}

}  // namespace vsa
