// What several commands are put together from.
#ifndef VSA_PROGRAM_WIRING_H_
#define VSA_PROGRAM_WIRING_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analysis/analyze.h"
#include "backends/backends.h"
#include "model/bundle.h"
#include "output/result.h"
#include "program/common_options.h"

namespace vsa {

// How many files are open at a time, at most, for each video that is read.
constexpr int kFilesOfVideo = 3;

Bundle LoadChosenBundle(const CommonOptions& options);
DType ChosenDType(const CommonOptions& options);
ModelName NameOf(const Bundle& bundle, DType dtype);

// The bundle's tokenizer, with words for emoji where it has a table of them.
std::unique_ptr<Tokenizer> LoadTokenizer(const Bundle& bundle);

// Its library is loaded meanwhile, its parts when they are needed. `bundle`
// must outlive it.
std::unique_ptr<LazyModel> LoadModel(const Bundle& bundle, DType dtype);

// What cuts the evidence out of frames. Throws Error (kSetup) if the bundle's
// detector cannot be used. The result belongs to one thread at a time.
Cropper MakeCropper(const Bundle& bundle);

TextTrackReader TextTracks();

// All of an engine but the text's and the frames' way through the networks.
// `bundle` must outlive it.
Engine EngineWithoutModel(const Bundle& bundle);

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
