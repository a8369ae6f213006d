#include "speech/decode.h"

#include <unicode/utf8.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <random>
#include <utility>

#include "speech/token_rules.h"

namespace vsa {
namespace {

// Hums and music make up single words, each of them improbable.
constexpr double kLeastConfidence = 0.3;

// A text that is being written.
struct Row {
  std::size_t window = 0;
  std::vector<SpeechToken> tokens;  // without those it begins with
  std::vector<double> probabilities;
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

bool IsBelieved(const Row& row, const SpeechSpec& spec) {
  return MeanLogProbability(row) >= spec.least_log_probability &&
         CompressionOf(TextOf(row.tokens, spec)) <= spec.most_compression;
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

// How probable each row's window is said to be no speech, and the logits of
// what is written first.
std::vector<std::vector<float>> Start(SpeechDecoder* decoder,
                                      const std::vector<SpeechToken>& prompt,
                                      const SpeechSpec& spec,
                                      std::vector<Row>* rows) {
  std::vector<std::vector<float>> logits =
      decoder->Step({rows->size(), {prompt[0]}});
  for (std::size_t i = 0; i < rows->size(); ++i) {
    std::vector<float> probabilities = logits[i];
    ToProbabilities(&probabilities);
    (*rows)[i].no_speech =
        probabilities[static_cast<std::size_t>(spec.no_speech)];
  }
  if (prompt.size() > 1) {
    logits =
        decoder->Step({rows->size(), std::vector<SpeechToken>(
                                         prompt.begin() + 1, prompt.end())});
  }
  return logits;
}

// A text for each of `windows`, written at `temperature`.
std::vector<Row> Write(const SpeechStates& states,
                       const std::vector<std::size_t>& windows,
                       const std::vector<double>& lengths, std::uint64_t first,
                       const std::string& language, double temperature,
                       const SpeechSpec& spec) {
  std::vector<Row> rows(windows.size());
  std::vector<std::mt19937_64> chances;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    rows[i].window = windows[i];
    std::seed_seq seed{static_cast<std::uint32_t>(first + windows[i]),
                       static_cast<std::uint32_t>(temperature * 1000)};
    chances.emplace_back(seed);
  }
  const std::unique_ptr<SpeechDecoder> decoder = states.Begin(windows);
  const std::vector<SpeechToken> prompt = Prompt(language, spec);
  const TokenRules rules(spec);
  std::vector<std::vector<float>> logits =
      Start(decoder.get(), prompt, spec, &rows);
  std::vector<std::size_t> alive(windows.size());  // the row of each of logits
  std::iota(alive.begin(), alive.end(), std::size_t{0});
  const std::size_t most = static_cast<std::size_t>(spec.max_tokens) / 2;
  while (!alive.empty()) {
    std::vector<std::size_t> kept;
    std::vector<std::size_t> still;
    std::vector<std::vector<SpeechToken>> next;
    for (std::size_t i = 0; i < alive.size(); ++i) {
      Row& row = rows[alive[i]];
      rules.Apply(row.tokens, lengths[row.window], &logits[i]);
      std::optional<SpeechToken> drawn;
      if (temperature > 0)
        drawn = Drawn(logits[i], temperature, &chances[alive[i]]);
      std::vector<float> probabilities = std::move(logits[i]);
      ToProbabilities(&probabilities);
      const SpeechToken token = drawn ? *drawn : MostProbable(probabilities);
      const double probability = probabilities[static_cast<std::size_t>(token)];
      row.log_probability += std::log(std::max(probability, 1e-30));
      row.ended = token == spec.end;
      if (row.ended) continue;
      row.tokens.push_back(token);
      row.probabilities.push_back(probability);
      if (row.tokens.size() == most || EndsInLoop(row.tokens) ||
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
    logits = decoder->Step(next);
  }
  return rows;
}

// Words with one space between them. Tokens may be parts of a character: what
// is no UTF-8 becomes U+FFFD.
std::string PlainWords(const std::string& text) {
  std::string plain;
  bool space = false;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), at, size, c);
    if (c <= ' ') {
      space = !plain.empty();
      continue;
    }
    if (space) plain += ' ';
    space = false;
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    plain.append(bytes, static_cast<std::size_t>(length));
  }
  return plain;
}

// The stretches that timestamps bound. One that the text breaks off in ends
// with the window.
std::vector<HeardText> Stretches(Row row, double length,
                                 const SpeechSpec& spec) {
  std::vector<HeardText> heard;
  HeardText open;
  std::vector<SpeechToken> said;
  double sum = 0;
  const auto close = [&](double end) {
    open.text = PlainWords(TextOf(said, spec));
    open.end = std::min(std::max(end, open.start), length);
    open.confidence = said.empty() ? 0 : sum / static_cast<double>(said.size());
    if (!open.text.empty() && open.start < length &&
        open.confidence >= kLeastConfidence) {
      heard.push_back(open);
    }
    said.clear();
    sum = 0;
  };
  if (!row.ended) CutLoop(&row.tokens);
  for (std::size_t i = 0; i < row.tokens.size(); ++i) {
    const SpeechToken token = row.tokens[i];
    if (token < spec.first_timestamp) {
      said.push_back(token);
      sum += row.probabilities[i];
      continue;
    }
    const double time = (token - spec.first_timestamp) * spec.timestamp_seconds;
    if (!said.empty()) close(time);
    open.start = time;
  }
  if (!said.empty()) close(length);
  return heard;
}

}  // namespace

SpokenLanguage FindLanguage(const SpeechStates& states, std::size_t windows,
                            const SpeechSpec& spec) {
  if (spec.languages.empty() || windows == 0) return {"en", 1};
  std::vector<std::size_t> all(windows);
  std::iota(all.begin(), all.end(), std::size_t{0});
  const std::unique_ptr<SpeechDecoder> decoder = states.Begin(all);
  std::vector<double> shares(spec.languages.size());
  for (std::vector<float>& logits : decoder->Step({windows, {spec.start}})) {
    std::vector<float> of_languages;
    for (const auto& [tag, token] : spec.languages)
      of_languages.push_back(logits[static_cast<std::size_t>(token)]);
    ToProbabilities(&of_languages);
    for (std::size_t i = 0; i < shares.size(); ++i)
      shares[i] += of_languages[i] / static_cast<double>(windows);
  }
  const auto most = std::max_element(shares.begin(), shares.end());
  return {std::next(spec.languages.begin(), most - shares.begin())->first,
          *most};
}

std::vector<std::vector<HeardText>> Decode(const SpeechStates& states,
                                           const std::vector<double>& lengths,
                                           std::uint64_t first,
                                           const std::string& language,
                                           const SpeechSpec& spec) {
  std::vector<std::size_t> open(lengths.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  std::vector<std::vector<HeardText>> heard(lengths.size());
  for (const double temperature : spec.temperatures) {
    if (open.empty()) break;
    std::vector<std::size_t> again;
    for (Row& row :
         Write(states, open, lengths, first, language, temperature, spec)) {
      if (IsBelieved(row, spec)) {
        const std::size_t window = row.window;
        heard[window] = Stretches(std::move(row), lengths[window], spec);
      } else if (!IsSilence(row, spec)) {
        again.push_back(row.window);
      }
    }
    open = std::move(again);
  }
  // What is not believed at any temperature is no speech: noise makes words up.
  return heard;
}

}  // namespace vsa
