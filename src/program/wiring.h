// What several commands are put together from.
#ifndef VSA_PROGRAM_WIRING_H_
#define VSA_PROGRAM_WIRING_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analyze.h"
#include "backends/backends.h"
#include "model/deferred.h"
#include "model/speech_bundle.h"
#include "output/result.h"
#include "program/common_options.h"
#include "program/judges.h"
#include "speech/recognise.h"

namespace vsa {

// How many files are open at a time, at most, for each video that is read.
constexpr int kFilesOfVideo = 3;

// What turns sound into words. Nothing of its bundle is read, and no library of
// it loaded, before somebody asks for them or hears.
class Recogniser {
 public:
  Recogniser(std::string folder, DType dtype);

  // What is said in a file, in cues as LayOut gives them; nullopt if it has no
  // sound. `language` is that of the speech by any of its names; empty, or one
  // that the bundle does not know: it is found out. Throws Error (kSetup) if
  // the bundle cannot be used.
  std::optional<Heard> Listen(const std::string& path, const Hearing& hearing,
                              const std::string& language, TaskPool* pool,
                              std::vector<Warning>* warnings,
                              const std::function<void(Time)>& progress) const;

  // Loads the parts and has them hear a moment of silence. Throws Error
  // (kSetup, kInternal) if they break their contract.
  void Check() const;

  // Throws Error (kSetup) if it cannot be used.
  const SpeechBundle& bundle() const { return bundle_.Get(); }

 private:
  struct Loaded {
    SpeechSpec spec;  // with the tokens
    std::shared_ptr<const SpeechModel> model;
  };

  const DType dtype_;
  const Deferred<SpeechBundle> bundle_;
  const Deferred<Loaded> loaded_;
};

// `folder`; if that is empty the speech bundle's in the models folder. Throws
// Error (kSetup) if there is none.
std::string ChosenSpeechBundle(const std::string& folder);

// Whether an item's video has sound, of that which the item asks for. Throws
// Error (kInput) if the video cannot be opened, or that sound is not there.
bool HasSound(const Item& item);

// The speech bundle's own tag of a language by any of its names ("en" of
// "eng"); empty if it knows none.
std::string SpokenTag(const std::string& language, const SpeechSpec& spec);

// Gives an engine ears, as `transcribe` asks for: null where it never hears, or
// where there is no speech bundle, which is a warning of each item with sound
// then (speech_unavailable). `speech` is the folder of --speech, or empty. What
// is given must outlive the engine. Throws Error (kSetup) if `speech` is no
// folder, or `transcribe` is kAlways and the bundle cannot be used; else who
// hears with it throws that.
std::unique_ptr<Recogniser> AddEars(Transcribe transcribe,
                                    const std::string& speech, DType dtype,
                                    Engine* engine);

TextTrackReader TextTracks();

// An engine without ears. `judges` must outlive it.
Engine MakeEngine(const Judges& judges);

// Throws Error (kSetup) if it cannot be written whole.
void WriteToStdout(const std::string& text);

// Before any work, so that none is lost: throws Error (kSetup) if
// `output` cannot be written, or is a file for which `is_own` says that it is
// no `kind` (as in "result") of ours, without --force.
void CheckReplaceable(
    const std::string& output, bool force, const std::string& kind,
    const std::function<bool(const std::string& path)>& is_own);

// To a file as WriteFile does, or to stdout if it is "-".
void WriteOutput(const std::string& output, const std::string& bytes);

// Throws Error (kSetup) if they are the same file.
void CheckIsNoInput(const std::string& output, const std::string& input);

void LogWarnings(const std::vector<Warning>& warnings);

}  // namespace vsa

#endif  // VSA_PROGRAM_WIRING_H_
