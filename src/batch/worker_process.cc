#include "batch/worker_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "base/current_error.h"
#include "base/write_all.h"
#include "batch/item_bytes.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// The variable of the environment that makes a process a worker: the number of
// the process that started it.
constexpr char kParent[] = "VSA_BATCH_WORKER_OF";

// Both directions are of texts with a NUL behind each. An item is those of
// BytesOfItem, its identity, its key and the bundles. An answer is one, and
// begins with what it is.
constexpr int kTexts = kTextsOfItem + 3;
constexpr char kLine = 'l';
constexpr std::pair<char, ErrorKind> kErrors[] = {{'u', ErrorKind::kUsage},
                                                  {'i', ErrorKind::kInput},
                                                  {'s', ErrorKind::kSetup},
                                                  {'n', ErrorKind::kInternal}};

// The texts of a file of the kernel, each with a NUL behind it.
std::vector<std::string> TextsOf(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> texts;
  for (std::string text; std::getline(file, text, '\0');) texts.push_back(text);
  return texts;
}

std::vector<char*> PointersTo(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  for (std::string& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void FailToStart(int reason) {
  throw Error(ErrorKind::kSetup,
              std::string("a process cannot be started: ") +
                  std::strerror(reason) +
                  "; expected room for more of them (ulimit -u, pids.max)");
}

// `status` is as waitpid has it.
[[noreturn]] void FailAtEnd(const std::string& video, int status) {
  const std::string what = "the process that it was computed in ended by ";
  if (!WIFSIGNALED(status)) {
    // It answers whatever is wrong with an item.
    throw Error(ErrorKind::kSetup, video + ": " + what + "exit code " +
                                       std::to_string(WEXITSTATUS(status)));
  }
  const int signal = WTERMSIG(status);
  throw Error(ErrorKind::kInternal,
              video + ": " + what + "signal " + std::to_string(signal) + " (" +
                  strsignal(signal) + ")" +
                  (signal == SIGKILL ? ", as where memory runs out" : ""));
}

// A pipe whose ends no other process inherits.
struct Pipe {
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) FailToStart(errno);
    read_end = OpenFile(ends[0]);
    write_end = OpenFile(ends[1]);
  }

  OpenFile read_end, write_end;
};

// Computes an item and writes what came of it to stdout.
void Answer(const BatchItem& item,
            const std::function<std::string(const BatchItem&)>& compute) {
  std::string answer;
  try {
    answer = kLine + compute(item);
  } catch (...) {
    const Error error = CurrentError(item.item.video);
    for (const auto& [mark, kind] : kErrors) {
      if (error.kind() == kind) answer = mark + std::string(error.what());
    }
  }
  if (!WriteAll(STDOUT_FILENO, answer + '\0')) FailToWrite("stdout");
}

struct SpawnActions {
  SpawnActions() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnActions() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
};

}  // namespace

WorkerProcess::~WorkerProcess() { End(); }

void WorkerProcess::Start() {
  Pipe in, out;
  std::vector<std::string> arguments = TextsOf("/proc/self/cmdline");
  // Not as it is now: vsa leaves little of it for libraries.
  std::vector<std::string> environment = TextsOf("/proc/self/environ");
  environment.push_back(kParent + ("=" + std::to_string(getpid())));
  SpawnActions actions;
  posix_spawn_file_actions_adddup2(&actions.files, in.read_end.get(),
                                   STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions.files, out.write_end.get(),
                                   STDOUT_FILENO);
  // What a library says before it crashes is no line of vsa.
  posix_spawn_file_actions_addopen(&actions.files, STDERR_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  // Signals to stop are for this process, which lets that one finish, whoever
  // sends them to it, too.
  sigset_t stopping;
  sigemptyset(&stopping);
  sigaddset(&stopping, SIGINT);
  sigaddset(&stopping, SIGTERM);
  posix_spawnattr_setsigmask(&actions.attributes, &stopping);
  posix_spawnattr_setflags(&actions.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  // Whoever started vsa may have it ignored: how the process ends would not be
  // told.
  signal(SIGCHLD, SIG_DFL);
  const int failed = posix_spawn(
      &process_, "/proc/self/exe", &actions.files, &actions.attributes,
      PointersTo(&arguments).data(), PointersTo(&environment).data());
  if (failed != 0) {
    process_ = -1;
    FailToStart(failed);
  }
  to_ = std::move(in.write_end);
  from_ = std::move(out.read_end);
}

bool WorkerProcess::Send(const BatchItem& item,
                         const std::string& bundles) const {
  return WriteAll(to_.get(), BytesOfItem(item.item) + item.identity + '\0' +
                                 item.key + '\0' + bundles + '\0');
}

std::string WorkerProcess::Receive() {
  std::string answer;
  char block[1 << 16];
  while (true) {
    const ssize_t n = read(from_.get(), block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return "";
    answer.append(block, static_cast<std::size_t>(n));
    if (answer.back() != '\0') continue;
    answer.pop_back();
    return answer;
  }
}

bool WorkerProcess::HasEnded() const {
  siginfo_t ended{};
  return process_ >= 0 &&
         waitid(P_PID, static_cast<id_t>(process_), &ended,
                WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid != 0;
}

int WorkerProcess::End() {
  if (process_ < 0) return 0;
  to_.Close();
  from_.Close();
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return status;
}

std::string WorkerProcess::Compute(const BatchItem& item,
                                   const std::string& bundles) {
  // That it ended while it had nothing to do is no fault of this item.
  if (HasEnded()) End();
  if (process_ < 0) Start();
  std::string answer;
  if (Send(item, bundles)) answer = Receive();
  if (answer.empty()) FailAtEnd(item.item.video, End());
  std::string text = answer.substr(1);
  for (const auto& [mark, kind] : kErrors) {
    if (answer[0] == mark) throw Error(kind, text);
  }
  return text;
}

bool IsWorkerProcess() {
  const char* const parent = std::getenv(kParent);
  if (parent == nullptr) return false;
  // What it computes is for nobody else.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (parent != std::to_string(getppid())) _exit(EXIT_FAILURE);
  return true;
}

void ServeItems(const Item& common, const std::string& bundles,
                const std::function<std::string(const BatchItem&)>& compute) {
  std::string bytes;      // of the item that comes
  int texts = 0;          // whole ones in them
  std::size_t marks = 0;  // where the identity begins
  char block[1 << 12];
  while (true) {
    const ssize_t n = read(STDIN_FILENO, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    for (const char* at = block; at < block + n; ++at) {
      bytes += *at;
      if (*at != '\0') continue;
      if (++texts == kTextsOfItem) marks = bytes.size();
      if (texts < kTexts) continue;
      BatchItem item;
      item.item = ItemOfBytes(bytes.c_str(), common);
      item.identity = bytes.c_str() + marks;
      marks += item.identity.size() + 1;
      item.key = bytes.c_str() + marks;
      marks += item.key.size() + 1;
      const bool same = bundles == bytes.c_str() + marks;
      bytes.clear();
      texts = 0;
      Answer(item, [&](const BatchItem& one) {
        if (!same)
          throw Error(ErrorKind::kSetup,
                      "a bundle was changed while the run went on; expected "
                      "it to stay as it was");
        return compute(one);
      });
    }
  }
}

}  // namespace vsa
