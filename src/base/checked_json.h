// Reading of JSON from outside: what is missing or of another kind than
// expected is an Error (kInput) that names the value, such as
// "segments[4].end: expected a time after start".
#ifndef VSA_BASE_CHECKED_JSON_H_
#define VSA_BASE_CHECKED_JSON_H_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace vsa {

using Json = nlohmann::ordered_json;

// A value with its name. It refers to the JSON that it is of.
struct Value {
  const Json& json;
  std::string name;
};

// None for what is no JSON, and for what is nested more than 64 deep: copies
// and dumps recurse.
std::optional<Json> ParseJson(const std::string& bytes);

[[noreturn]] void Fail(const Value& value, const std::string& expected);

// The member `key` of an object.
Value Member(const Value& object, const char* key);

// The same, null where it is not there.
Value OptionalMember(const Value& object, const char* key);

// The element `i` of what Array took for one.
Value Element(const Value& array, std::size_t i);

double Number(const Value& value, long low, long high);
std::string Text(const Value& value);
std::optional<std::string> OptionalText(const Value& value);  // none for null
const Json& Array(const Value& value);

}  // namespace vsa

#endif  // VSA_BASE_CHECKED_JSON_H_
