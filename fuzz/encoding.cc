// Text in whatever encoding. The last byte says which one is named beside none.
#include <array>

#include "fuzz/checks.h"
#include "text/text_file.h"

using namespace vsa;
using namespace vsa::fuzz;

static void Check(const DecodedText& text) {
  Require(IsUtf8(text.utf8), "decoded text is UTF-8");
  Require(!text.encoding.empty(), "an encoding has a name");
  Require(text.confidence >= 0 && text.confidence <= 1, "0 <= confidence <= 1");
  Require(IsUtf8(WithoutStrayBytes(text.utf8)), "it stays UTF-8");
  CheckWarnings(DecodingWarnings("subtitle", "a", text));
}

VSA_FUZZ_TARGET(bytes) {
  static constexpr std::array<const char*, 12> kNames = {
      "UTF-8",       "UTF-16",       "UTF-32LE", "GB18030",
      "Big5",        "Shift_JIS",    "EUC-KR",   "ISO-2022-JP",
      "ISO-2022-CN", "windows-1252", "UTF-7",    "CESU-8"};
  const DecodedText detected = DecodeText(bytes, "");
  Check(detected);
  const DecodedText again = DecodeText(detected.utf8, "");
  Check(again);
  if (bytes.empty()) return;
  Check(DecodeText(
      bytes, kNames[static_cast<unsigned char>(bytes.back()) % kNames.size()]));
}
