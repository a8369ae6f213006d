#include "speech/token_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vsa {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();
constexpr double kLatestStart = 1.0;  // seconds

// A loop has at most so many tokens, and at least so many rounds.
constexpr std::size_t kLongestRound = 24;
constexpr std::size_t kFewestTokens = 24;
constexpr std::size_t kFewestRounds = 4;

void Forbid(std::vector<float>* logits, std::size_t from, std::size_t to) {
  from = std::min(from, logits->size());
  to = std::clamp(to, from, logits->size());
  std::fill(logits->begin() + static_cast<std::ptrdiff_t>(from),
            logits->begin() + static_cast<std::ptrdiff_t>(to), kNever);
}

// How many tokens the loop has that `tokens` end in; 0 if they do not.
std::size_t RoundOf(const std::vector<SpeechToken>& tokens) {
  for (std::size_t round = 1; round <= kLongestRound; ++round) {
    const std::size_t size = std::max(kFewestTokens, round * kFewestRounds);
    if (tokens.size() < size + round) continue;
    if (std::equal(tokens.end() - static_cast<std::ptrdiff_t>(size),
                   tokens.end(),
                   tokens.end() - static_cast<std::ptrdiff_t>(size + round))) {
      return round;
    }
  }
  return 0;
}

std::vector<SpeechToken> TextTokens(const std::vector<SpeechToken>& tokens,
                                    const SpeechSpec& spec) {
  std::vector<SpeechToken> text;
  for (const SpeechToken token : tokens)
    if (token < spec.first_timestamp) text.push_back(token);
  return text;
}

}  // namespace

void TokenRules::Apply(const std::vector<SpeechToken>& tokens, double length,
                       std::vector<float>* logits) const {
  const auto text_end = static_cast<std::size_t>(spec_.end);
  const auto times = static_cast<std::size_t>(spec_.first_timestamp);
  const auto is_time = [this](SpeechToken token) {
    return token >= spec_.first_timestamp;
  };
  for (const SpeechToken token : spec_.never)
    (*logits)[static_cast<std::size_t>(token)] = kNever;
  Forbid(logits, text_end + 1, times);
  // Nothing is said behind the end of the window.
  const auto last =
      static_cast<std::size_t>(std::ceil(length / spec_.timestamp_seconds));
  Forbid(logits, times + last + 1, logits->size());
  if (tokens.empty()) {
    for (const SpeechToken token : spec_.not_first)
      (*logits)[static_cast<std::size_t>(token)] = kNever;
    Forbid(logits, 0, text_end);
    Forbid(
        logits,
        times +
            static_cast<std::size_t>(kLatestStart / spec_.timestamp_seconds) +
            1,
        logits->size());
  } else {
    const bool after_time = is_time(tokens.back());
    const bool after_pair =
        after_time && (tokens.size() < 2 || is_time(tokens[tokens.size() - 2]));
    if (after_pair) {
      Forbid(logits, times, logits->size());
    } else if (after_time) {
      Forbid(logits, 0, text_end);
    }
    const auto time = std::find_if(tokens.rbegin(), tokens.rend(), is_time);
    if (time != tokens.rend()) {
      // A stretch ends after it starts.
      const bool starts = after_time && !after_pair;
      Forbid(logits, times, static_cast<std::size_t>(*time) + (starts ? 0 : 1));
    }
  }
  // Times together against the most probable of the rest.
  const auto middle = logits->begin() + static_cast<std::ptrdiff_t>(times);
  const float most_text = *std::max_element(logits->begin(), middle);
  const float most_time = middle == logits->end()
                              ? kNever
                              : *std::max_element(middle, logits->end());
  if (most_time == kNever) return;
  double sum = 0;
  for (auto one = middle; one != logits->end(); ++one)
    sum += std::exp(static_cast<double>(*one - most_time));
  if (most_time + std::log(sum) > most_text) Forbid(logits, 0, times);
}

bool EndsInLoop(const std::vector<SpeechToken>& tokens,
                const SpeechSpec& spec) {
  return RoundOf(TextTokens(tokens, spec)) > 0;
}

std::vector<bool> RepeatedShortly(const std::vector<SpeechToken>& tokens,
                                  const SpeechSpec& spec) {
  const std::vector<SpeechToken> text = TextTokens(tokens, spec);
  std::size_t best = 0, most = 0;
  for (std::size_t round = 1; round <= kLongestRound; ++round) {
    std::size_t again = 0;
    for (std::size_t i = round; i < text.size(); ++i)
      again += text[i] == text[i - round];
    if (again <= most) continue;
    best = round;
    most = again;
  }
  std::vector<bool> repeated;
  std::size_t at = 0;  // in the text
  for (const SpeechToken token : tokens) {
    const bool is_text = token < spec.first_timestamp;
    repeated.push_back(is_text && best > 0 && at >= best &&
                       text[at] == text[at - best]);
    at += is_text;
  }
  return repeated;
}

bool RepeatsShortly(const std::vector<SpeechToken>& tokens,
                    const SpeechSpec& spec) {
  const std::vector<bool> repeated = RepeatedShortly(tokens, spec);
  return 2 * static_cast<std::size_t>(
                 std::count(repeated.begin(), repeated.end(), true)) >
         TextTokens(tokens, spec).size();
}

void CutLoop(const SpeechSpec& spec, std::vector<SpeechToken>* tokens) {
  const std::vector<SpeechToken> text = TextTokens(*tokens, spec);
  const std::size_t round = RoundOf(text);
  if (round == 0) return;
  std::size_t left = text.size();  // of the text
  while (left > round && text[left - 1] == text[left - 1 - round]) --left;
  std::size_t size = 0;
  for (std::size_t seen = 0; seen < left; ++size)
    seen += (*tokens)[size] < spec.first_timestamp;
  if (size < tokens->size() && (*tokens)[size] >= spec.first_timestamp) ++size;
  tokens->resize(size);
}

}  // namespace vsa
