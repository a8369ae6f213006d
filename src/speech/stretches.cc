#include "speech/stretches.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "speech/pauses.h"
#include "speech/word_ends.h"
#include "speech/word_times.h"

namespace vsa {
namespace {

// Hums and music make up single words, each of them improbable.
constexpr double kLeastConfidence = 0.3;

// Between the words of a cue.
constexpr Time kLongestPause = std::chrono::milliseconds(600);

// Of sound behind a word so much may be of it: the decoder lets signs and the
// ends of sentences take what it writes nothing of.
constexpr std::size_t kLongestSigns = 30;  // frames

// Nobody says so many words in so short a time each.
constexpr std::size_t kFewestWords = 3;
constexpr Time kShortestWord = std::chrono::milliseconds(60);

constexpr double kFrameSeconds = 0.02;  // of pauses and of attention

Time TimeOf(double seconds) { return Time(std::llround(seconds * 1e6)); }

// Words with one space between them. Tokens may be parts of a character: what
// is no UTF-8 becomes U+FFFD. `origins` are the bytes of `text` that those of
// the words come from, a character's last one from its last.
std::string PlainWords(const std::string& text,
                       std::vector<std::size_t>* origins) {
  std::string plain;
  bool space = false;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    const auto before = static_cast<std::size_t>(at);
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), at, size, c);
    if (c <= ' ') {
      space = !plain.empty();
      continue;
    }
    if (space) plain += ' ';
    space = false;
    origins->resize(plain.size(), before);
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    plain.append(bytes, static_cast<std::size_t>(length));
    origins->resize(plain.size(), before);
    origins->back() = static_cast<std::size_t>(at) - 1;
  }
  return plain;
}

struct ByteSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// From the first to the last character that is no space nor sign; all where
// there is none.
ByteSpan LettersOf(const std::string& text, ByteSpan word) {
  ByteSpan letters{word.end, word.end};
  for (auto at = static_cast<std::int32_t>(word.begin),
            end = static_cast<std::int32_t>(word.end);
       at < end;) {
    const auto before = static_cast<std::size_t>(at);
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), at, end, c);
    if (c == ' ' || u_ispunct(c)) continue;
    letters = {std::min(letters.begin, before), static_cast<std::size_t>(at)};
  }
  return letters.begin < letters.end ? letters : word;
}

// Reads one window's tokens.
class Reader {
 public:
  Reader(const WrittenTokens& written, const WindowSound& window,
         const SpeechSpec& spec)
      : written_(written),
        window_(window),
        spec_(spec),
        spans_(AlignTokens(written.attention, window.pauses)) {}

  std::vector<HeardCue> Read() {
    for (std::size_t i = 0; i < written_.tokens.size(); ++i) {
      const SpeechToken token = written_.tokens[i];
      if (token < spec_.first_timestamp) {
        said_.push_back(i);
        continue;
      }
      const double time =
          (token - spec_.first_timestamp) * spec_.timestamp_seconds;
      if (!said_.empty()) Close(time);
      start_ = time;
    }
    if (!said_.empty()) Close(window_.length);
    ShareFrames();
    return std::move(cues_);
  }

 private:
  void Close(double end) {
    std::string text;
    std::vector<std::size_t> ends;  // of the tokens, in bytes of `text`
    for (const std::size_t i : said_) {
      text += TextOf({written_.tokens[i]}, spec_);
      ends.push_back(text.size());
    }
    HeardCue cue;
    cue.start = TimeOf(start_);
    cue.end = TimeOf(std::min(std::max(end, start_), window_.length));
    cue.confidence = MeanProbability(0, said_.size());
    std::vector<std::size_t> origins;
    cue.text = PlainWords(text, &origins);
    if (!cue.text.empty() && start_ < window_.length &&
        cue.confidence >= kLeastConfidence) {
      AddWords(ends, origins, &cue);
      if (!IsMadeUp(cue)) CutAtPauses(std::move(cue));
    }
    said_.clear();
  }

  void AddWords(const std::vector<std::size_t>& ends,
                const std::vector<std::size_t>& origins, HeardCue* cue) const {
    if (spans_.empty()) return;
    const auto token_at = [&](std::size_t byte) {
      return static_cast<std::size_t>(
          std::upper_bound(ends.begin(), ends.end(), origins[byte]) -
          ends.begin());
    };
    ByteSpan bytes;
    for (const std::size_t end : WordEnds(cue->text)) {
      bytes.end = end;
      const ByteSpan letters = LettersOf(cue->text, bytes);
      const std::size_t first = token_at(
          std::min(cue->text.find_first_not_of(' ', bytes.begin), end - 1));
      const std::size_t last = token_at(end - 1);
      HeardWord word;
      word.text = cue->text.substr(bytes.begin, end - bytes.begin);
      const FrameSpan span =
          InOneGo({FramesOf(first).begin, FramesOf(last).end},
                  {FramesOf(token_at(letters.begin)).begin,
                   FramesOf(token_at(letters.end - 1)).end});
      word.start = FrameTime(span.begin);
      word.end = FrameTime(span.end);
      word.probability = MeanProbability(first, last + 1);
      cue->words.push_back(std::move(word));
      bytes.begin = end;
    }
  }

  const FrameSpan& FramesOf(std::size_t said) const {
    return spans_[said_[said]];
  }

  // A word is said in one go: the longest part between pauses, signs included,
  // of those with a good share of its letters.
  FrameSpan InOneGo(const FrameSpan& span, const FrameSpan& letters) const {
    const auto said_in = [this](std::size_t from, std::size_t to) {
      std::size_t said = 0;
      for (; from < to; ++from) said += !IsPause(from);
      return said;
    };
    const std::size_t all = said_in(letters.begin, letters.end);
    const std::size_t most = std::min(span.end, letters.end + kLongestSigns);
    FrameSpan longest{span.begin, span.begin};
    std::size_t begin = span.begin;
    for (std::size_t at = span.begin; at <= most; ++at) {
      if (at < most && !IsPause(at)) continue;
      const std::size_t said =
          said_in(std::max(begin, letters.begin), std::min(at, letters.end));
      if (4 * said >= all && at - begin > longest.end - longest.begin) {
        longest = {begin, at};
      }
      begin = at + 1;
    }
    return longest.end > longest.begin ? longest : span;
  }

  bool IsPause(std::size_t frame) const {
    return frame < window_.pauses.size() && window_.pauses[frame];
  }

  // Of noise the decoder may write words surely, but finds no time for them.
  static bool IsMadeUp(const HeardCue& cue) {
    Time said{0};
    std::size_t without = 0;
    for (const HeardWord& word : cue.words) {
      said += word.end - word.start;
      without += word.end - word.start <= kPauseTime;
    }
    return cue.words.size() >= kFewestWords &&
           (2 * without > cue.words.size() ||
            said < kShortestWord * static_cast<int>(cue.words.size()));
  }

  void CutAtPauses(HeardCue cue) {
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= cue.words.size(); ++i) {
      if (i < cue.words.size() &&
          cue.words[i].start - cue.words[i - 1].end < kLongestPause) {
        continue;
      }
      HeardCue part;
      part.words.assign(cue.words.begin() + static_cast<std::ptrdiff_t>(begin),
                        cue.words.begin() + static_cast<std::ptrdiff_t>(i));
      part.start = part.words.front().start;
      part.end = part.words.back().end;
      part.confidence = cue.confidence;
      if (part.words.front().text[0] == ' ')
        part.words.front().text.erase(0, 1);
      for (const HeardWord& word : part.words) part.text += word.text;
      cues_.push_back(std::move(part));
      begin = i;
    }
    if (cue.words.empty()) cues_.push_back(std::move(cue));
  }

  // Where a word begins in the frame in which one ends, both have a part of it,
  // and so has each that is said between them.
  void ShareFrames() {
    std::vector<HeardWord*> words;
    for (HeardCue& cue : cues_)
      for (HeardWord& word : cue.words) words.push_back(&word);
    for (std::size_t i = 0; i + 1 < words.size();) {
      const Time begin = words[i + 1]->start, end = words[i]->end;
      std::size_t last = i;
      while (last + 1 < words.size() && words[last + 1]->start < end) ++last;
      const auto shares = static_cast<int>(last - i) + 1;
      for (int share = 1; share < shares; ++share, ++i) {
        words[i]->end = begin + share * (end - begin) / shares;
        words[i + 1]->start = words[i]->end;
      }
      if (shares == 1) ++i;
    }
    for (HeardCue& cue : cues_) {
      if (cue.words.empty()) continue;
      cue.start = cue.words.front().start;
      cue.end = cue.words.back().end;
    }
  }

  Time FrameTime(std::size_t frame) const {
    return TimeOf(
        std::min(static_cast<double>(frame) * kFrameSeconds, window_.length));
  }

  double MeanProbability(std::size_t from, std::size_t to) const {
    double sum = 0;
    for (std::size_t i = from; i < to; ++i)
      sum += written_.probabilities[said_[i]];
    return sum / static_cast<double>(to - from);
  }

  const WrittenTokens& written_;
  const WindowSound& window_;
  const SpeechSpec& spec_;
  const std::vector<FrameSpan> spans_;  // of the tokens
  double start_ = 0;
  std::vector<std::size_t> said_;  // the tokens since then
  std::vector<HeardCue> cues_;
};

}  // namespace

std::string TextOf(const std::vector<SpeechToken>& tokens,
                   const SpeechSpec& spec) {
  std::string text;
  for (const SpeechToken token : tokens) {
    if (static_cast<std::size_t>(token) < spec.tokens.size() &&
        token < spec.end) {
      text += spec.tokens[static_cast<std::size_t>(token)];
    }
  }
  return text;
}

std::vector<HeardCue> StretchesOf(const WrittenTokens& written,
                                  const WindowSound& window,
                                  const SpeechSpec& spec) {
  return Reader(written, window, spec).Read();
}

}  // namespace vsa
