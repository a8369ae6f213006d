#include "program/wiring.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <filesystem>

#include "base/cores.h"
#include "base/file.h"
#include "base/path_of_program.h"
#include "base/write_all.h"
#include "model/models_folder.h"
#include "speech/transcript.h"
#include "text/language.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

Hearing HearingOf(const Item& item) {
  return {item.audio_track, item.sampling.start, item.sampling.end};
}

// `folder`; if that is empty the one in the models folder, empty if there is
// none.
std::string SpeechBundleIfThere(const std::string& folder) {
  return folder.empty() ? FindSpeechBundle(FindModelsFolder(PathOfProgram()))
                        : folder;
}

}  // namespace

std::string ChosenSpeechBundle(const std::string& folder) {
  std::string chosen = SpeechBundleIfThere(folder);
  if (chosen.empty()) {
    throw Error(ErrorKind::kSetup, "no speech bundle found beside " +
                                       PathOfProgram() +
                                       "; name one with --speech DIR");
  }
  return chosen;
}

std::string SpokenTag(const std::string& language, const SpeechSpec& spec) {
  if (spec.languages.empty()) return IsOneOf(language, {"en"}) ? "en" : "";
  for (const auto& [tag, token] : spec.languages)
    if (IsOneOf(language, {tag})) return tag;
  return "";
}

Recogniser::Recogniser(std::string folder, DType dtype)
    : dtype_(dtype),
      bundle_(
          [folder = std::move(folder)] { return LoadSpeechBundle(folder); }),
      loaded_([this] {
        const SpeechBundle& used = bundle();
        Loaded loaded{used.spec, nullptr};
        loaded.spec.tokens = ReadSpeechTokens(used);
        loaded.model =
            Torch().load_speech(used, ReadBundleFile(used.encoder),
                                ReadBundleFile(used.decoder), dtype_);
        return loaded;
      }) {}

std::optional<Heard> Recogniser::Listen(
    const std::string& path, const Hearing& hearing,
    const std::string& language, TaskPool* pool, std::vector<Warning>* warnings,
    const std::function<void(Time)>& progress) const {
  const std::unique_ptr<AudioReader> audio = Media().open_audio(path, hearing);
  if (audio == nullptr) return std::nullopt;
  const Loaded& loaded = loaded_.Get();
  Heard heard = Recognise(audio.get(), *loaded.model, loaded.spec,
                          SpokenTag(language, loaded.spec), pool, progress);
  heard.cues = LayOut(heard.cues, hearing.start);
  warnings->insert(warnings->end(), audio->warnings().begin(),
                   audio->warnings().end());
  return heard;
}

void Recogniser::Check() const {
  const Loaded& loaded = loaded_.Get();
  const std::unique_ptr<SpeechStates> states =
      loaded.model->Encode({std::vector<float>(kSampleRate)});
  // As long as any text becomes: the decoder must have room for it.
  states->Begin({0})->Step({std::vector<SpeechToken>(
      static_cast<std::size_t>(loaded.spec.max_tokens), loaded.spec.start)});
}

bool HasSound(const Item& item) {
  return Media().open_audio(item.video, HearingOf(item)) != nullptr;
}

std::unique_ptr<Recogniser> AddEars(Transcribe transcribe,
                                    const std::string& speech, DType dtype,
                                    Engine* engine) {
  if (transcribe == Transcribe::kNever) return nullptr;
  const std::string folder = transcribe == Transcribe::kAlways
                                 ? ChosenSpeechBundle(speech)
                                 : SpeechBundleIfThere(speech);
  if (folder.empty()) {
    engine->hear = [](const Item& item, TaskPool* /*pool*/,
                      std::vector<Warning>* warnings) {
      if (HasSound(item)) {
        warnings->push_back(
            {"speech_unavailable",
             item.video + ": its speech is not heard: there is no speech "
                          "bundle beside the program"});
      }
      return std::optional<Heard>();
    };
    return nullptr;
  }
  auto recogniser = std::make_unique<Recogniser>(folder, dtype);
  // A folder that is named wrong is said at once, though it may not be needed.
  std::error_code ignored;
  if (transcribe == Transcribe::kAlways || !fs::is_directory(folder, ignored))
    recogniser->bundle();
  engine->speech = [ears = recogniser.get()] {
    const SpeechBundle& used = ears->bundle();
    return SpeechName{used.name, used.version, used.sha256};
  };
  engine->hear = [ears = recogniser.get()](const Item& item, TaskPool* pool,
                                           std::vector<Warning>* warnings) {
    return ears->Listen(item.video, HearingOf(item), item.language, pool,
                        warnings, nullptr);
  };
  return recogniser;
}

// Its library is loaded when a video is opened.
TextTrackReader TextTracks() {
  return {
      [](const std::string& path) { return Media().list_text_tracks(path); },
      [](const std::string& path, int index) {
        return Media().read_text_track(path, index);
      },
      [](const std::vector<CaptionBytes>& bytes) {
        return Media().decode_608(bytes);
      }};
}

Engine MakeEngine(const Judges& judges) {
  Engine engine;
  engine.judges = judges.all();
  engine.open_video = Media().open_video;
  engine.tracks = TextTracks();
  engine.workers = UsableCores();
  return engine;
}

void WriteToStdout(const std::string& text) {
  if (!WriteAll(STDOUT_FILENO, text)) FailToWrite("stdout");
}

void CheckReplaceable(
    const std::string& output, bool force, const std::string& kind,
    const std::function<bool(const std::string& path)>& is_own) {
  if (output == "-") return;
  CheckWritable(output);
  std::error_code error;
  if (!force && !IsDevice(output) && std::filesystem::exists(output, error) &&
      !is_own(output)) {
    throw Error(ErrorKind::kSetup, output + ": exists and is no " + kind +
                                       " of vsa; use --force to replace it");
  }
}

void WriteOutput(const std::string& output, const std::string& bytes) {
  if (output == "-") {
    WriteToStdout(bytes);
  } else {
    WriteFile(output, bytes);
  }
}

void CheckIsNoInput(const std::string& output, const std::string& input) {
  if (output != "-" && SameFile(output, input))
    throw Error(ErrorKind::kSetup,
                output + ": is an input; the output must be another file");
}

void LogWarnings(const std::vector<Warning>& warnings) {
  for (const Warning& warning : warnings) spdlog::info("{}", warning.message);
}

}  // namespace vsa
