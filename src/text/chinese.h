// Chinese in its two ways of writing.
#ifndef VSA_TEXT_CHINESE_H_
#define VSA_TEXT_CHINESE_H_

#include <string>

namespace vsa {

// Whether a tag asks for simplified Chinese by name: "zh-Hans", "zh_CN".
bool IsSimplifiedChinese(const std::string& tag);

// Traditional characters of UTF-8 as simplified ones, by ICU's Hant-Hans; all
// else stays.
std::string ToSimplifiedChinese(const std::string& utf8);

}  // namespace vsa

#endif  // VSA_TEXT_CHINESE_H_
