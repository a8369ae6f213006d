// SAMI: HTML in which only the tag <SYNC Start=MILLISECONDS> matters. It is
// never well-formed, so that the places of that tag are all that is taken from
// its structure; a parser of HTML would nest each SYNC in the one before it.
#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"
#include "subtitle/language_choice.h"

namespace vsa {
namespace {

constexpr auto kNone = std::string_view::npos;
// Tags and rules of style are short; no more of them is looked through.
constexpr size_t kLongestTag = 1000;

bool IsNameCharacter(char c) {
  return IsAsciiLetter(c) || IsAsciiDigit(c) || c == '_' || c == '-';
}

// The value of an attribute of `tag`, which is in small letters and without its
// brackets; quotes may be left out. Empty if it has none.
std::string AttributeOf(std::string_view tag, std::string_view name) {
  for (size_t at = tag.find(name); at != kNone; at = tag.find(name, at + 1)) {
    if (at == 0 || IsNameCharacter(tag[at - 1])) continue;
    std::string_view rest = Trim(tag.substr(at + name.size()));
    if (rest.empty() || rest.front() != '=') continue;
    rest = Trim(rest.substr(1));
    const bool quoted =
        !rest.empty() && (rest.front() == '"' || rest.front() == '\'');
    const char quote = quoted ? rest.front() : ' ';
    if (quoted) rest.remove_prefix(1);
    return std::string(Trim(rest.substr(
        0, quoted ? rest.find(quote) : rest.find_first_of(" \t\r\n/"))));
  }
  return "";
}

// The whole number that is the value of an attribute; some write "1200ms".
std::optional<Time> TimeOf(std::string_view tag, std::string_view name) {
  std::string value = AttributeOf(tag, name);
  if (value.size() > 2 && value.compare(value.size() - 2, 2, "ms") == 0) {
    value.resize(value.size() - 2);
  }
  if (value.empty() || value.size() > 12 || !HasOnlyDigits(value)) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(std::stoll(value));
}

// Captions are written as HTML's text: line ends are spaces, and a space that
// does not break empties the screen, its semicolon often left out.
std::string ToLine(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 5) == "&nbsp") {
      i += text.substr(i, 6) == "&nbsp;" ? 5 : 4;
      out += ' ';
    } else {
      out += text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
    }
  }
  return out;
}

class SamiParser {
 public:
  explicit SamiParser(const SubtitleText& file)
      : path_(file.path),
        text_(WithoutComments(file.text)),
        lower_(LowerAscii(text_)),
        choice_(file.context.languages) {}

  RawSubtitles Parse() {
    size_t at = lower_.find("<sync");
    ReadLanguages(std::string_view(lower_).substr(0, at));
    while (at != kNone) {
      const size_t next = lower_.find("<sync", at + 1);
      ReadSync(at, std::min(next, lower_.size()));
      at = next;
    }
    choice_.Choose(path_, &out_);
    // What only emptied the screen has done its work.
    out_.cues.erase(
        std::remove_if(out_.cues.begin(), out_.cues.end(),
                       [](const RawCue& cue) { return cue.lines.empty(); }),
        out_.cues.end());
    return std::move(out_);
  }

 private:
  // The head keeps its style in a comment, which is wanted. Lines stay where
  // they are.
  static std::string WithoutComments(std::string_view text) {
    std::string out;
    size_t at = 0;
    bool in_body = false;
    // One that does not end is no comment, and none after it ends either.
    const size_t last_end = text.rfind("-->");
    while (at < text.size()) {
      size_t begin = std::min(text.find("<!--", at), text.size());
      if (last_end == kNone || begin > last_end) begin = text.size();
      if (!in_body) {
        const std::string passed = LowerAscii(text.substr(at, begin - at));
        in_body =
            passed.find("<body") != kNone || passed.find("<sync") != kNone;
      }
      out.append(text, at, begin - at);
      if (begin == text.size()) break;
      const size_t stop = text.find("-->", begin) + 3;
      const std::string_view comment = text.substr(begin, stop - begin);
      if (!in_body) {
        out.append(comment);
      } else {
        out.append(std::count(comment.begin(), comment.end(), '\n'), '\n');
      }
      at = stop;
    }
    return out;
  }

  // ".ENCC {Name: English; lang: en-US; …}" says what a class of paragraphs is.
  void ReadLanguages(std::string_view head) {
    for (size_t at = head.find('{'); at != kNone; at = head.find('{', at + 1)) {
      const size_t before = at - std::min(at, kLongestTag);
      const std::string_view selector = head.substr(before, at - before);
      std::string_view rules = head.substr(at, kLongestTag);
      rules = rules.substr(0, rules.find('}'));
      const size_t dot = selector.rfind('.');
      const size_t lang = rules.find("lang:");
      if (dot == kNone || lang == kNone) continue;
      const std::string_view name = Trim(selector.substr(dot + 1));
      if (name.empty() || name.size() > 32 ||
          !std::all_of(name.begin(), name.end(), IsNameCharacter)) {
        continue;
      }
      std::string_view tag = Trim(rules.substr(lang + 5));
      tag = Trim(tag.substr(0, tag.find_first_of("; \t\r\n")));
      if (tag.size() > 32 || classes_.size() == 64) continue;
      classes_.emplace_back(name, tag);
    }
  }

  std::string LanguageOfClass(const std::string& name) const {
    for (const auto& [known, language] : classes_) {
      if (known == name) return language;
    }
    return "";
  }

  void ReadSync(size_t begin, size_t end) {
    line_ += static_cast<int>(
        std::count(text_.begin() + counted_, text_.begin() + begin, '\n'));
    counted_ = begin;
    const std::string_view lower =
        std::string_view(lower_).substr(begin, end - begin);
    const size_t tag_end = lower.find('>');
    const std::string_view tag =
        lower.substr(0, std::min(tag_end, kLongestTag));
    const std::optional<Time> start = TimeOf(tag, "start");
    if (!start || tag_end == kNone) {
      AddWarning(path_, line_, "subtitle_block_skipped",
                 "a SYNC whose time cannot be read; expected <SYNC "
                 "Start=MILLISECONDS>: skipped",
                 &out_);
      return;
    }
    const Time stop = TimeOf(tag, "end").value_or(kOpenEnd);
    // The paragraphs of the languages follow each other.
    size_t at = begin + tag_end + 1;
    while (at < end) {
      size_t next = at + 1;
      do {
        next = std::min(lower_.find("<p", next), end);
      } while (next < end && IsNameCharacter(lower_[next + 2]) && ++next);
      ReadParagraph(*start, stop, at, next);
      at = next;
    }
  }

  void ReadParagraph(Time start, Time stop, size_t begin, size_t end) {
    const std::string_view lower =
        std::string_view(lower_).substr(begin, end - begin);
    std::string language;
    if (lower.substr(0, 2) == "<p") {
      const std::string_view tag =
          lower.substr(0, std::min(lower.find('>'), kLongestTag));
      language = LanguageOfClass(AttributeOf(tag, "class"));
      // Who speaks.
      if (AttributeOf(tag, "id") == "source") return;
    } else if (Trim(lower).find_first_not_of("\r\n") == kNone) {
      return;  // what lies before the first paragraph
    }
    RawCue cue{start, stop, {}, line_};
    cue.lines =
        CleanLines(ToLine(std::string_view(text_).substr(begin, end - begin)),
                   Markup::kHtml);
    if (RepairTimes(path_, &cue, &out_)) choice_.Add(language, std::move(cue));
  }

  const std::string& path_;
  const std::string text_;
  const std::string lower_;
  LanguageChoice choice_;
  std::vector<std::pair<std::string, std::string>> classes_;  // name, language
  RawSubtitles out_;
  int line_ = 1;  // that of counted_
  size_t counted_ = 0;
};

bool Recognise(const SubtitleText& file, size_t line) {
  const std::string_view text = Trim(file.lines[line]);
  return StartsWithAnyCase(text, "<sami") || StartsWithAnyCase(text, "<sync");
}

RawSubtitles Parse(const SubtitleText& file) {
  return SamiParser(file).Parse();
}

}  // namespace

SubtitleFormat SamiFormat() {
  return {"sami", "SAMI", {"sami", "smi"}, Recognise, Parse};
}

}  // namespace vsa
