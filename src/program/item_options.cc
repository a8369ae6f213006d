#include "program/item_options.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>

#include "base/ascii.h"
#include "subtitle/formats.h"
#include "text/language.h"
#include "video/sampling.h"
#include "vsa/error.h"

namespace vsa {

namespace {

// For CLI11: what is wrong, or nothing.
std::string CheckLanguage(const std::string& tag) {
  return IsLanguage(tag)
             ? ""
             : tag + " is no language; expected a tag such as en or zh";
}

// The same. CLI::Range takes what is no number for one within.
std::string CheckFps(const std::string& text) {
  constexpr double kSlowest = 0.001, kFastest = 1000;
  char* rest = nullptr;
  const double fps = std::strtod(text.c_str(), &rest);
  return *rest == '\0' && fps >= kSlowest && fps <= kFastest
             ? ""
             : "expected a number from 0.001 to 1000";
}

// The same. CLI::NonNegativeNumber names the largest number that there is.
std::string CheckTrackNumber(const std::string& text) {
  const bool number = !text.empty() && text.size() <= 6 && HasOnlyDigits(text);
  return number ? "" : "expected the number of a track: 0, 1, 2 and so on";
}

}  // namespace

void AddItemOptions(CLI::App* command, ItemOptions* options) {
  auto* none = command->add_flag("--no-subs", options->item.no_subtitles,
                                 "Look at the pictures alone");
  command
      ->add_option("--track", options->item.track,
                   "The video's text track with this number (see vsa inspect) "
                   "or language, rather than any file")
      ->type_name("N|LANG")
      ->excludes(none);
  command
      ->add_option("--encoding", options->item.encoding,
                   "Encoding of the subtitles (default: detected)")
      ->type_name("NAME");
  AddLanguageOption(command, &options->item.language);
  command
      ->add_option("--fps", options->item.sampling.fps,
                   "Frames sampled per second (default: 2)")
      ->type_name("X")
      ->check(CheckFps);
  command
      ->add_option_function<std::string>(
          "--frames",
          [options](const std::string& which) {
            options->item.sampling.keyframes = which == "keyframes";
          },
          "Which frames are decoded: every (default), or keyframes alone, many "
          "times faster")
      ->type_name("WHICH")
      ->check(CLI::IsMember({"every", "keyframes"}));
  command
      ->add_option("--start", options->start,
                   "Only from here on: seconds or [h:]m:s")
      ->type_name("T");
  command
      ->add_option("--end", options->end, "Only up to here: seconds or [h:]m:s")
      ->type_name("T");
}

void AddSubsOption(CLI::App* command, ItemOptions* options) {
  command
      ->add_option("--subs", options->item.subtitles,
                   "Subtitles: " + SubtitleFormatNames() +
                       ", and more (default: a file beside the video, else a "
                       "text track in it, else its speech)")
      ->type_name("FILE")
      ->excludes(command->get_option("--no-subs"))
      ->excludes(command->get_option("--track"));
}

void AddLanguageOption(CLI::App* command, std::string* language) {
  command
      ->add_option("--language", *language,
                   "Language of the words, as en or zh: which sidecar, track "
                   "or language of a file is taken, and with --model auto "
                   "which bundle (default: found out)")
      ->type_name("TAG")
      ->check(CheckLanguage);
}

void AddSpeechOptions(CLI::App* command, ItemOptions* options) {
  command
      ->add_option_function<std::string>(
          "--transcribe",
          [options](const std::string& when) {
            options->item.transcribe = when == "always"  ? Transcribe::kAlways
                                       : when == "never" ? Transcribe::kNever
                                                         : Transcribe::kAuto;
          },
          "Hear speech: auto (default), where there are no other words; never; "
          "or always, instead of sidecars and tracks")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "never", "always"}));
  AddHearingOptions(command, &options->item.audio_track, &options->speech);
}

void AddHearingOptions(CLI::App* command, std::optional<int>* track,
                       std::string* speech) {
  command
      ->add_option("--audio-track", *track,
                   "The sound to hear, by its number among all tracks")
      ->type_name("N")
      ->check(CheckTrackNumber);
  command
      ->add_option("--speech", *speech,
                   "Speech bundle (default: speech in the models folder)")
      ->type_name("DIR");
}

void AddExplainOption(CLI::App* command, ItemOptions* options) {
  command->add_flag("--explain", options->item.explain,
                    "Add to each segment what each modality, word and face did "
                    "to its verdict");
}

void FinishItemOptions(ItemOptions* options) {
  Sampling& sampling = options->item.sampling;
  if (!options->start.empty())
    sampling.start = ParseTime("--start", options->start);
  if (!options->end.empty()) sampling.end = ParseTime("--end", options->end);
  const Item& item = options->item;
  if (item.transcribe == Transcribe::kAlways &&
      (item.subtitles || item.track || item.no_subtitles)) {
    throw Error(ErrorKind::kUsage,
                "--transcribe always: expected neither --subs nor --track nor "
                "--no-subs with it");
  }
  if (sampling.end && *sampling.end <= sampling.start) {
    throw Error(ErrorKind::kUsage,
                "--end " + options->end + ": expected a time after --start");
  }
}

Time ParseTime(const std::string& option, const std::string& text) {
  // Whole numbers before each colon; seconds may have decimals.
  double seconds = 0;
  std::size_t at = 0;
  int parts = 0;
  bool good = !text.empty();
  while (good) {
    const std::size_t colon = text.find(':', at);
    const std::string part = text.substr(at, colon - at);
    const bool last = colon == std::string::npos;
    const bool digits =
        part.find_first_not_of(last ? "0123456789." : "0123456789") ==
        std::string::npos;
    char* rest = nullptr;
    const double value = std::strtod(part.c_str(), &rest);
    good = digits && !part.empty() && part.size() <= 12 && *rest == '\0' &&
           ++parts <= 3 && (parts == 1 || value < 60);
    seconds = seconds * 60 + value;
    if (last) break;
    at = colon + 1;
  }
  if (!good)
    throw Error(
        ErrorKind::kUsage,
        option + " " + text + ": expected seconds or [h:]m:s, as 90.5 or 1:30");
  if (seconds > std::chrono::duration<double>(kLongestVideo).count())
    throw Error(ErrorKind::kUsage,
                option + " " + text + ": expected a time up to 240:00:00");
  return Time(std::llround(seconds * 1e6));
}

}  // namespace vsa
