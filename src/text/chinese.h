// Chinese in its two ways of writing.
#ifndef VSA_TEXT_CHINESE_H_
#define VSA_TEXT_CHINESE_H_

#include <string>
#include <string_view>

namespace vsa {

// Whether a tag asks for simplified Chinese by name: "zh-Hans", "zh_CN".
bool IsSimplifiedChinese(const std::string& tag);

// Traditional characters of UTF-8 as simplified ones, by ICU's Hant-Hans; all
// else stays. Throws Error (kSetup) if ICU has no such rules. Safe to call from
// several threads.
std::string ToSimplifiedChinese(const std::string& utf8);

// The same of UTF-8 that holds Chinese characters, and neither kana nor Hangul
// beside them, which would be Japanese or Korean; other text as it is. Cheap
// where no character can be one.
std::string SimplifyIfChinese(std::string_view utf8);

}  // namespace vsa

#endif  // VSA_TEXT_CHINESE_H_
