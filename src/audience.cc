#include "audience.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>

#include "encoding.h"
#include "file.h"
#include "text_language.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

// Long enough for a scene's comments, which come seconds after it; short enough
// to tell scenes apart.
constexpr Time kWindow = std::chrono::seconds(10);
constexpr std::size_t kMostMoments = 5;
constexpr std::size_t kMostJudged = 10000;
constexpr std::uintmax_t kLargestFile = 100 * 1000 * 1000;

DecodedText ReadText(const std::string& path) {
  std::error_code ignored;
  const std::uintmax_t size = fs::file_size(path, ignored);
  if (!ignored && size > kLargestFile)
    throw Error(ErrorKind::kInput,
                path + ": is larger than 100 MB; expected danmaku");
  return DecodeText(ReadFile(path, ErrorKind::kInput), "");
}

// Sums up predictions.
class Mean {
 public:
  void Add(const Prediction& one, double weight) {
    weight_ += weight;
    for (std::size_t i = 0; i < sum_.sentiment.size(); ++i)
      sum_.sentiment[i] += weight * one.sentiment[i];
    for (std::size_t i = 0; i < sum_.emotions.size(); ++i)
      sum_.emotions[i] += weight * one.emotions[i];
    sum_.intensity += weight * one.intensity;
  }
  std::optional<Prediction> Get() const {
    if (!(weight_ > 0)) return std::nullopt;
    Prediction mean = sum_;
    for (double& share : mean.sentiment) share /= weight_;
    for (double& share : mean.emotions) share /= weight_;
    mean.intensity /= weight_;
    return mean;
  }

 private:
  Prediction sum_;
  double weight_ = 0;
};

// Sets what the comments, which lie in the windows, read like.
void Judge(const std::vector<Comment>& comments, const std::string& path,
           const JudgeTexts& judge, Audience* audience,
           std::vector<Warning>* warnings) {
  // What many write alike is judged once.
  std::map<std::string, std::size_t> places;
  std::vector<std::string> texts;
  for (const Comment& comment : comments) {
    if (places.emplace(comment.text, texts.size()).second)
      texts.push_back(comment.text);
  }
  if (texts.size() > kMostJudged) {
    std::vector<std::string> some;
    places.clear();
    for (std::size_t i = 0; i < kMostJudged; ++i) {
      some.push_back(texts[i * texts.size() / kMostJudged]);
      places.emplace(some.back(), i);
    }
    warnings->push_back(
        {"danmaku_sampled", path + ": holds " + std::to_string(texts.size()) +
                                " different comments; the audience's sentiment "
                                "is that of " +
                                std::to_string(kMostJudged) + " of them"});
    texts = std::move(some);
  }
  const std::vector<std::optional<Prediction>> verdicts = judge(texts);
  std::vector<Mean> windows(audience->windows.size());
  Mean whole;
  const Time origin = audience->windows.front().start / kWindow * kWindow;
  for (const Comment& comment : comments) {
    const auto place = places.find(comment.text);
    if (place == places.end() || !verdicts[place->second]) continue;
    const Prediction& verdict = *verdicts[place->second];
    windows[static_cast<std::size_t>((comment.time - origin) / kWindow)].Add(
        verdict, 1);
    whole.Add(verdict, 1);
  }
  for (std::size_t i = 0; i < windows.size(); ++i)
    audience->windows[i].prediction = windows[i].Get();
  audience->whole = whole.Get();
}

AudienceFile ToFile(const std::string& path, const DecodedText& text,
                    std::vector<Warning>* warnings) {
  Danmaku danmaku = ParseDanmaku(path, text.utf8);
  std::move(danmaku.warnings.begin(), danmaku.warnings.end(),
            std::back_inserter(*warnings));
  return {path, text.encoding, std::move(danmaku.comments)};
}

}  // namespace

std::optional<AudienceFile> ReadAudience(const Item& item,
                                         std::vector<Warning>* warnings) {
  if (item.danmaku)
    return ToFile(*item.danmaku, ReadText(*item.danmaku), warnings);
  const std::string path =
      fs::path(item.video).replace_extension(".xml").string();
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  try {
    const DecodedText text = ReadText(path);
    // Other programs keep their notes on a video in such files.
    if (!IsDanmaku(text.utf8)) return std::nullopt;
    return ToFile(path, text, warnings);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    warnings->push_back({"sidecar_unusable", error.what()});
    return std::nullopt;
  }
}

Audience Observe(AudienceFile file, const Item& item, Time end,
                 const std::vector<std::string>& languages,
                 const JudgeTexts& judge, std::vector<Warning>* warnings) {
  std::vector<Comment>& comments = file.comments;
  const std::string& path = file.path;
  const auto late = static_cast<std::size_t>(
      std::count_if(comments.begin(), comments.end(),
                    [&](const Comment& one) { return one.time >= end; }));
  if (late > 0 && !item.sampling.end) {
    warnings->push_back({"danmaku_after_end",
                         path + ": " + std::to_string(late) +
                             (late == 1 ? " comment lies" : " comments lie") +
                             " after the end of the pictures: left out"});
  }
  const Time start = item.sampling.start;
  comments.erase(std::remove_if(comments.begin(), comments.end(),
                                [&](const Comment& one) {
                                  return one.time < start || one.time >= end;
                                }),
                 comments.end());

  Audience audience;
  audience.path = path;
  audience.encoding = file.encoding;
  audience.comments = static_cast<int>(comments.size());
  for (Time at = start / kWindow * kWindow; at < end; at += kWindow)
    audience.windows.push_back(
        {std::max(at, start), std::min(at + kWindow, end), 0, std::nullopt});
  if (comments.empty()) return audience;
  const Time origin = start / kWindow * kWindow;
  std::vector<std::string> texts;
  for (const Comment& comment : comments) {
    texts.push_back(comment.text);
    ++audience
          .windows[static_cast<std::size_t>((comment.time - origin) / kWindow)]
          .comments;
  }
  audience.moments.resize(audience.windows.size());
  std::iota(audience.moments.begin(), audience.moments.end(), 0);
  std::stable_sort(audience.moments.begin(), audience.moments.end(),
                   [&](std::size_t a, std::size_t b) {
                     return audience.windows[a].comments >
                            audience.windows[b].comments;
                   });
  while (audience.moments.size() > kMostMoments ||
         audience.windows[audience.moments.back()].comments == 0)
    audience.moments.pop_back();

  // A model that does not know the words would answer all the same.
  if (const auto language = OtherLanguage(texts, languages)) {
    Warning warning = LanguageWarning(path, *language, languages);
    warning.message += "; the audience's sentiment is not judged";
    warnings->push_back(std::move(warning));
  } else {
    Judge(comments, path, judge, &audience, warnings);
  }
  return audience;
}

}  // namespace vsa
