// The command line as plain data.
#ifndef VSA_PROGRAM_CLI_H_
#define VSA_PROGRAM_CLI_H_

#include <optional>
#include <string>
#include <vector>

#include "analysis/analyze.h"

namespace vsa {

enum class Command {
  kClassify,
  kBatch,
  kEvaluate,
  kExtract,
  kInspect,
  kReport,
  kTokenize
};

// "0.1.0"
extern const char kVersion[];

struct Options {
  Command command = Command::kClassify;

  // Common.
  std::string model;  // bundle's folder; empty: looked for
  int threads =
      0;  // all threads of the run together; 0: the cores this process may use
  std::string dtype = "auto";       // "auto", "fp32" or "bf16"
  std::string log_level = "error";  // of stderr, as spdlog names them
  bool quiet = false;               // no progress on stderr

  // classify, batch, extract and report
  Item item;           // of extract all but the video
  std::string output;  // file, empty: stdout; of extract a folder
  bool force = false;  // replace an output of another kind

  // batch
  int jobs = 0;  // videos at a time; 0: the cores this process may use
  bool dry_run = false;
  bool fail_fast = false;
  bool retry_failed = false;
  bool prune = false;
  int shard = 1, shards = 1;  // the shard-th of so many parts, from 1

  // classify
  std::optional<bool> pretty;  // nullopt: when stdout is a terminal
  bool stats = false;

  // evaluate
  std::string labels;  // path of the table
  std::string split = "test";
  std::string videos;       // folder; empty: words alone
  std::string predictions;  // file; empty: the model runs
  std::string compat = "mmsa";
  std::string neutral = "half";
  std::vector<std::string> require;
  std::string format = "table";

  // batch (its INPUTs), inspect and extract
  std::vector<std::string> files;

  // report
  std::string results;  // lines of JSON
  bool thumbnails = false;

  // tokenize
  std::string text = "-";  // file of lines; "-": stdin
  std::string vocab;       // WordPiece vocabulary instead of the bundle's
  bool cased = false;
  std::string spm;  // SentencePiece model instead of the bundle's
};

// What to do: run with `options`, or, for --help and --version, print `text` to
// stdout and exit with 0.
struct ParsedCommandLine {
  Options options;
  std::optional<std::string> text;
};

// Throws Error (kUsage) for anything that is not as --help says.
ParsedCommandLine ParseCommandLine(int argc, char** argv);

// "90", "90.5", "1:30", "1:01:30.5" to a time. Throws Error (kUsage) naming
// `option`.
Time ParseTime(const std::string& option, const std::string& text);

}  // namespace vsa

#endif  // VSA_PROGRAM_CLI_H_
