#include "base/checked_json.h"

#include "vsa/error.h"

namespace vsa {
namespace {

constexpr int kDeepest = 64;  // arrays and objects in each other

std::string NameOf(const Value& parent, const std::string& key) {
  return parent.name.empty() ? key : parent.name + "." + key;
}

// Whether arrays and objects open within each other deeper than that. Not by a
// callback of the parser, which then looks through a whole array at the end of
// each of its elements.
bool IsTooDeep(const std::string& bytes) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepest) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::optional<Json> ParseJson(const std::string& bytes) {
  if (IsTooDeep(bytes)) return std::nullopt;
  Json json = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

void Fail(const Value& value, const std::string& expected) {
  throw Error(ErrorKind::kInput, value.name + ": expected " + expected);
}

Value Member(const Value& object, const char* key) {
  if (!object.json.is_object()) Fail(object, "an object");
  const auto found = object.json.find(key);
  if (found == object.json.end())
    throw Error(ErrorKind::kInput, NameOf(object, key) + " is missing");
  return {*found, NameOf(object, key)};
}

Value OptionalMember(const Value& object, const char* key) {
  static const Json null;
  const auto found = object.json.find(key);
  return {found == object.json.end() ? null : *found, NameOf(object, key)};
}

Value Element(const Value& array, std::size_t i) {
  return {array.json[i], array.name + "[" + std::to_string(i) + "]"};
}

double Number(const Value& value, long low, long high) {
  if (!value.json.is_number()) Fail(value, "a number");
  const double number = value.json.get<double>();
  if (!(number >= static_cast<double>(low) &&
        number <= static_cast<double>(high))) {
    Fail(value, "a number from " + std::to_string(low) + " to " +
                    std::to_string(high));
  }
  return number;
}

std::string Text(const Value& value) {
  if (!value.json.is_string()) Fail(value, "a string");
  return value.json.get<std::string>();
}

std::optional<std::string> OptionalText(const Value& value) {
  if (value.json.is_null()) return std::nullopt;
  return Text(value);
}

const Json& Array(const Value& value) {
  if (!value.json.is_array()) Fail(value, "an array");
  return value.json;
}

}  // namespace vsa
