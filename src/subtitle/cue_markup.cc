#include "subtitle/cue_markup.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "text/character_reference.h"

namespace vsa {
namespace {

class Stripper {
 public:
  Stripper(std::string_view raw, Markup markup) : raw_(raw), markup_(markup) {}

  std::string Strip() {
    while (at_ < raw_.size()) {
      const char c = raw_[at_];
      if (c == '<'   ? TakeTag()
          : c == '&' ? TakeEntity()
          : c == '{' ? TakeBraces()
                     : c == '\\' && TakeBackslash()) {
        continue;
      }
      if (!hidden()) out_ += c;
      ++at_;
    }
    return std::move(out_);
  }

 private:
  bool hidden() const { return in_gloss_ || in_drawing_; }

  void Break(char c) {
    if (!hidden()) out_ += c;
  }

  // A name or a time in angle brackets. Translators part them by spaces:
  // "</ font>", "< /i>".
  bool TakeTag() {
    if (raw_.substr(at_, 4) == "<!--") return TakeComment();
    size_t end = at_ + 1;
    while (end < raw_.size() && raw_[end] != '>' && raw_[end] != '<') ++end;
    if (end == raw_.size()) return TakeUnclosedTag();
    if (raw_[end] == '<') return end == at_ + 1 && TakeQuotationMarks();
    std::string_view tag = raw_.substr(at_ + 1, end - at_ - 1);
    const bool closing = !Trim(tag).empty() && Trim(tag).front() == '/';
    if (closing) tag = Trim(Trim(tag).substr(1));
    if (tag.empty() ? !closing : !IsAsciiLetter(tag.front()) && !IsTime(tag)) {
      return false;
    }
    size_t length = 0;
    while (length < tag.size() && IsAsciiLetter(tag[length])) ++length;
    const std::string_view name = tag.substr(0, length);
    if (name == "rt" || name == "rp") in_gloss_ = !closing;
    if (name == "ruby") in_gloss_ = false;
    if (IsBreak(LowerAscii(name))) Break('\n');
    at_ = end + 1;
    return true;
  }

  static bool IsBreak(const std::string& name) {
    return name == "br" || name == "p" || name == "div";
  }

  // "</b" as the last of a line.
  bool TakeUnclosedTag() {
    size_t end = at_ + 2;
    while (end < raw_.size() && IsAsciiLetter(raw_[end])) ++end;
    const bool last = end >= raw_.size() || raw_[end] == '\n';
    if (raw_.substr(at_, 2) != "</" || end == at_ + 2 || !last) return false;
    at_ = end;
    return true;
  }

  bool TakeComment() {
    if (comment_end_ <= at_) comment_end_ = raw_.find("-->", at_);
    if (comment_end_ == std::string_view::npos) return false;
    at_ = comment_end_ + 3;
    return true;
  }

  // "<<wow>>": words in quotation marks of plain letters.
  bool TakeQuotationMarks() {
    const size_t end = raw_.find_first_of("<>\n", at_ + 2);
    if (end == std::string_view::npos || raw_.substr(end, 2) != ">>")
      return false;
    Break(' ');
    if (!hidden()) out_.append(raw_.substr(at_ + 2, end - at_ - 2));
    Break(' ');
    at_ = end + 2;
    return true;
  }

  static bool IsTime(std::string_view tag) {
    return IsAsciiDigit(tag.front()) &&
           tag.find(':') != std::string_view::npos &&
           tag.find_first_not_of("0123456789:.,") == std::string_view::npos;
  }

  // "&lt;i&gt;": markup that was encoded as if it were words, as in YouTube's
  // srv1.
  bool TakeEncodedTag() {
    constexpr size_t kLongest = 200;
    constexpr std::string_view kOpen = "&lt;";
    constexpr std::string_view kClose = "&gt;";
    const std::string_view text = raw_.substr(at_, kLongest);
    if (text.substr(0, kOpen.size()) != kOpen) return false;
    const size_t end = text.find(kClose);
    if (end == std::string_view::npos) return false;
    std::string_view tag = text.substr(kOpen.size(), end - kOpen.size());
    if (!tag.empty() && tag.front() == '/') tag.remove_prefix(1);
    const std::string name = LowerAscii(tag.substr(0, tag.find_first_of(" /")));
    constexpr std::string_view kNames[] = {"b", "i", "u", "font", "span", "br"};
    if (std::find(std::begin(kNames), std::end(kNames), name) ==
        std::end(kNames)) {
      return false;
    }
    if (IsBreak(name)) Break('\n');
    at_ += end + kClose.size();
    return true;
  }

  bool TakeEntity() {
    if (markup_ == Markup::kHtml && TakeEncodedTag()) return true;
    const auto found = ReadCharacterReference(raw_.substr(at_));
    if (!found) return false;
    if (!hidden() && found->character != 0) {
      char bytes[4];
      int length = 0;
      U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(found->character));
      out_.append(bytes, length);
    }
    at_ += found->length;
    return true;
  }

  // {\an8}, in ASS any {…}; MicroDVD's {y:i}, which lives on in SubRip, and
  // {i} for <i>; without its backslash or its end, "{an8}" and "{\an8".
  bool TakeBraces() {
    if (const size_t place = LengthOfPlace(raw_.substr(at_))) {
      at_ += place;
      return true;
    }
    if (brace_end_ <= at_) {
      brace_end_ = std::min(raw_.find_first_of("}\n", at_), raw_.size());
    }
    if (brace_end_ == raw_.size() || raw_[brace_end_] == '\n') return false;
    const std::string_view inside = raw_.substr(at_ + 1, brace_end_ - at_ - 1);
    const bool overrides = !inside.empty() && inside.front() == '\\';
    const bool microdvd =
        inside.size() > 2 && IsAsciiLetter(inside[0]) && inside[1] == ':';
    if (markup_ != Markup::kAss && !overrides && !microdvd &&
        !IsStyle(inside)) {
      return false;
    }
    // \p1 begins a drawing, \p0 ends it.
    for (size_t i = 0; i + 2 < inside.size(); ++i) {
      if (inside[i] == '\\' && inside[i + 1] == 'p' &&
          IsAsciiDigit(inside[i + 2])) {
        in_drawing_ = inside[i + 2] != '0';
      }
    }
    at_ = brace_end_ + 1;
    return true;
  }

  static size_t LengthOfPlace(std::string_view text) {
    size_t at = 1;
    if (at < text.size() && text[at] == '\\') ++at;
    if (text.substr(at, 2) != "an" || at + 2 >= text.size() ||
        !IsAsciiDigit(text[at + 2])) {
      return 0;
    }
    at += 3;
    if (at < text.size() && text[at] == '}') return at + 1;
    const bool goes_on = at < text.size() && text[at] == '\\';
    return text[1] == '\\' && !goes_on ? at : 0;
  }

  static bool IsStyle(std::string_view inside) {
    if (!inside.empty() && inside.front() == '/') inside.remove_prefix(1);
    return inside.size() == 1 && std::string_view("biusBIUS").find(inside[0]) !=
                                     std::string_view::npos;
  }

  bool TakeBackslash() {
    if (at_ + 1 >= raw_.size()) return false;
    const char c = raw_[at_ + 1];
    if (c == 'N' || (c == 'n' && markup_ != Markup::kAss)) {
      Break('\n');
    } else if (c == 'h' || c == 'n') {
      Break(' ');
    } else {
      return false;
    }
    at_ += 2;
    return true;
  }

  const std::string_view raw_;
  const Markup markup_;
  size_t at_ = 0;
  size_t brace_end_ = 0;     // the next '}' or line end, once looked for
  size_t comment_end_ = 0;   // the next "-->", once looked for
  bool in_gloss_ = false;    // inside <rt>: how the base is pronounced
  bool in_drawing_ = false;  // after {\p1}: coordinates, not words
  std::string out_;
};

}  // namespace

std::string StripMarkup(std::string_view raw, Markup markup) {
  return Stripper(raw, markup).Strip();
}

}  // namespace vsa
