#include "speech/decode.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <random>
#include <utility>

#include "speech/stretches.h"
#include "speech/token_rules.h"

namespace vsa {
namespace {

// A text that is being written.
struct Row : WrittenTokens {  // without those it begins with
  std::size_t window = 0;
  double log_probability = 0;  // the sum of all, the end's included
  bool ended = false;          // by itself
  double no_speech = 0;        // probability that there is none
};

// Their softmax, in place.
void ToProbabilities(std::vector<float>* logits) {
  const float most = *std::max_element(logits->begin(), logits->end());
  double sum = 0;
  for (float& logit : *logits) {
    logit = std::exp(logit - most);
    sum += logit;
  }
  for (float& logit : *logits)
    logit = static_cast<float>(static_cast<double>(logit) / sum);
}

SpeechToken MostProbable(const std::vector<float>& probabilities) {
  return static_cast<SpeechToken>(
      std::max_element(probabilities.begin(), probabilities.end()) -
      probabilities.begin());
}

// By chance, each as probable as it is at `temperature`.
SpeechToken Drawn(const std::vector<float>& logits, double temperature,
                  std::mt19937_64* chance) {
  std::vector<float> tempered = logits;
  for (float& logit : tempered) logit /= static_cast<float>(temperature);
  ToProbabilities(&tempered);
  // std::uniform_real_distribution gives other numbers with other libraries.
  double left = static_cast<double>((*chance)() >> 11) / 9007199254740992.0;
  for (std::size_t i = 0; i < tempered.size(); ++i) {
    left -= tempered[i];
    if (left < 0) return static_cast<SpeechToken>(i);
  }
  return MostProbable(tempered);
}

double CompressionOf(const std::string& text) {
  if (text.empty()) return 1;
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::vector<Bytef> out(size);
  if (compress(out.data(), &size, reinterpret_cast<const Bytef*>(text.data()),
               static_cast<uLong>(text.size())) != Z_OK) {
    return 1;
  }
  return static_cast<double>(text.size()) / static_cast<double>(size);
}

// Of a window at a temperature above 0; the best of them counts.
constexpr std::size_t kDraws = 5;

double MeanLogProbability(const Row& row) {
  return row.log_probability / static_cast<double>(row.tokens.size() + 1);
}

// What begins so will not be believed.
bool IsHopeless(const Row& row, const SpeechSpec& spec) {
  constexpr std::size_t kFewest = 20;
  return row.tokens.size() >= kFewest &&
         MeanLogProbability(row) < 2 * spec.least_log_probability;
}

bool IsSilence(const Row& row, const SpeechSpec& spec) {
  return row.no_speech > spec.most_no_speech &&
         MeanLogProbability(row) < spec.least_log_probability;
}

bool HasLetters(const std::string& text) {
  const auto length = static_cast<std::int64_t>(text.size());
  for (std::int64_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    if (u_isalpha(c)) return true;
  }
  return false;
}

// Whether the decoder got stuck. A song or an advertisement says a long passage
// again, too: that compresses as well, but is believed. Nobody says the same
// number again and again: claps and tones are written as such.
bool IsStuck(const Row& row, const SpeechSpec& spec) {
  const bool repeats = RepeatsShortly(row.tokens, spec);
  const std::string text = TextOf(row.tokens, spec);
  return ((!row.ended || repeats) &&
          CompressionOf(text) > spec.most_compression) ||
         (repeats && !HasLetters(text));
}

bool IsBelieved(const Row& row, const SpeechSpec& spec) {
  return MeanLogProbability(row) >= spec.least_log_probability &&
         !IsStuck(row, spec);
}

// Whether somebody may say what the decoder is stuck in over and over again. A
// loop makes its rounds sure of themselves: what is no repetition tells.
bool IsSaidAgain(const Row& row, const SpeechSpec& spec) {
  const std::vector<bool> repeated = RepeatedShortly(row.tokens, spec);
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < row.tokens.size(); ++i) {
    if (repeated[i] || row.tokens[i] >= spec.first_timestamp) continue;
    sum += std::log(std::max(row.probabilities[i], 1e-30));
    ++count;
  }
  return count > 0 && HasLetters(TextOf(row.tokens, spec)) &&
         row.no_speech <= spec.most_no_speech &&
         sum / count >= spec.least_log_probability / 2;
}

// Texts that broke off come after those that ended.
Row& Best(std::vector<Row>* rows) {
  return *std::max_element(
      rows->begin(), rows->end(), [](const Row& a, const Row& b) {
        return std::make_pair(a.ended, MeanLogProbability(a)) <
               std::make_pair(b.ended, MeanLogProbability(b));
      });
}

std::vector<SpeechToken> Prompt(const std::string& language,
                                const SpeechSpec& spec) {
  std::vector<SpeechToken> prompt = {spec.start};
  if (!spec.languages.empty()) {
    prompt.push_back(spec.languages.at(language));
    prompt.push_back(spec.transcribe);
  }
  return prompt;
}

// How probable each row's window is said to be no speech, and what may be
// written first.
std::vector<SpeechNext> Start(SpeechDecoder* decoder,
                              const std::vector<SpeechToken>& prompt,
                              const SpeechSpec& spec, std::vector<Row>* rows) {
  std::vector<SpeechNext> nexts = decoder->Step({rows->size(), {prompt[0]}});
  for (std::size_t i = 0; i < rows->size(); ++i) {
    std::vector<float> probabilities = nexts[i].logits;
    ToProbabilities(&probabilities);
    (*rows)[i].no_speech =
        probabilities[static_cast<std::size_t>(spec.no_speech)];
  }
  if (prompt.size() > 1) {
    nexts =
        decoder->Step({rows->size(), std::vector<SpeechToken>(
                                         prompt.begin() + 1, prompt.end())});
  }
  return nexts;
}

// How many of a window's states are of its sound.
std::size_t StatesOf(double length, std::size_t states) {
  constexpr double kSeconds = 30;
  return std::min(
      states, static_cast<std::size_t>(
                  std::ceil(length / kSeconds * static_cast<double>(states))));
}

// A text for each of `windows`, written at `temperature`. A window that comes
// several times has chances of its own each time.
std::vector<Row> Write(const SpeechStates& states,
                       const std::vector<std::size_t>& windows,
                       const std::vector<WindowSound>& sounds,
                       std::uint64_t first, const std::string& language,
                       double temperature, const SpeechSpec& spec) {
  std::vector<Row> rows(windows.size());
  std::vector<std::mt19937_64> chances;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    rows[i].window = windows[i];
    std::seed_seq seed{static_cast<std::uint32_t>(first + windows[i]),
                       static_cast<std::uint32_t>(temperature * 1000),
                       static_cast<std::uint32_t>(i)};
    chances.emplace_back(seed);
  }
  const std::unique_ptr<SpeechDecoder> decoder = states.Begin(windows);
  const std::vector<SpeechToken> prompt = Prompt(language, spec);
  const TokenRules rules(spec);
  std::vector<SpeechNext> nexts = Start(decoder.get(), prompt, spec, &rows);
  std::vector<std::size_t> alive(windows.size());  // the row of each of nexts
  std::iota(alive.begin(), alive.end(), std::size_t{0});
  const std::size_t most = static_cast<std::size_t>(spec.max_tokens) / 2;
  while (!alive.empty()) {
    std::vector<std::size_t> kept;
    std::vector<std::size_t> still;
    std::vector<std::vector<SpeechToken>> next;
    for (std::size_t i = 0; i < alive.size(); ++i) {
      Row& row = rows[alive[i]];
      const double length = sounds[row.window].length;
      std::vector<float> logits = std::move(nexts[i].logits);
      rules.Apply(row.tokens, length, &logits);
      row.attention.push_back(std::move(nexts[i].attention));
      row.attention.back().resize(
          StatesOf(length, row.attention.back().size()));
      row.attention.back().shrink_to_fit();
      std::optional<SpeechToken> drawn;
      if (temperature > 0)
        drawn = Drawn(logits, temperature, &chances[alive[i]]);
      std::vector<float> probabilities = std::move(logits);
      ToProbabilities(&probabilities);
      const SpeechToken token = drawn ? *drawn : MostProbable(probabilities);
      const double probability = probabilities[static_cast<std::size_t>(token)];
      row.log_probability += std::log(std::max(probability, 1e-30));
      row.ended = token == spec.end;
      if (row.ended) continue;
      row.tokens.push_back(token);
      row.probabilities.push_back(probability);
      if (row.tokens.size() == most || EndsInLoop(row.tokens, spec) ||
          IsHopeless(row, spec)) {
        continue;
      }
      kept.push_back(i);
      still.push_back(alive[i]);
      next.push_back({token});
    }
    if (kept.empty()) break;
    if (kept.size() < alive.size()) decoder->Keep(kept);
    alive = std::move(still);
    nexts = decoder->Step(next);
  }
  return rows;
}

}  // namespace

SpokenLanguage FindLanguage(const std::vector<WindowStates>& parts,
                            const SpeechSpec& spec) {
  if (spec.languages.empty() || parts.empty()) return {"en", 1};
  std::vector<double> shares(spec.languages.size());
  std::size_t windows = 0;
  for (const WindowStates& part : parts) {
    std::vector<std::size_t> all(part.windows);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::unique_ptr<SpeechDecoder> decoder = part.states->Begin(all);
    for (const SpeechNext& next : decoder->Step({part.windows, {spec.start}})) {
      std::vector<float> of_languages;
      for (const auto& [tag, token] : spec.languages)
        of_languages.push_back(next.logits[static_cast<std::size_t>(token)]);
      ToProbabilities(&of_languages);
      for (std::size_t i = 0; i < shares.size(); ++i)
        shares[i] += of_languages[i];
    }
    windows += part.windows;
  }
  const auto most = std::max_element(shares.begin(), shares.end());
  return {std::next(spec.languages.begin(), most - shares.begin())->first,
          *most / static_cast<double>(windows)};
}

std::vector<std::vector<HeardCue>> Decode(
    const SpeechStates& states, const std::vector<WindowSound>& sounds,
    std::uint64_t first, const std::string& language, const SpeechSpec& spec) {
  std::vector<std::size_t> open(sounds.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  std::vector<std::vector<HeardCue>> heard(sounds.size());
  const auto keep = [&](Row row) {
    if (!row.ended) CutLoop(spec, &row.tokens);
    heard[row.window] = StretchesOf(row, sounds[row.window], spec);
  };
  // Whether it is settled what is said in the row's window.
  const auto settle = [&](Row row) {
    if (!IsBelieved(row, spec)) return IsSilence(row, spec);
    keep(std::move(row));
    return true;
  };
  for (const double temperature : spec.temperatures) {
    std::vector<std::size_t> again;
    if (temperature == 0) {
      for (Row& row :
           Write(states, open, sounds, first, language, temperature, spec)) {
        const std::size_t window = row.window;
        if (!settle(std::move(row))) again.push_back(window);
      }
    } else {
      for (const std::size_t window : open) {
        std::vector<Row> rows =
            Write(states, std::vector<std::size_t>(kDraws, window), sounds,
                  first, language, temperature, spec);
        // Where all are stuck, more chance only makes words up.
        const bool stuck =
            std::all_of(rows.begin(), rows.end(),
                        [&](const Row& row) { return IsStuck(row, spec); });
        Row& best = Best(&rows);
        if (stuck) {
          if (IsSaidAgain(best, spec)) keep(std::move(best));
        } else if (!settle(std::move(best))) {
          again.push_back(window);
        }
      }
    }
    open = std::move(again);
    if (open.empty()) break;
  }
  // What is not believed at any temperature is no speech: noise makes words up.
  return heard;
}

}  // namespace vsa
