// Danmaku as JSON: Bilibili's messages, dandanplay's, AcFun's, Niconico's. The
// sites wrap the comments in ever other lists and objects, so that a comment is
// any object with the members of one.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/checked_json.h"
#include "base/parse_number.h"
#include "subtitle/danmaku_dialects.h"
#include "vsa/error.h"

namespace vsa {
namespace {

std::string_view WithoutSpace(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

struct Dialect {
  const char* text;
  const char* time;
  double unit;  // microseconds; 0: the time is fields with the mode in them
  const char* mode;
  // Of the fields: "SECONDS,MODE,…", or "SECONDS,COLOUR,MODE,…".
  bool colour_first;
};

constexpr Dialect kDialects[] = {
    {"content", "progress", 1e3, "mode", false},  // Bilibili
    {"m", "p", 0, "", false},                     // dandanplay
    {"Message", "Time", 1e6, "Mode", false},      // the same, before
    {"m", "c", 0, "", true},                      // AcFun, before 2020
    {"body", "position", 1e3, "mode", false},     // AcFun
    {"content", "vpos", 1e4, "", false},          // Niconico, before 2021
    {"body", "vposMs", 1e3, "", false},           // Niconico
};

std::string AsText(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

CommentPlace PlaceOf(const Json& comment, const Dialect& dialect) {
  std::string time = AsText(comment, dialect.time);
  if (dialect.unit > 0) {
    return {CommentTime(time, dialect.unit),
            IsModeOfWords(AsText(comment, dialect.mode))};
  }
  if (dialect.colour_first) {
    const size_t colour = time.find(',');
    if (colour != time.npos)
      time.erase(colour, time.find(',', colour + 1) - colour);
  }
  return PlaceOfFields(time);
}

const Dialect* DialectOf(const Json& object) {
  for (const Dialect& dialect : kDialects) {
    const auto text = object.find(dialect.text);
    if (text != object.end() && text->is_string() &&
        object.contains(dialect.time)) {
      return &dialect;
    }
  }
  return nullptr;
}

// Messages as protobuf writes them, with names in either style, leave out what
// is 0.
bool IsAtZero(const Json& object) {
  return object.contains("content") &&
         (object.contains("midHash") || object.contains("mid_hash")) &&
         !object.contains("progress");
}

// ParseJson bounds the depth.
void Collect(const Json& json, const std::string& where,
             DanmakuBuilder* builder) {
  const Dialect* const dialect = json.is_object() ? DialectOf(json) : nullptr;
  if (dialect != nullptr) {
    builder->Add(PlaceOf(json, *dialect), AsText(json, dialect->text), where);
  } else if (json.is_object() && IsAtZero(json)) {
    builder->Add({Time(0), IsModeOfWords(AsText(json, "mode"))},
                 AsText(json, "content"), where);
  } else if (json.is_object()) {
    for (const auto& [key, value] : json.items())
      if (value.is_structured())
        Collect(value, where + "[\"" + key + "\"]", builder);
  } else if (json.is_array()) {
    for (size_t i = 0; i < json.size(); ++i)
      Collect(json[i], where + "[" + std::to_string(i) + "]", builder);
  }
}

// The comments around a number that is too large for any, 1e999, can be read.
std::string WithoutHugeNumbers(const std::string& json) {
  std::string out;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') in_string = !in_string;
    if (in_string || c < '0' || c > '9') {
      out += c;
      if (in_string && c == '\\' && i + 1 < json.size()) out += json[++i];
      continue;
    }
    const size_t end =
        std::min(json.find_first_not_of("0123456789.eE+-", i), json.size());
    const std::string number = json.substr(i, end - i);
    const bool huge = !ParseNumber(number);
    if (huge && !out.empty() && out.back() == '-') out.pop_back();
    out += huge ? "null" : number;
    i = end - 1;
  }
  return out;
}

}  // namespace

bool IsJsonDanmaku(const std::string& utf8) {
  const std::string_view text = WithoutSpace(utf8);
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return false;
  const auto has = [text](const char* key) {
    return text.find("\"" + std::string(key) + "\"") != text.npos;
  };
  for (const Dialect& dialect : kDialects)
    if (has(dialect.text) && has(dialect.time)) return true;
  // A video without comments, as dandanplay says it: {"count":0,"comments":[]}.
  if (!has("comments")) return false;
  const std::optional<Json> json = ParseJson(utf8);
  return json && json->is_object() &&
         json->value("comments", Json()) == Json::array();
}

Danmaku ParseJsonDanmaku(const std::string& path, const std::string& utf8) {
  std::optional<Json> json = ParseJson(utf8);
  if (!json) json = ParseJson(WithoutHugeNumbers(utf8));
  if (!json) {
    throw Error(ErrorKind::kInput,
                path + ": is danmaku, but damaged or cut short; expected JSON");
  }
  DanmakuBuilder builder;
  Collect(*json, path + ": ", &builder);
  return builder.Finish("a number such as \"progress\": MILLISECONDS");
}

}  // namespace vsa
