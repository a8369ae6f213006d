#include "backends/media/webvtt_sample.h"

#include <gmock/gmock.h>

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Box(const std::string& type, const std::string& content) {
  const std::size_t size = 8 + content.size();
  return {std::string{'\0', '\0', static_cast<char>(size / 256),
                      static_cast<char>(size % 256)} +
          type + content};
}

TEST(ParseWebVttSample, GivesThePayloadsOfItsCues) {
  EXPECT_THAT(ParseWebVttSample(
                  Box("vttc", Box("vsid", "1234") + Box("iden", "intro") +
                                  Box("sttg", "line:0") +
                                  Box("payl", "<v Ann>Good day.</v>")) +
                  Box("vtta", "NOTE no cue") +
                  Box("vttc", Box("payl", "Two\nlines") + Box("ctim", "0"))),
              ElementsAre("<v Ann>Good day.</v>", "Two\nlines"));
  EXPECT_THAT(ParseWebVttSample(Box("vtte", "")), IsEmpty());
  EXPECT_THAT(ParseWebVttSample(""), IsEmpty());
}

TEST(ParseWebVttSample, LeavesOutWhatIsDamaged) {
  const std::string whole = Box("vttc", Box("payl", "Said."));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(ParseWebVttSample(whole.substr(0, size)), IsEmpty()) << size;
  EXPECT_THAT(ParseWebVttSample(whole + Box("vttc", "").substr(0, 5)),
              ElementsAre("Said."));
  EXPECT_THAT(ParseWebVttSample(Box("vttc", std::string(8, '\0')) + whole),
              ElementsAre("Said."));
  EXPECT_THAT(ParseWebVttSample(std::string(64, '\0')), IsEmpty());
  EXPECT_THAT(ParseWebVttSample(std::string(64, '\xFF')), IsEmpty());
}

}  // namespace
}  // namespace vsa
