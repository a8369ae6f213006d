// The raw text of captions to words.
#include "subtitle/cue_text.h"

#include "fuzz/checks.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  const std::string raw = DecodeText(bytes, "UTF-8").utf8;
  for (const Markup markup : {Markup::kHtml, Markup::kAss, Markup::kTyped}) {
    const std::vector<std::string> lines = CleanLines(raw, markup);
    for (const std::string& line : lines) {
      RequireLine(line, "a line is UTF-8");
      Require(!line.empty(), "no line is empty");
      Require(line.front() != ' ' && line.back() != ' ' &&
                  line.find("  ") == line.npos,
              "one space stands between words");
    }
    SaysSomething(lines);
  }
}
