#include "analysis/result_line.h"

#include <nlohmann/json.hpp>

namespace vsa {

using Json = nlohmann::json;

bool IsResult(const std::string& bytes) {
  return ParseResultLine(bytes).has_value();
}

std::optional<ResultLine> ParseResultLine(const std::string& bytes) {
  const Json json = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("schema", Json()) != kResultSchema)
    return std::nullopt;
  ResultLine line;
  const auto text = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>()
                                                     : "";
  };
  line.mark = {text("item"), text("key")};
  line.failed = json.contains("error");
  return line;
}

}  // namespace vsa
