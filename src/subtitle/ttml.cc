// TTML and DFXP: paragraphs of XML with times, those of spans within them where
// the paragraph has none. Times count from the begin of the element around.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/ascii.h"
#include "base/parse_number.h"
#include "subtitle/clock_time.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"
#include "subtitle/language_choice.h"
#include "text/xml_events.h"

namespace vsa {
namespace {

// What is no word though it stands in a paragraph: metadata and animation.
constexpr std::string_view kUnspoken[] = {
    "agent", "copyright", "desc", "head", "metadata", "name", "set", "title"};

constexpr Time kLongestTime = std::chrono::hours(24 * 365);

class TimeReader {
 public:
  // Takes the attributes of the root element.
  void Configure(const XmlElement& root) {
    const double rate = Number(root.Find("frameRate").value_or(""), 30);
    double multiplier = 1;
    const std::string fraction =
        root.Find("frameRateMultiplier").value_or("1 1");
    const size_t space = fraction.find_first_of(" :");
    if (space != std::string::npos) {
      multiplier = Number(fraction.substr(0, space), 1) /
                   Number(fraction.substr(space + 1), 1);
    }
    frame_ = 1 / (rate * multiplier);
    tick_ = 1 / Number(root.Find("tickRate").value_or(""),
                       root.Find("frameRate") ? rate : 1);
  }

  // "00:00:01.5", "00:00:01:12" (frames), "1.5s", "90f", "1500ms", "1.5".
  std::optional<Time> Read(std::string_view text) const {
    text = Trim(text);
    const auto colons = std::count(text.begin(), text.end(), ':');
    if (colons == 3) {
      const size_t last = text.rfind(':');
      std::string_view clock = text.substr(0, last);
      const std::optional<Time> time = TakeTime(&clock);
      const std::optional<double> frames = Digits(text.substr(last + 1));
      if (!time || !clock.empty() || !frames) return std::nullopt;
      return Bounded(*time) + FromSeconds(*frames * frame_);
    }
    if (colons > 0) {
      const std::optional<Time> time = TakeTime(&text);
      if (!time || !text.empty()) return std::nullopt;
      return Bounded(*time);
    }
    const size_t end =
        std::min(text.find_first_not_of("0123456789."), text.size());
    const std::optional<double> figure = Digits(text.substr(0, end));
    const std::optional<double> unit = SecondsOf(text.substr(end));
    if (!figure || !unit) return std::nullopt;
    return FromSeconds(*figure * *unit);
  }

 private:
  std::optional<double> SecondsOf(std::string_view unit) const {
    if (unit.empty() || unit == "s") return 1;
    if (unit == "h") return 3600;
    if (unit == "m") return 60;
    if (unit == "ms") return 0.001;
    if (unit == "f") return frame_;
    if (unit == "t") return tick_;
    return std::nullopt;
  }

  static std::optional<double> Digits(std::string_view text) {
    if (text.find_first_not_of("0123456789.") != std::string_view::npos) {
      return std::nullopt;
    }
    return ParseNumber(text);
  }

  static double Number(std::string_view text, double otherwise) {
    const std::optional<double> value = Digits(Trim(text));
    return value && *value > 0 ? *value : otherwise;
  }

  // So that no sum of times overflows.
  static Time Bounded(Time time) { return std::min(time, kLongestTime); }
  static Time FromSeconds(double seconds) {
    return Time(std::llround(std::min(seconds, 3e7) * 1e6));
  }

  double frame_ = 1 / 30.0;  // seconds
  double tick_ = 1;          // seconds
};

class TtmlParser {
 public:
  explicit TtmlParser(const SubtitleText& file)
      : file_(file), choice_(file.context.languages) {}

  RawSubtitles Parse() {
    XmlEvents events;
    events.start = [this](const XmlElement& element) { Start(element); };
    events.end = [this](const std::string& name) { End(name); };
    events.text = [this](std::string_view text) { Text(text); };
    const std::optional<XmlFault> fault = ReadXml(file_.text, events);
    EndParagraph();
    if (fault) {
      AddWarning(file_.path, fault->line, "subtitle_xml_damaged",
                 "damaged XML: " + fault->what, &out_);
    }
    choice_.Choose(file_.path, &out_);
    return std::move(out_);
  }

 private:
  struct Scope {
    Time begin{0};
    std::optional<Time> end;
    bool timed = false;  // it or one around it has a begin or an end
    // timeContainer="seq": what is in it begins where the one before ended.
    bool in_sequence = false;
    Time last_end{0};  // of what is in it
    bool unspoken = false;
    bool ends_cue = false;  // a span with times of its own
    std::string language;
    size_t parent = 0;  // the place of the scope around it in scopes_
    // Within a paragraph: its place around the paragraph in scopes_.
    std::optional<size_t> around;
  };

  void Start(const XmlElement& element) {
    if (scopes_.empty()) {
      times_.Configure(element);
      // Lyrics of Apple count all times from the start of the song.
      absolute_ = element.Find("timing").has_value();
      scopes_.emplace_back();
    }
    const std::string& name = element.name;
    // A paragraph within one ends it: its end tag is missing.
    const size_t place = scopes_.size() - 1;
    const size_t around =
        name == "p" ? scopes_.back().around.value_or(place) : place;
    Scope scope = scopes_[around];
    if (name == "p") scope.around = around;
    scope.parent = around;
    scope.in_sequence = element.Find("timeContainer").value_or("") == "seq";
    scope.ends_cue = false;
    const std::string ruby = element.Find("ruby").value_or("");
    if (std::find(std::begin(kUnspoken), std::end(kUnspoken), name) !=
            std::end(kUnspoken) ||
        ruby == "text" || ruby == "textContainer" || ruby == "delimiter") {
      scope.unspoken = true;
    }
    if (name == "tt" || name == "body" || name == "div") {
      scope.language = element.Find("lang").value_or(scope.language);
    }
    if (name == "p") EndParagraph();
    const bool has_begin = element.Find("begin").has_value();
    const bool good = SetTimes(element, scopes_[around], &scope);
    scope.last_end = scope.begin;
    if (scope.end) Ended(*scope.end, around);
    if (name == "p") {
      in_paragraph_ = true;
      own_times_ = has_begin;
      unreadable_ = !good;
      if (!good) WarnOfTime(element.line);
      BeginCue(scope, element.line);
    } else if (name == "span" && in_paragraph_ && has_begin && !own_times_ &&
               !scope.unspoken) {
      EndCue();
      if (!good) WarnOfTime(element.line);
      BeginCue(scope, element.line);
      if (!good) cue_.reset();
      scope.ends_cue = true;
    } else if (name == "br" && !scope.unspoken) {
      text_ += '\n';
    }
    scopes_.push_back(std::move(scope));
  }

  void End(const std::string& name) {
    if (scopes_.size() < 2) return;
    if (name == "p") EndParagraph();
    if (scopes_.back().ends_cue) {
      EndCue();
      // What follows the span has the paragraph's times, if any.
      scopes_.pop_back();
      BeginCue(scopes_.back(), line_);
      return;
    }
    Leave();
  }

  // What a scope in a sequence holds ends where it ends, if it does not say so.
  void Leave() {
    const Scope left = std::move(scopes_.back());
    scopes_.pop_back();
    if (left.parent < scopes_.size() && scopes_[left.parent].in_sequence)
      Ended(left.end.value_or(left.last_end), left.parent);
  }

  void Text(std::string_view text) {
    if (!in_paragraph_ || scopes_.empty() || scopes_.back().unspoken) return;
    for (const char c : text) text_ += c == '\n' || c == '\r' ? ' ' : c;
  }

  // Something within the scope at `place` ends at `time`.
  void Ended(Time time, size_t place) {
    scopes_[place].last_end = std::max(scopes_[place].last_end, time);
  }

  // Sets when `scope` begins and ends, from the attributes and from the scope
  // around it, which it is still a copy of. False if one cannot be read.
  bool SetTimes(const XmlElement& element, const Scope& parent,
                Scope* scope) const {
    if (parent.in_sequence) scope->begin = parent.last_end;
    const Time zero = absolute_ ? Time(0) : scope->begin;
    const std::optional<std::string> begin = element.Find("begin");
    const std::optional<std::string> end = element.Find("end");
    const std::optional<std::string> length = element.Find("dur");
    const std::optional<Time> around = scope->end;
    bool good = true;
    const auto read = [&](const std::optional<std::string>& text) {
      const std::optional<Time> time =
          text ? times_.Read(*text) : std::optional<Time>();
      if (text && !time) good = false;
      return time;
    };
    const std::optional<Time> begin_time = read(begin);
    const std::optional<Time> end_time = read(end);
    const std::optional<Time> length_time = read(length);
    if (begin_time) scope->begin = zero + *begin_time;
    if (begin_time || end_time || (parent.in_sequence && length_time))
      scope->timed = true;
    if (begin_time || end_time || length_time) scope->end.reset();
    if (end_time) scope->end = zero + *end_time;
    if (length_time) {
      const Time end_by_length = scope->begin + *length_time;
      scope->end =
          scope->end ? std::min(*scope->end, end_by_length) : end_by_length;
    }
    if (!scope->end && begin_time && around && *around > scope->begin) {
      scope->end = around;
    }
    return good;
  }

  void WarnOfTime(int line) {
    AddWarning(file_.path, line, "subtitle_block_skipped",
               "a time that cannot be read; expected one such as 00:00:01.500 "
               "or 1.5s: skipped",
               &out_);
  }

  void BeginCue(const Scope& scope, int line) {
    text_.clear();
    line_ = line;
    if (unreadable_) return;
    cue_ = RawCue{scope.begin, scope.end.value_or(kOpenEnd), {}, line};
    timed_ = scope.timed;
    language_ = scope.language;
  }

  void EndCue() {
    const std::string text = std::exchange(text_, "");
    if (!cue_) return;
    RawCue cue = *std::exchange(cue_, std::nullopt);
    cue.lines = CleanLines(text, Markup::kHtml);
    if (cue.lines.empty()) return;
    if (!timed_) {
      AddWarning(file_.path, cue.line, "subtitle_block_skipped",
                 "a paragraph without a time: skipped", &out_);
      return;
    }
    if (RepairTimes(file_.path, &cue, &out_))
      choice_.Add(language_, std::move(cue));
  }

  void EndParagraph() {
    EndCue();
    in_paragraph_ = false;
    unreadable_ = false;
  }

  const SubtitleText& file_;
  LanguageChoice choice_;
  RawSubtitles out_;
  TimeReader times_;
  bool absolute_ = false;
  std::vector<Scope> scopes_;  // the first stands for the file
  // Of the paragraph that is read.
  bool in_paragraph_ = false;
  bool own_times_ = false;   // it has a begin: its spans are not parted
  bool unreadable_ = false;  // its times are
  // Of the cue that is read.
  std::optional<RawCue> cue_;
  bool timed_ = false;
  std::string language_;
  std::string text_;
  int line_ = 0;
};

bool Recognise(const SubtitleText& file, size_t line) {
  return line == 0 && RootName(file.text) == "tt";
}

RawSubtitles Parse(const SubtitleText& file) {
  return TtmlParser(file).Parse();
}

}  // namespace

SubtitleFormat TtmlFormat() {
  return {"ttml", "TTML", {"ttml", "dfxp"}, Recognise, Parse};
}

}  // namespace vsa
