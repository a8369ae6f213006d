#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "base/cores.h"
#include "base/current_error.h"
#include "base/file.h"
#include "base/one_line.h"
#include "program/commands.h"
#include "program/item_options.h"
#include "program/wiring.h"
#include "speech/transcript.h"
#include "text/chinese.h"
#include "text/language.h"
#include "vsa/error.h"

namespace vsa {
namespace {

struct Options {
  std::vector<std::string> media;
  std::string format = "srt";
  std::string language;      // empty: found out
  std::string speech;        // the bundle; empty: that of the models folder
  std::optional<int> track;  // of sound
  std::string output = "-";
  bool force = false;
  bool beside = false;  // a.<language>.srt beside each
};

void AddOptions(CLI::App* app, Options* options) {
  app->add_option("media", options->media, "Videos, or files of sound")
      ->type_name("MEDIA")
      ->required();
  app->add_option("--format", options->format,
                  "srt (default), vtt or json, as openai-whisper writes it")
      ->check(CLI::IsMember({"srt", "vtt", "json"}))
      ->type_name("FORMAT");
  app->add_option("--language", options->language,
                  "Of the speech, as en (default: found out); zh-Hans "
                  "writes simplified characters")
      ->type_name("TAG");
  AddHearingOptions(app, &options->track, &options->speech);
  auto* output = app->add_option("--output", options->output,
                                 "Of one MEDIA: the file to write (default: "
                                 "-, stdout)")
                     ->type_name("FILE");
  app->add_flag("--force", options->force,
                "Replace an --output that is no file of subtitles");
  app->add_flag("--beside", options->beside,
                "Write a.<language>.srt beside each MEDIA, replacing none")
      ->excludes(output);
  app->callback([options] {
    if (options->media.size() > 1 && !options->beside) {
      throw Error(ErrorKind::kUsage,
                  "transcribe: of several MEDIA --beside is needed");
    }
  });
}

std::string Format(const Heard& heard, const std::string& format) {
  if (format == "vtt") return FormatVtt(heard.cues);
  if (format == "json")
    return FormatTranscriptJson(heard.cues, heard.language.tag);
  return FormatSrt(heard.cues);
}

// Says every half a minute how far the hearing of a long file is.
class HearingProgress {
 public:
  HearingProgress(bool quiet, const std::string& media)
      : quiet_(quiet),
        media_(media),
        length_(quiet ? std::nullopt : LengthOf(media)) {}

  void operator()(Time heard) {
    const Clock::time_point now = Clock::now();
    if (quiet_ || now - said_ < kPause) return;
    said_ = now;
    const double spent = std::chrono::duration<double>(now - begun_).count();
    const double rate =
        std::chrono::duration<double>(heard).count() / std::max(spent, 1e-3);
    std::string line = "vsa: " + OneLine(media_) + ": " + Minutes(heard);
    if (length_) line += " of " + Minutes(*length_);
    char text[64];
    std::snprintf(text, sizeof text, " heard, %.1f times as fast", rate);
    line += text;
    if (length_ && *length_ > heard && rate > 0) {
      const Time left(
          std::llround(static_cast<double>((*length_ - heard).count()) / rate));
      line += ", " + Minutes(left) + " left";
    }
    std::cerr << line << std::endl;
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kPause{30};

  static std::optional<Time> LengthOf(const std::string& media) {
    try {
      return Media().probe_video(media).duration;
    } catch (const Error&) {
      return std::nullopt;  // whoever listens says what is wrong
    }
  }

  // "1:02:03"
  static std::string Minutes(Time time) {
    const long long seconds = time.count() / 1000000;
    char text[48];
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", seconds / 3600,
                  seconds / 60 % 60, seconds % 60);
    return text;
  }

  const bool quiet_;
  const std::string media_;
  const std::optional<Time> length_;
  const Clock::time_point begun_ = Clock::now();
  Clock::time_point said_ = begun_;
};

// Whether these bytes may be what Format gave once. Other files have arrows,
// too: SRT begins with cue 1 and its times.
bool IsTranscript(const std::string& bytes) {
  const auto begins = [&](const char* start) {
    return bytes.rfind(start, 0) == 0;
  };
  if (bytes.empty() || bytes == "WEBVTT\n") return true;
  if (begins("WEBVTT")) return bytes.find(" --> ") != bytes.npos;
  if (begins("{\"text\"")) return bytes.find("\"segments\":[") != bytes.npos;
  int end = 0;
  std::sscanf(bytes.c_str(), "1\n%*4d:%*2d:%*2d,%*3d --> %n", &end);
  return end > 0;
}

// "a.en.srt" beside "a.mp4".
std::string BesideOf(const std::string& media, const std::string& language,
                     const std::string& format) {
  std::filesystem::path path = media;
  path.replace_extension();
  path += "." + language + "." + format;
  return path.string();
}

void TranscribeFile(const CommonOptions& common, const std::string& media,
                    const std::string& language, const Recogniser& recogniser,
                    TaskPool* pool, const Options& options) {
  std::vector<Warning> warnings;
  Hearing hearing;
  hearing.track = options.track;
  std::optional<Heard> heard =
      recogniser.Listen(media, hearing, language, pool, &warnings,
                        HearingProgress(common.quiet, media));
  // Then it is not known whether anybody speaks.
  for (const Warning& warning : warnings) {
    if (warning.code == "sound_unreadable")
      throw Error(ErrorKind::kInput, warning.message);
  }
  LogWarnings(warnings);
  if (!heard) {
    throw Error(ErrorKind::kInput,
                media + ": has no sound; expected a file with some");
  }
  if (heard->cues.empty()) spdlog::error("{}: no speech is heard", media);
  if (IsSimplifiedChinese(options.language)) {
    for (HeardCue& cue : heard->cues) {
      cue.text = ToSimplifiedChinese(cue.text);
      for (HeardWord& word : cue.words)
        word.text = ToSimplifiedChinese(word.text);
    }
  }
  const std::string text = Format(*heard, options.format);
  if (!options.beside) {
    WriteOutput(options.output, text);
    return;
  }
  const std::string path =
      BesideOf(media, heard->language.tag.empty() ? "und" : heard->language.tag,
               options.format);
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    throw Error(ErrorKind::kInput,
                path + ": exists and is not replaced; expected a free name");
  }
  WriteFile(path, text);
}

int Run(const CommonOptions& common, const Options& options) {
  if (!options.beside) {
    CheckIsNoInput(options.output, options.media.front());
    CheckReplaceable(options.output, options.force, "file of subtitles",
                     [](const std::string& path) {
                       return IsTranscript(ReadFile(path, ErrorKind::kSetup));
                     });
  }
  const Recogniser recogniser(ChosenSpeechBundle(options.speech),
                              ChosenDType(common));
  TaskPool pool(UsableCores());
  const std::string language =
      SpokenTag(options.language, recogniser.bundle().spec);
  if (!options.language.empty() && language.empty()) {
    throw Error(ErrorKind::kUsage,
                "--language: the speech bundle does not know " +
                    options.language + "; expected a tag such as en");
  }
  int exit_code = 0;
  for (const std::string& media : options.media) {
    try {
      TranscribeFile(common, media, language, recogniser, &pool, options);
    } catch (...) {
      const Error error = CurrentError(media);
      if (!IsFailureOfItem(error) || options.media.size() == 1) throw error;
      spdlog::error("{}", error.what());
      exit_code = kExitFailedItem;
    }
  }
  return exit_code;
}

}  // namespace

Command TranscribeCommand() {
  return MakeCommand("transcribe", "Speech to subtitles", AddOptions, Run);
}

}  // namespace vsa
