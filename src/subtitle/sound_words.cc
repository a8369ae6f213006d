#include "subtitle/sound_words.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <iterator>
#include <string>

namespace vsa {
namespace {

// In lower case, the languages one after another.
constexpr std::u32string_view kWords[] = {
    U"|laughs|laughing|laughter|chuckles|giggles|sighs|sobs|cries|crying|",
    U"|applause|cheering|music|",
    U"|lacht|lachen|gelächter|kichert|seufzt|weint|schluchzt|applaus|jubel|",
    U"|musik|",
    U"|rires|rire|il rit|elle rit|soupir|soupire|sanglots|applaudissements|",
    U"|musique|",
    U"|risas|risa|ríe|se ríe|suspira|suspiro|llora|solloza|aplausos|música|",
    U"|risate|risata|ridacchia|sospira|sospiro|piange|applausi|musica|",
    U"|risos|risadas|suspira|suspiro|chora|aplausos|música|",
    U"|смех|смеётся|смеется|вздох|вздыхает|плачет|аплодисменты|музыка|",
    U"|हँसी|हंसी|हँसते हुए|हंसते हुए|तालियाँ|तालियां|संगीत|",
    U"|ضحك|يضحك|تضحك|يبكي|تنهد|موسيقى|تصفيق|",
    U"|笑|大笑|爆笑|苦笑|微笑|笑声|笑聲|哭|泣|汗|怒|叹气|嘆氣|掌声|掌聲|拍手|",
    U"|音乐|音樂|",
    U"|笑い|涙|音楽|歓声|溜息|ため息|",
    U"|웃음|박수|음악|한숨|"};

bool IsSpace(char32_t c) { return u_isUWhiteSpace(static_cast<UChar32>(c)); }

}  // namespace

bool IsSoundWord(std::u32string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  std::u32string word = U"|";
  for (const char32_t c : text)
    word += static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
  word += U'|';
  return std::any_of(std::begin(kWords), std::end(kWords), [&word](auto words) {
    return words.find(word) != words.npos;
  });
}

}  // namespace vsa
