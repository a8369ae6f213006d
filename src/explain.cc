#include "explain.h"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <memory>

#include "prediction.h"
#include "text_vectors.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// Without any evidence no class is likelier than another.
constexpr double kEvenOdds = 1.0 / kSentiments.size();

std::size_t LabelOf(const Prediction& prediction) {
  return static_cast<std::size_t>(std::max_element(prediction.sentiment.begin(),
                                                   prediction.sentiment.end()) -
                                  prediction.sentiment.begin());
}

// Evidence without the face at `left_out`.
Evidence WithoutFace(const Evidence& evidence, std::size_t left_out) {
  Evidence rest;
  rest.text = evidence.text;
  for (std::size_t i = 0; i < evidence.faces.size(); ++i) {
    if (i == left_out) continue;
    rest.faces.push_back(evidence.faces[i]);
    rest.weights.push_back(evidence.weights[i]);
  }
  return rest;
}

bool Empty(const Evidence& evidence) {
  return evidence.text.empty() && evidence.faces.empty();
}

// Verdicts for several pieces of evidence, in one call of the fusion; none
// where there is no evidence.
std::vector<std::optional<Prediction>> FuseAll(
    const std::vector<Evidence>& evidence, const Model& model) {
  std::vector<Evidence> known;
  for (const Evidence& one : evidence)
    if (!Empty(one)) known.push_back(one);
  const std::vector<FusionOutput> outputs = model.Fuse(known);
  std::vector<std::optional<Prediction>> predictions;
  std::size_t next = 0;
  for (const Evidence& one : evidence) {
    predictions.emplace_back();
    if (!Empty(one)) predictions.back() = ToPrediction(outputs.at(next++));
  }
  return predictions;
}

// The two ways of adding a modality to the other, or to nothing, averaged
// (Shapley 1953): the parts of both add up to what they change together.
double Part(double with_both, double alone, double other_alone, double none) {
  return ((alone - none) + (with_both - other_alone)) / 2;
}

}  // namespace

std::vector<WordSpan> WordsOf(const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> words(
      icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
  UText bytes = UTEXT_INITIALIZER;
  utext_openUTF8(&bytes, text.data(), static_cast<int64_t>(text.size()),
                 &status);
  if (U_FAILURE(status))
    throw Error(ErrorKind::kInternal,
                std::string("words cannot be told: ") + u_errorName(status));
  words->setText(&bytes, status);
  std::vector<WordSpan> spans;
  int32_t begin = words->first();
  for (int32_t end = words->next(); end != icu::BreakIterator::DONE;
       end = words->next()) {
    if (words->getRuleStatus() >= UBRK_WORD_NONE_LIMIT)
      spans.push_back(
          {static_cast<std::size_t>(begin), static_cast<std::size_t>(end)});
    begin = end;
  }
  utext_close(&bytes);
  return spans;
}

std::string WithoutWord(const std::string& text, const WordSpan& word) {
  return text.substr(0, word.begin) + text.substr(word.end);
}

Explanation Explain(const Evidence& evidence, const std::string& text,
                    const std::vector<FaceSource>& faces,
                    const Prediction& whole, const Engine& engine) {
  // What is fused: words alone, pictures alone, then without each word and
  // without each face.
  std::vector<Evidence> cases(2);
  cases[0].text = evidence.text;
  cases[1].faces = evidence.faces;
  cases[1].weights = evidence.weights;
  std::vector<WordSpan> words;
  if (!evidence.text.empty()) words = WordsOf(text);
  std::vector<std::string> texts;
  for (const WordSpan& word : words) texts.push_back(WithoutWord(text, word));
  for (std::vector<float>& vector :
       EncodeTexts(texts, *engine.tokenizer, *engine.model, engine.text)) {
    cases.push_back({std::move(vector), evidence.faces, evidence.weights});
  }
  for (std::size_t i = 0; i < faces.size(); ++i)
    cases.push_back(WithoutFace(evidence, i));
  const auto predictions = FuseAll(cases, *engine.model);

  const std::size_t label = LabelOf(whole);
  const auto probability = [&](const std::optional<Prediction>& prediction) {
    return prediction ? prediction->sentiment[label] : kEvenOdds;
  };
  const auto intensity = [](const std::optional<Prediction>& prediction) {
    return prediction ? prediction->intensity : 0;
  };
  Explanation explanation;
  explanation.text.alone = predictions[0];
  explanation.visual.alone = predictions[1];
  for (const int which : {0, 1}) {
    const auto &alone = predictions[which], &other = predictions[1 - which];
    ModalityPart& part = which == 0 ? explanation.text : explanation.visual;
    if (!alone) continue;
    part.probability = Part(probability(whole), probability(alone),
                            probability(other), kEvenOdds);
    part.intensity =
        Part(whole.intensity, intensity(alone), intensity(other), 0);
  }
  std::size_t next = 2;
  const auto score = [&] {
    return whole.sentiment[label] - probability(predictions[next++]);
  };
  for (const WordSpan& word : words)
    explanation.words.push_back({word.begin, word.end, score()});
  for (const FaceSource& face : faces)
    explanation.faces.push_back({face, score()});
  return explanation;
}

}  // namespace vsa
