// Parses the command line, runs one command, and turns errors into a line on
// stderr and an exit code.
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <vector>

#include "base/cores.h"
#include "base/current_error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "program/cli.h"
#include "program/log.h"
#include "program/wiring.h"
#include "vsa/error.h"

namespace vsa {
namespace {

int ExitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return kExitUsage;
    case ErrorKind::kSetup:
      return kExitSetup;
    default:
      return kExitFailedItem;
  }
}

void HandleSignals() {
  // A reader of our output that went away is an output that cannot be written.
  // So is one that may not grow further.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  struct sigaction action {};
  action.sa_handler = [](int) { EndAtInterrupt(kExitInterrupted); };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int Run(int argc, char** argv) {
  const ParsedCommandLine parsed = ParseCommandLine(argc, argv);
  if (parsed.text) {
    WriteToStdout(*parsed.text);
    return 0;
  }
  StartLog(parsed.common.log_level);
  if (parsed.common.threads > 0) LimitCores(parsed.common.threads);
  // For RESULTS and what the libraries open with one video.
  CheckRoomForFiles(1 + kFilesOfVideo);
  return parsed.run(parsed.common);
}

}  // namespace
}  // namespace vsa

// Ends the process without the destructors of libtorch, OpenCV and what they
// bring, which take a tenth of a second and give nothing back: our files are
// closed, and nothing lies in a buffer.
[[noreturn]] static void End(int exit_code) { _exit(exit_code); }

// Of stdin, stdout and stderr those that are closed hold nothing and take
// nothing from here on: else the next file that is opened would be one of them.
static void KeepStandardFiles() {
  int file = 0;
  do {
    file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  } while (file >= 0 && file <= STDERR_FILENO);
  if (file >= 0) close(file);
}

// Leaves in the environment what vsa itself reads, and what it wants of the
// libraries that are loaded later. They are some hundred; many print, some
// compute otherwise, by variables of their own.
static void SetEnvironment() {
  constexpr const char* kKept[] = {"VSA_", "NO_COLOR=", "TERM="};
  std::vector<std::string> others;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    if (std::none_of(
            std::begin(kKept), std::end(kKept),
            [&](const char* start) { return text.rfind(start, 0) == 0; }))
      others.push_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : others) unsetenv(name.c_str());
  // OpenBLAS would start a thread a core when it is loaded, each of which spins
  // for a while. It is used from our own threads.
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  // So do those of libtorch, which would start one a core each.
  setenv("OMP_NUM_THREADS", "1", 1);
  setenv("MKL_NUM_THREADS", "1", 1);
}

int main(int argc, char** argv) {
  // Few heaps: a thread each keeps a tenth more memory than is in use. With one
  // the parts of a model, which are loaded side by side, wait for each other.
  mallopt(M_ARENA_MAX, 2);
  KeepStandardFiles();
  SetEnvironment();
  vsa::HandleSignals();
  vsa::StartLog("error");
  try {
    End(vsa::Run(argc, argv));
  } catch (...) {
    const vsa::Error error = vsa::CurrentError("");
    spdlog::error("{}", error.what());
    End(vsa::ExitCodeOf(error.kind()));
  }
}
