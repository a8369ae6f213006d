// What is written a line of JSON for each thing.
#ifndef VSA_TESTS_BASE_JSON_LINES_H_
#define VSA_TESTS_BASE_JSON_LINES_H_

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace vsa {

// A line that is no JSON gives a value that is_discarded().
inline std::vector<nlohmann::json> JsonLines(const std::string& text) {
  std::vector<nlohmann::json> values;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    values.push_back(nlohmann::json::parse(line, nullptr, false));
  return values;
}

}  // namespace vsa

#endif  // VSA_TESTS_BASE_JSON_LINES_H_
