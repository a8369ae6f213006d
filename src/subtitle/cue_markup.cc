#include "subtitle/cue_markup.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/ascii.h"

namespace vsa {
namespace {

void AppendCodePoint(long code, std::string* out) {
  if (code <= 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    return;
  }
  char bytes[4];
  int length = 0;
  U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(code));
  out->append(bytes, length);
}

struct Entity {
  std::string_view name;
  std::string_view value;
};
constexpr Entity kEntities[] = {
    {"amp", "&"},  {"lt", "<"},   {"gt", ">"}, {"quot", "\""},
    {"apos", "'"}, {"nbsp", " "}, {"lrm", ""}, {"rlm", ""},
};

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

  // A name or a time in angle brackets.
  bool TakeTag() {
    size_t end = at_ + 1;
    while (end < raw_.size() && raw_[end] != '>' && raw_[end] != '<') ++end;
    if (end == raw_.size() || raw_[end] == '<') return false;
    std::string_view tag = raw_.substr(at_ + 1, end - at_ - 1);
    const bool closing = !tag.empty() && tag.front() == '/';
    if (closing) tag.remove_prefix(1);
    if (tag.empty() ? !closing : !IsAsciiLetter(tag.front()) && !IsTime(tag)) {
      return false;
    }
    size_t length = 0;
    while (length < tag.size() && IsAsciiLetter(tag[length])) ++length;
    const std::string_view name = tag.substr(0, length);
    if (name == "rt" || name == "rp") in_gloss_ = !closing;
    if (name == "ruby") in_gloss_ = false;
    if (name == "br" || name == "BR") Break('\n');
    at_ = end + 1;
    return true;
  }

  static bool IsTime(std::string_view tag) {
    return IsAsciiDigit(tag.front()) &&
           tag.find(':') != std::string_view::npos &&
           tag.find_first_not_of("0123456789:.,") == std::string_view::npos;
  }

  bool TakeEntity() {
    const size_t end = raw_.substr(0, at_ + 12).find(';', at_);
    if (end == std::string_view::npos) return false;
    const std::string_view name = raw_.substr(at_ + 1, end - at_ - 1);
    std::string decoded;
    if (name.size() > 1 && name.front() == '#') {
      const bool hex = name[1] == 'x' || name[1] == 'X';
      const std::string digits(name.substr(hex ? 2 : 1));
      char* rest = nullptr;
      const long code = std::strtol(digits.c_str(), &rest, hex ? 16 : 10);
      if (digits.empty() || *rest != '\0') return false;
      AppendCodePoint(code, &decoded);
    } else {
      const Entity* found = nullptr;
      for (const Entity& entity : kEntities) {
        if (entity.name == name) found = &entity;
      }
      if (found == nullptr) return false;
      decoded = found->value;
    }
    if (!hidden()) out_ += decoded;
    at_ = end + 1;
    return true;
  }

  // {\an8}, in ASS any {…}; MicroDVD's {y:i}, which lives on in SubRip.
  bool TakeBraces() {
    if (brace_end_ <= at_) {
      brace_end_ = std::min(raw_.find_first_of("}\n", at_), raw_.size());
    }
    if (brace_end_ == raw_.size() || raw_[brace_end_] == '\n') return false;
    const std::string_view inside = raw_.substr(at_ + 1, brace_end_ - at_ - 1);
    const bool overrides = !inside.empty() && inside.front() == '\\';
    const bool microdvd =
        inside.size() > 2 && IsAsciiLetter(inside[0]) && inside[1] == ':';
    if (markup_ != Markup::kAss && !overrides && !microdvd) return false;
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

  bool TakeBackslash() {
    if (at_ + 1 >= raw_.size()) return false;
    const char c = raw_[at_ + 1];
    if (c == 'N') {
      Break('\n');
    } else if (c == 'h' || (c == 'n' && markup_ == Markup::kAss)) {
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
  bool in_gloss_ = false;    // inside <rt>: how the base is pronounced
  bool in_drawing_ = false;  // after {\p1}: coordinates, not words
  std::string out_;
};

}  // namespace

std::string StripMarkup(std::string_view raw, Markup markup) {
  return Stripper(raw, markup).Strip();
}

}  // namespace vsa
