// Checks outputs against the schemas in docs/ and the promises that a schema
// cannot express.
#ifndef VSA_TESTS_PROGRAM_RESULT_SCHEMA_H_
#define VSA_TESTS_PROGRAM_RESULT_SCHEMA_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vsa {

// What is wrong with the JSON text of a result; empty if nothing is.
std::string FaultOfResult(const std::string& text);

// The same of lines of JSON that docs/SCHEMA.schema.json describes; of none of
// them, too.
std::string FaultOfLines(const std::string& text, const std::string& schema);

// The same of what `vsa evaluate --format json` prints.
std::string FaultOfMetrics(const std::string& text);

// The results of a file of lines, each of which is expected to have no fault.
std::vector<nlohmann::json> ResultsOf(const std::string& lines);

}  // namespace vsa

#endif  // VSA_TESTS_PROGRAM_RESULT_SCHEMA_H_
