#include "analysis/explain.h"

#include <algorithm>
#include <bitset>
#include <memory>
#include <numeric>

#include "analysis/evidence_source.h"
#include "analysis/prediction.h"
#include "analysis/text_vectors.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

// How much is left out of one segment at most, which bounds the time.
constexpr std::size_t kMostTexts = 64;
constexpr std::size_t kMostFaces = 16;
// Faces in one call of the fusion, which bounds the memory.
constexpr std::size_t kFacesInBatch = 2048;

// Without any evidence no class is likelier than another.
constexpr double kEvenOdds = 1.0 / kSentiments.size();

std::size_t LabelOf(const Prediction& prediction) {
  return static_cast<std::size_t>(std::max_element(prediction.sentiment.begin(),
                                                   prediction.sentiment.end()) -
                                  prediction.sentiment.begin());
}

bool Empty(const Evidence& evidence) {
  return std::all_of(
      evidence.begin(), evidence.end(),
      [](const ModalityEvidence& one) { return one.vectors.empty(); });
}

// Verdicts for several pieces of evidence; none where there is no evidence.
void FuseInto(std::vector<std::optional<Prediction>>* predictions,
              const std::vector<Evidence>& evidence, const Model& model) {
  std::vector<Evidence> known;
  for (const Evidence& one : evidence)
    if (!Empty(one)) known.push_back(one);
  const std::vector<FusionOutput> outputs = model.Fuse(known);
  std::size_t next = 0;
  for (const Evidence& one : evidence) {
    predictions->emplace_back();
    if (!Empty(one)) predictions->back() = ToPrediction(outputs.at(next++));
  }
}

// A segment's evidence with something left out, in this order: each choice of
// modalities that is neither none nor all, each group of words in turn, each of
// the chosen faces in turn.
class Variants {
 public:
  // `texts`: vectors of the text without each group of words.
  Variants(const Evidence& evidence, std::vector<std::vector<float>> texts,
           std::vector<std::size_t> faces)
      : evidence_(evidence),
        choices_((std::size_t{1} << evidence.size()) - 2),
        texts_(std::move(texts)),
        faces_(std::move(faces)) {}

  std::size_t choices() const { return choices_; }

  std::vector<std::optional<Prediction>> Judge(const Model& model) const {
    const std::size_t count = choices_ + texts_.size() + faces_.size();
    std::size_t most = 0;
    for (const ModalityEvidence& one : evidence_)
      most = std::max(most, one.vectors.size());
    const std::size_t batch = kFacesInBatch / (most + 1) + 1;
    std::vector<std::optional<Prediction>> predictions;
    while (predictions.size() < count) {
      std::vector<Evidence> rows;
      const std::size_t end = std::min(count, predictions.size() + batch);
      for (std::size_t i = predictions.size(); i < end; ++i)
        rows.push_back(At(i));
      FuseInto(&predictions, rows, model);
    }
    return predictions;
  }

 private:
  Evidence At(std::size_t i) const {
    if (i < choices_) return Chosen(evidence_, i + 1);
    i -= choices_;
    Evidence rest = evidence_;
    if (i < texts_.size()) {
      rest[kText] = TextEvidence(texts_[i]);
      return rest;
    }
    const auto face = static_cast<std::ptrdiff_t>(faces_[i - texts_.size()]);
    ModalityEvidence& faces = rest[kFrames];
    faces.vectors.erase(faces.vectors.begin() + face);
    faces.weights.erase(faces.weights.begin() + face);
    return rest;
  }

  // Modality m is chosen where bit m of `choice` is set.
  static Evidence Chosen(const Evidence& evidence, std::size_t choice) {
    Evidence chosen(evidence.size());
    for (std::size_t m = 0; m < evidence.size(); ++m)
      if (choice >> m & 1) chosen[m] = evidence[m];
    return chosen;
  }

  const Evidence& evidence_;
  const std::size_t choices_;
  const std::vector<std::vector<float>> texts_;
  const std::vector<std::size_t> faces_;
};

// The faces with the largest shares in the verdict, in order.
std::vector<std::size_t> DecidingFaces(const std::vector<float>& shares) {
  std::vector<std::size_t> faces(shares.size());
  std::iota(faces.begin(), faces.end(), 0);
  std::stable_sort(faces.begin(), faces.end(),
                   [&](auto a, auto b) { return shares[a] > shares[b]; });
  faces.resize(std::min(faces.size(), kMostFaces));
  std::sort(faces.begin(), faces.end());
  return faces;
}

// What modality `m` adds to the others, averaged over the orders in which they
// can come (Shapley 1953): the parts of all add up to what they change
// together. `values` of the choices of modalities, whose bit m says that m is
// chosen.
double Part(const std::vector<double>& values, std::size_t m) {
  // The choices without m by their size: each size counts alike.
  std::vector<std::pair<double, int>> by_size;
  const std::size_t bit = std::size_t{1} << m;
  for (std::size_t choice = 0; choice < values.size(); ++choice) {
    if (choice & bit) continue;
    const std::size_t size = std::bitset<64>(choice).count();
    if (size >= by_size.size()) by_size.resize(size + 1);
    by_size[size].first += values[choice | bit] - values[choice];
    ++by_size[size].second;
  }
  double sum = 0;
  for (const auto& [added, count] : by_size) sum += added / count;
  return sum / static_cast<double>(by_size.size());
}

}  // namespace

std::string WithoutWords(const std::string& text,
                         const std::vector<WordSpan>& words) {
  std::string rest;
  std::size_t done = 0;
  for (const WordSpan& word : words) {
    rest += text.substr(done, word.begin - done);
    done = word.end;
  }
  return rest + text.substr(done);
}

Explanation Explain(const Evidence& evidence, const std::string& text,
                    const std::vector<FaceSource>& sources,
                    const FusionOutput& output, const Judge& judge) {
  std::vector<WordSpan> words;
  if (!evidence[kText].vectors.empty()) words = WordsOf(text);
  const std::size_t in_group = (words.size() + kMostTexts - 1) / kMostTexts;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < words.size(); i += in_group) {
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(i);
    const std::size_t size = std::min(in_group, words.size() - i);
    texts.push_back(
        WithoutWords(text, {first, first + static_cast<std::ptrdiff_t>(size)}));
  }
  const std::vector<std::size_t> faces =
      DecidingFaces(output.shares.at(kFrames));
  const Variants variants(
      evidence, EncodeTexts(texts, *judge.tokenizer, *judge.model, judge.text),
      faces);
  const auto predictions = variants.Judge(*judge.model);

  const Prediction whole = ToPrediction(output);
  const std::size_t label = LabelOf(whole);
  const auto probability = [&](const std::optional<Prediction>& prediction) {
    return prediction ? prediction->sentiment[label] : kEvenOdds;
  };
  Explanation explanation;
  // Of each choice of modalities, from none to all.
  std::vector<std::optional<Prediction>> chosen(1);
  chosen.insert(
      chosen.end(), predictions.begin(),
      predictions.begin() + static_cast<std::ptrdiff_t>(variants.choices()));
  chosen.push_back(whole);
  std::vector<double> probabilities, intensities;
  for (const std::optional<Prediction>& one : chosen) {
    probabilities.push_back(probability(one));
    intensities.push_back(one ? one->intensity : 0);
  }
  for (std::size_t m = 0; m < evidence.size(); ++m) {
    ModalityPart part;
    part.alone = chosen[std::size_t{1} << m];
    if (part.alone) {
      part.probability = Part(probabilities, m);
      part.intensity = Part(intensities, m);
    }
    explanation.parts.push_back(part);
  }
  const auto score = [&](std::size_t place) {
    return whole.sentiment[label] -
           probability(predictions[variants.choices() + place]);
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t group = i / in_group;
    const std::size_t size =
        std::min(in_group, words.size() - group * in_group);
    explanation.words.push_back({words[i].begin, words[i].end,
                                 score(group) / static_cast<double>(size)});
  }
  for (std::size_t i = 0; i < faces.size(); ++i)
    explanation.faces.push_back({sources[faces[i]], score(texts.size() + i)});
  return explanation;
}

}  // namespace vsa
