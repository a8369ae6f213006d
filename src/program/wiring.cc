#include "program/wiring.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/cores.h"
#include "base/current_error.h"
#include "base/file.h"
#include "base/write_all.h"
#include "model/default_bundle.h"
#include "speech/transcript.h"
#include "text/language.h"
#include "tokenizer/emoji_words.h"
#include "tokenizer/sentencepiece_module.h"
#include "tokenizer/simplified_chinese.h"
#include "tokenizer/wordpiece.h"
#include "vsa/error.h"

namespace vsa {
namespace {

std::string PathOfProgram() {
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "vsa" : path.string();
}

Hearing HearingOf(const Item& item) {
  return {item.audio_track, item.sampling.start, item.sampling.end};
}

// The bundle in `folder`; if that is empty that of the models folder, if it has
// one.
std::optional<SpeechBundle> LoadSpeechBundleIfThere(const std::string& folder) {
  const std::string found =
      folder.empty() ? FindSpeechBundle(PathOfProgram()) : folder;
  if (found.empty()) return std::nullopt;
  return LoadSpeechBundle(found);
}

}  // namespace

Bundle LoadChosenBundle(const CommonOptions& options) {
  const char* from_environment = std::getenv("VSA_MODEL");
  const std::string folder =
      !options.model.empty()
          ? options.model
          : FindDefaultBundle(from_environment ? from_environment : "",
                              PathOfProgram());
  try {
    return LoadBundle(folder);
  } catch (...) {
    throw CurrentError(folder, ErrorKind::kSetup);
  }
}

DType ChosenDType(const CommonOptions& options) {
  if (options.dtype == "auto") return NativeDType();
  return options.dtype == "bf16" ? DType::kBf16 : DType::kFp32;
}

std::unique_ptr<Tokenizer> LoadTokenizer(const Bundle& bundle) {
  const BundleFile& file = bundle.vocabulary;
  try {
    const std::string bytes = ReadBundleFile(file);
    std::unique_ptr<Tokenizer> tokenizer =
        bundle.text.tokenizer == "sentencepiece"
            ? ParseSentencePiece(bytes, file.path)
            : ParseWordPiece(bytes, file.path, bundle.text);
    if (IsOneOf("zh", bundle.languages))
      tokenizer = WithSimplifiedChinese(std::move(tokenizer));
    if (bundle.emoji.path.empty()) return tokenizer;
    return WithEmojiWords(
        std::move(tokenizer),
        EmojiWords(ReadBundleFile(bundle.emoji), bundle.emoji.path));
  } catch (...) {
    throw CurrentError(file.path, ErrorKind::kSetup);
  }
}

std::unique_ptr<LazyModel> LoadModel(const Bundle& bundle, DType dtype) {
  return std::make_unique<LazyModel>(bundle, dtype, [] { return Torch(); });
}

Cropper MakeCropper(const Bundle& bundle) {
  return Media().make_cropper(
      bundle.frames, bundle.detector.path,
      bundle.frames.faces ? ReadBundleFile(bundle.detector) : "");
}

SpeechBundle LoadChosenSpeechBundle(const std::string& folder) {
  std::optional<SpeechBundle> bundle = LoadSpeechBundleIfThere(folder);
  if (!bundle) {
    throw Error(ErrorKind::kSetup, "no speech bundle found beside " +
                                       PathOfProgram() +
                                       "; name one with --speech DIR");
  }
  return *std::move(bundle);
}

std::string SpokenTag(const std::string& language, const SpeechSpec& spec) {
  if (spec.languages.empty()) return IsOneOf(language, {"en"}) ? "en" : "";
  for (const auto& [tag, token] : spec.languages)
    if (IsOneOf(language, {tag})) return tag;
  return "";
}

Recogniser::Recogniser(SpeechBundle bundle, DType dtype)
    : bundle_(std::move(bundle)), dtype_(dtype), loaded_([this] {
        Loaded loaded{bundle_.spec, nullptr};
        loaded.spec.tokens = ReadSpeechTokens(bundle_);
        loaded.model =
            Torch().load_speech(bundle_, ReadBundleFile(bundle_.encoder),
                                ReadBundleFile(bundle_.decoder), dtype_);
        return loaded;
      }) {}

std::optional<Heard> Recogniser::Listen(
    const std::string& path, const Hearing& hearing,
    const std::string& language, TaskPool* pool, std::vector<Warning>* warnings,
    const std::function<void(Time)>& progress) const {
  const std::unique_ptr<AudioReader> audio = Media().open_audio(path, hearing);
  if (audio == nullptr) return std::nullopt;
  const Loaded& loaded = loaded_.Get();
  Heard heard = Recognise(audio.get(), *loaded.model, loaded.spec, language,
                          pool, progress);
  heard.cues = LayOut(heard.cues, hearing.start);
  warnings->insert(warnings->end(), audio->warnings().begin(),
                   audio->warnings().end());
  return heard;
}

void Recogniser::Check() const {
  const Loaded& loaded = loaded_.Get();
  const std::unique_ptr<SpeechStates> states =
      loaded.model->Encode({std::vector<float>(kSampleRate)});
  states->Begin({0})->Step({{loaded.spec.start}});
}

bool HasSound(const Item& item) {
  return Media().open_audio(item.video, HearingOf(item)) != nullptr;
}

std::unique_ptr<Recogniser> AddEars(Transcribe transcribe,
                                    const std::string& speech, DType dtype,
                                    Engine* engine) {
  if (transcribe == Transcribe::kNever) return nullptr;
  std::optional<SpeechBundle> bundle =
      transcribe == Transcribe::kAlways ? LoadChosenSpeechBundle(speech)
                                        : LoadSpeechBundleIfThere(speech);
  if (!bundle) {
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
  auto recogniser = std::make_unique<Recogniser>(*std::move(bundle), dtype);
  engine->hear = [ears = recogniser.get()](const Item& item, TaskPool* pool,
                                           std::vector<Warning>* warnings) {
    return ears->Listen(item.video, HearingOf(item),
                        SpokenTag(item.language, ears->bundle().spec), pool,
                        warnings, nullptr);
  };
  return recogniser;
}

ModelName NameOf(const Bundle& bundle, DType dtype, const Recogniser* ears) {
  ModelName name{bundle.name, bundle.version, bundle.sha256,
                 dtype == DType::kBf16 ? "bf16" : "fp32", SpeechName()};
  if (ears != nullptr) {
    const SpeechBundle& speech = ears->bundle();
    name.speech = {speech.name, speech.version, speech.sha256};
  }
  return name;
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

Engine EngineWithoutModel(const Bundle& bundle) {
  Engine engine;
  engine.text = bundle.text;
  engine.segments = bundle.segments;
  engine.languages = bundle.languages;
  engine.open_video = Media().open_video;
  engine.tracks = TextTracks();
  engine.workers = UsableCores();
  engine.make_cropper = [&bundle] { return MakeCropper(bundle); };
  return engine;
}

void WriteToStdout(const std::string& text) {
  if (!WriteAll(STDOUT_FILENO, text))
    throw Error(ErrorKind::kSetup, std::string("stdout: cannot be written: ") +
                                       std::strerror(errno));
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
