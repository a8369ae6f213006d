#include "analysis/audience.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>

#include "analysis/bundle_choice.h"
#include "analysis/prediction.h"
#include "text/language.h"
#include "text/text_file.h"
#include "text/text_language.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

// Long enough for a scene's comments, which come seconds after it; short enough
// to tell scenes apart.
constexpr Time kWindow = std::chrono::seconds(10);
constexpr std::size_t kMostMoments = 5;
constexpr std::size_t kMostJudged = 10000;

AudienceFile ToFile(const std::string& path, const DecodedText& text,
                    std::vector<Warning>* warnings) {
  Danmaku danmaku = ParseDanmaku(path, text.utf8);
  *warnings = DecodingWarnings("danmaku", path, text);
  std::move(danmaku.warnings.begin(), danmaku.warnings.end(),
            std::back_inserter(*warnings));
  return {path, text.encoding, std::move(danmaku.comments)};
}

// Windows side by side, the first and the last perhaps shorter.
std::vector<AudienceWindow> WindowsOf(Time start, Time end) {
  std::vector<AudienceWindow> windows;
  while (start < end) {
    const Time next = std::min((start / kWindow + 1) * kWindow, end);
    windows.push_back({start, next, 0, std::nullopt});
    start = next;
  }
  return windows;
}

// The place of the window that `time` lies in.
std::size_t PlaceOf(Time time, const std::vector<AudienceWindow>& windows) {
  return static_cast<std::size_t>(time / kWindow -
                                  windows.front().start / kWindow);
}

// The places of the windows with the most comments, those first.
std::vector<std::size_t> MomentsOf(const std::vector<AudienceWindow>& windows) {
  std::vector<std::size_t> moments(windows.size());
  std::iota(moments.begin(), moments.end(), 0);
  std::stable_sort(moments.begin(), moments.end(),
                   [&](std::size_t a, std::size_t b) {
                     return windows[a].comments > windows[b].comments;
                   });
  moments.resize(std::min(moments.size(), kMostMoments));
  while (!moments.empty() && windows[moments.back()].comments == 0)
    moments.pop_back();
  return moments;
}

// Sets what the comments, which lie in the windows, read like.
void JudgeComments(const std::vector<Comment>& comments, const Judge& judge,
                   const JudgeTexts& judge_texts, Audience* audience,
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
        {"danmaku_sampled",
         audience->path + ": holds " + std::to_string(texts.size()) +
             " different comments; the audience's sentiment is that of " +
             std::to_string(kMostJudged) + " of them"});
    texts = std::move(some);
  }
  const std::vector<std::optional<Prediction>> verdicts =
      judge_texts(texts, judge);
  std::vector<PredictionMean> means(audience->windows.size());
  PredictionMean whole;
  for (const Comment& comment : comments) {
    const auto place = places.find(comment.text);
    if (place == places.end() || !verdicts[place->second]) continue;
    const Prediction& verdict = *verdicts[place->second];
    means[PlaceOf(comment.time, audience->windows)].Add(verdict, 1);
    whole.Add(verdict, 1);
  }
  for (std::size_t i = 0; i < means.size(); ++i)
    audience->windows[i].prediction = means[i].Get();
  audience->whole = whole.Get();
  audience->model = judge.name;
}

}  // namespace

std::string DanmakuPath(const Item& item) {
  return item.danmaku.value_or(
      fs::path(item.video).replace_extension(".xml").string());
}

std::optional<AudienceFile> ReadAudience(const Item& item,
                                         std::vector<Warning>* warnings) {
  const std::string path = DanmakuPath(item);
  if (item.danmaku) return ToFile(path, ReadDanmakuFile(path), warnings);
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  try {
    const DecodedText text = ReadDanmakuFile(path);
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
                 const std::vector<Judge>& judges, const Judge& of_video,
                 const JudgeTexts& judge_texts,
                 std::vector<Warning>* warnings) {
  std::vector<Comment>& comments = file.comments;
  const auto is_late = [&](const Comment& one) { return one.time >= end; };
  const auto late = std::count_if(comments.begin(), comments.end(), is_late);
  if (late > 0 && !item.sampling.end) {
    warnings->push_back({"danmaku_after_end",
                         file.path + ": " + std::to_string(late) +
                             (late == 1 ? " comment lies" : " comments lie") +
                             " after the end of the pictures: left out"});
  }
  const Time start = item.sampling.start;
  comments.erase(std::remove_if(comments.begin(), comments.end(),
                                [&](const Comment& one) {
                                  return one.time < start || is_late(one);
                                }),
                 comments.end());

  Audience audience;
  audience.path = file.path;
  audience.encoding = file.encoding;
  audience.comments = static_cast<int>(comments.size());
  audience.windows = WindowsOf(start, end);
  std::vector<std::string> texts;
  for (const Comment& comment : comments) {
    texts.push_back(comment.text);
    ++audience.windows[PlaceOf(comment.time, audience.windows)].comments;
  }
  audience.moments = MomentsOf(audience.windows);
  if (comments.empty()) return audience;

  // A model that does not know the words would answer all the same.
  const std::string language = MainLanguage(texts);
  const Judge& judge = language.empty()
                           ? of_video
                           : judges[BundleFor(language, LanguagesOf(judges))];
  if (!language.empty() && !IsOneOf(language, judge.languages)) {
    Warning warning = LanguageWarning(file.path, language, judge.languages);
    warning.message += "; the audience's sentiment is not judged";
    warnings->push_back(std::move(warning));
  } else {
    JudgeComments(comments, judge, judge_texts, &audience, warnings);
  }
  return audience;
}

}  // namespace vsa
