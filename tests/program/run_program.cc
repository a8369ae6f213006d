#include "tests/program/run_program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/program/result_schema.h"

namespace vsa {
namespace {

// The name of the schema of the lines on stdout; empty if they have none.
std::string SchemaOfLines(const std::vector<std::string>& arguments) {
  const auto has = [&](const char* word) {
    return std::find(arguments.begin(), arguments.end(), word) !=
           arguments.end();
  };
  if (arguments.empty() || has("--help")) return "";
  if (arguments[0] == "inspect" || arguments[0] == "tokenize")
    return arguments[0];
  return arguments[0] == "batch" && has("--dry-run") ? "dry-run" : "";
}

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Runs that look at videos do not hear them unless a test says so: whether
// there is a speech bundle in the models folder changes no other test.
std::vector<std::string> WithoutEars(std::vector<std::string> arguments) {
  const std::vector<std::string> kHearing = {"classify", "batch", "extract"};
  const auto names_speech = [](const std::string& argument) {
    return argument.rfind("--transcribe", 0) == 0 ||
           argument.rfind("--speech", 0) == 0;
  };
  if (!arguments.empty() &&
      std::count(kHearing.begin(), kHearing.end(), arguments[0]) > 0 &&
      std::none_of(arguments.begin(), arguments.end(), names_speech)) {
    arguments.insert(arguments.begin() + 1, {"--transcribe", "never"});
  }
  return arguments;
}

// Makes `descriptor` the file `path`.
void Redirect(int descriptor, const std::string& path, int flags) {
  const int file = open(path.c_str(), flags, 0600);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(127);
  close(file);
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& arguments,
                               const std::string& input,
                               const std::vector<std::string>& environment,
                               const std::string& program)
    : folder_((std::filesystem::temp_directory_path() / "vsa_run.XXXXXX")
                  .string()) {
  if (mkdtemp(folder_.data()) == nullptr) std::abort();
  std::ofstream(folder_ + "/in", std::ios::binary) << input;

  child_ = fork();
  if (child_ == 0) {
    Redirect(STDIN_FILENO, folder_ + "/in", O_RDONLY);
    Redirect(STDOUT_FILENO, folder_ + "/out", O_WRONLY | O_CREAT);
    Redirect(STDERR_FILENO, folder_ + "/err", O_WRONLY | O_CREAT);
    unsetenv("VSA_MODEL");
    for (const std::string& variable : environment)
      putenv(const_cast<char*>(variable.c_str()));
    std::vector<char*> argv = {const_cast<char*>(program.c_str())};
    const std::vector<std::string> all = WithoutEars(arguments);
    for (const std::string& argument : all)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    alarm(120);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
}

RunningProgram::~RunningProgram() {
  if (!ended_) {
    Signal(SIGKILL);
    waitpid(child_, &status_, 0);
  }
  std::filesystem::remove_all(folder_);
}

void RunningProgram::Signal(int signal) const { kill(child_, signal); }

bool RunningProgram::HasEnded() {
  ended_ = ended_ || waitpid(child_, &status_, WNOHANG) == child_;
  return ended_;
}

Outcome RunningProgram::Wait() {
  if (!ended_) waitpid(child_, &status_, 0);
  ended_ = true;
  Outcome outcome;
  outcome.exit_code =
      WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  outcome.out = Contents(folder_ + "/out");
  outcome.err = Contents(folder_ + "/err");
  return outcome;
}

Outcome RunProgram(const std::vector<std::string>& arguments,
                   const std::string& input,
                   const std::vector<std::string>& environment,
                   const std::string& program) {
  Outcome outcome =
      RunningProgram(arguments, input, environment, program).Wait();
  const std::string schema = SchemaOfLines(arguments);
  if (!schema.empty()) {
    EXPECT_EQ(FaultOfLines(outcome.out, schema), "");
  }
  return outcome;
}

std::vector<pid_t> ChildrenOf(pid_t process) {
  namespace fs = std::filesystem;
  std::vector<pid_t> children;
  std::error_code ended;
  for (fs::directory_iterator
           thread("/proc/" + std::to_string(process) + "/task", ended),
       last;
       !ended && thread != last; thread.increment(ended)) {
    std::ifstream file(thread->path() / "children");
    for (pid_t child = 0; file >> child;) {
      std::ifstream status("/proc/" + std::to_string(child) + "/stat");
      std::string text;
      std::getline(status, text);
      const std::size_t name_end = text.rfind(')');
      const bool has_ended =  // but nobody has waited for it
          name_end == text.npos || text.compare(name_end, 3, ") Z") == 0;
      if (!has_ended) children.push_back(child);
    }
  }
  return children;
}

}  // namespace vsa
