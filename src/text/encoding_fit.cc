#include "text/encoding_fit.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <string_view>

namespace vsa {
namespace {

constexpr Alphabet kAlphabets[] = {
    {"ca", u"àçèéíïòóúü", 0},      {"da", u"åæéø", 0},
    {"de", u"äéößü", 0},           {"en", u"àáâãäåæçèéêëíïñóôöøùúûüßœ", 0.2},
    {"es", u"áéíñóúü", 0},         {"fi", u"äåö", 0},
    {"fr", u"àâæçèéêëîïôùûüœ", 0}, {"is", u"áæéíðóöúýþ", 0},
    {"it", u"àèéìòù", 0},          {"nb", u"åæèéêôø", 0},
    {"nl", u"áèéëïóöü", 0},        {"no", u"åæèéêôø", 0},
    {"pt", u"àáâãçéêíóôõú", 0},    {"sv", u"äåéö", 0},
};
// What only a wrong reading has.
constexpr std::u16string_view kNeverWritten = u"¤ƒ†‡‰¬¦¯";
constexpr std::u16string_view kPunctuation = u"‘’“”…‥–—―·　、。！，？：；～♪♫";

bool IsOneOf(UChar32 c, std::u16string_view characters) {
  return characters.find(static_cast<char16_t>(c)) != std::u16string_view::npos;
}

bool IsVowel(UChar32 c) { return IsOneOf(u_tolower(c), u"aeiouáéíóú"); }

// Whether a sentence may begin with it.
bool IsStart(UChar32 c) { return u_isalnum(c) || IsOneOf(c, u"¡¿«“‘…—–\"'-."); }

// A character and what stands around it; 0 is nothing.
struct Place {
  UChar32 last_but_one;
  UChar32 before;
  UChar32 c;
  UChar32 after;
  UChar32 next_but_one;
};

// Capitals and small letters mixed as in no word: "fiancÈ", "CAFé", "ÁHola".
bool IsMixedCase(const Place& at) {
  const auto& [last_but_one, before, c, after, next_but_one] = at;
  if (u_isULowercase(c)) {
    return u_isUUppercase(after) || (u_isUUppercase(before) &&
                                     u_isUUppercase(last_but_one) && c != u'ß');
  }
  return u_isUUppercase(c) &&
         (u_isULowercase(before) ||
          (u_isUUppercase(before) && u_isULowercase(after)) ||
          (u_isUUppercase(after) && u_isULowercase(next_but_one)));
}

double MisfitOfLetter(const Place& at, const Alphabet* alphabet) {
  if (IsMixedCase(at)) return 1;
  if (at.c == u'ª' || at.c == u'º') return u_isalpha(at.before) ? 1 : 0;
  if (u_isdigit(at.before) || u_isdigit(at.after)) return 0.5;
  if (alphabet == nullptr) return 0;
  // "Niño" may be, "Waitñwhat" not.
  if (at.c == u'ñ' && u_isalpha(at.before) && !IsVowel(at.before)) return 1;
  return IsOneOf(u_tolower(at.c), alphabet->letters) ? alphabet->rarity : 0.4;
}

double MisfitOfSign(const Place& at) {
  const bool follows_letter = u_isalpha(at.before);
  const bool precedes_letter = u_isalpha(at.after);
  const bool within = follows_letter && precedes_letter;
  switch (at.c) {
    case u'’':
      return 0;
    case u'´':
      return within ? 0 : 0.5;
    case u'–':
    case u'—':
    case u'―':
    case u'…':
      if (!within) return 0;
      // What follows is a word: "Wait—what" may be, "coraz—n" not.
      if (!u_isalpha(at.next_but_one) && at.next_but_one != at.c &&
          !IsVowel(at.after)) {
        return 1;
      }
      return at.c == u'–' ? 0.7 : 0.3;
    case u'¡':
    case u'¿':
      return u_isalnum(at.before) || !IsStart(at.after) ? 1 : 0;
    case u'“':
    case u'”':
      return within || (!u_isgraph(at.before) && !IsStart(at.after)) ? 1 : 0;
    case u'‚':
    case u'„':
    case u'§':
      return follows_letter ? 1 : 0;
    case u'«':
      return within ? 1 : follows_letter ? 0.3 : 0;
    case u'»':
      return within ? 1 : precedes_letter ? 0.3 : 0;
    case u'™':
      return precedes_letter ? 1 : 0;
    case u'°':
      return u_isdigit(at.before) || (at.before == ' ' && precedes_letter)
                 ? 0
                 : 0.5;
    case u'£':
    case u'¥':
      return precedes_letter ? 1 : u_isdigit(at.after) ? 0 : 0.5;
    case u'¢':
      return precedes_letter ? 1 : u_isdigit(at.before) ? 0 : 0.3;
    case u'€':
      return precedes_letter ? 1 : 0;
    case u'·':  // Catalan has it between two of l
      return follows_letter && at.before != 'l' ? 1 : 0;
    case u'\u00AD':  // soft hyphen
      return within ? 0.4 : 1;
    case u'♪':
    case u'♫':
      return 0;
  }
  // Vowels and points of other scripts.
  if (u_charType(at.c) == U_NON_SPACING_MARK) return 0;
  // East Asian punctuation.
  if (at.c >= 0x3000) return within ? 0.5 : 0;
  // Boxes, arrows and mathematics.
  if (at.c >= 0x2190) return 1;
  const bool figure = u_charType(at.c) == U_OTHER_NUMBER;  // ², ½
  return (within && u_isgraph(at.c)) || (figure && precedes_letter) ? 1 : 0;
}

double MisfitOf(const Place& at, const Alphabet* alphabet) {
  const int8_t type = u_charType(at.c);
  if (type == U_CONTROL_CHAR || type == U_PRIVATE_USE_CHAR || at.c == 0xFFFD ||
      type == U_MODIFIER_LETTER ||
      (type == U_MODIFIER_SYMBOL && at.c != u'´') ||
      IsOneOf(at.c, kNeverWritten)) {
    return 1;
  }
  return u_isalpha(at.c) ? MisfitOfLetter(at, alphabet) : MisfitOfSign(at);
}

}  // namespace

const Alphabet* AlphabetOf(std::string_view language) {
  for (const Alphabet& alphabet : kAlphabets) {
    if (alphabet.language == language) return &alphabet;
  }
  return nullptr;
}

double Misfit(const std::string& utf8, const Alphabet* alphabet) {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8);
  const auto at = [&text](int32_t i) -> UChar32 {
    return i >= 0 && i < text.length() ? text[i] : 0;
  };
  double sum = 0;
  int count = 0;
  for (int32_t i = 0; i < text.length(); ++i) {
    if (at(i) < 0x80) continue;
    ++count;
    sum +=
        MisfitOf({at(i - 2), at(i - 1), at(i), at(i + 1), at(i + 2)}, alphabet);
  }
  return count > 0 ? sum / count : 0;
}

bool IsOnlyPunctuation(const std::string& utf8) {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8);
  for (int32_t i = 0; i < text.length(); ++i) {
    if (text[i] >= 0x80 && !IsOneOf(text[i], kPunctuation)) return false;
  }
  return true;
}

}  // namespace vsa
