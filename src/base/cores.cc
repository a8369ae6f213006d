#include "base/cores.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>
#include <vector>

#include "base/open_file.h"

namespace vsa {
namespace {

// "max 100000" or "250000 100000": microseconds in each period.
std::optional<double> QuotaOfVersion2(const std::filesystem::path& folder) {
  std::ifstream file(folder / "cpu.max");
  double quota = 0, period = 0;
  if (!(file >> quota >> period) || quota <= 0 || period <= 0)
    return std::nullopt;
  return quota / period;
}

// -1 is no quota.
std::optional<double> QuotaOfVersion1(const std::filesystem::path& folder) {
  std::ifstream of_quota(folder / "cpu.cfs_quota_us"),
      of_period(folder / "cpu.cfs_period_us");
  double quota = 0, period = 0;
  if (!(of_quota >> quota) || !(of_period >> period) || quota <= 0 ||
      period <= 0)
    return std::nullopt;
  return quota / period;
}

// Whether "cpu,cpuacct" holds "cpu".
bool HasController(const std::string& controllers, const std::string& name) {
  return ("," + controllers + ",").find("," + name + ",") != std::string::npos;
}

// Processes that start side by side choose their cores one after the other.
class OneAtATime {
 public:
  OneAtATime() : program_(open("/proc/self/exe", O_RDONLY | O_CLOEXEC)) {
    // Not for ever: who has the lock may be stopped.
    for (int tries = 0; tries < 100 && !HasLocked(); ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

 private:
  // Or cannot, as on some network file systems.
  bool HasLocked() const {
    return flock(program_.get(), LOCK_EX | LOCK_NB) == 0 ||
           (errno != EWOULDBLOCK && errno != EINTR);
  }

  OpenFile program_;
};

// How many other processes of this program are kept on each core, of those that
// are not left all that are `usable`.
std::array<int, CPU_SETSIZE> KeptOnEachCore(const cpu_set_t& usable) {
  namespace fs = std::filesystem;
  std::array<int, CPU_SETSIZE> kept{};
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  for (fs::directory_iterator at("/proc", error), end; !error && at != end;
       at.increment(error)) {
    const pid_t process = std::atoi(at->path().filename().c_str());
    std::error_code gone;
    cpu_set_t cores;
    if (process == 0 || process == getpid() ||
        sched_getaffinity(process, sizeof cores, &cores) != 0 ||
        CPU_COUNT(&cores) >= CPU_COUNT(&usable) ||
        fs::read_symlink(at->path() / "exe", gone) != program || gone)
      continue;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &cores)) ++kept[cpu];
    }
  }
  return kept;
}

}  // namespace

// By affinity, for the threads of one video (the decoder's, ours) do not add up
// to any number that could be asked for.
void LimitCores(int count) {
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof usable, &usable) != 0 ||
      CPU_COUNT(&usable) <= count)
    return;
  const OneAtATime one;
  const std::array<int, CPU_SETSIZE> kept = KeptOnEachCore(usable);
  std::vector<int> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &usable)) cores.push_back(cpu);
  }
  // Those of other users and containers are not seen.
  std::shuffle(cores.begin(), cores.end(), std::random_device());
  std::stable_sort(cores.begin(), cores.end(),
                   [&](int a, int b) { return kept[a] < kept[b]; });
  cpu_set_t chosen;
  CPU_ZERO(&chosen);
  for (int i = 0; i < count; ++i) CPU_SET(cores[i], &chosen);
  sched_setaffinity(0, sizeof chosen, &chosen);
}

int UsableCores() {
  cpu_set_t usable;
  // Beyond 1,024 cores the set is too small.
  const int cores = sched_getaffinity(0, sizeof usable, &usable) == 0
                        ? CPU_COUNT(&usable)
                        : static_cast<int>(std::thread::hardware_concurrency());
  std::ostringstream groups;
  groups << std::ifstream("/proc/self/cgroup").rdbuf();
  const std::optional<double> quota = CpuQuota(groups.str(), "/sys/fs/cgroup");
  return std::max(
      1, quota ? static_cast<int>(std::ceil(std::min<double>(cores, *quota)))
               : cores);
}

std::optional<double> CpuQuota(const std::string& groups,
                               const std::string& root) {
  std::optional<double> least;
  std::istringstream lines(groups);
  // A line is "NUMBER:CONTROLLERS:/PATH"; version 2 has no controllers.
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':'),
                      second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool version2 = controllers.empty();
    if (!version2 && !HasController(controllers, "cpu")) continue;
    const std::filesystem::path top =
        version2 ? std::filesystem::path(root)
                 : std::filesystem::path(root) / controllers;
    // In a container the path may be that of the host, of which only the root
    // is to be seen.
    for (auto path =
             std::filesystem::path(line.substr(second + 1)).lexically_normal();
         ; path = path.parent_path()) {
      const std::filesystem::path folder = top / path.relative_path();
      const std::optional<double> quota =
          version2 ? QuotaOfVersion2(folder) : QuotaOfVersion1(folder);
      if (quota && (!least || *quota < *least)) least = quota;
      if (!path.has_relative_path()) break;
    }
  }
  return least;
}

void UseShareOfCores(int part, int parts) {
  cpu_set_t usable;
  if (parts == 1 || sched_getaffinity(0, sizeof usable, &usable) != 0) return;
  const int cores = CPU_COUNT(&usable);
  cpu_set_t chosen;
  CPU_ZERO(&chosen);
  int index = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &usable)) continue;
    if (index * parts / cores == part) CPU_SET(cpu, &chosen);
    ++index;
  }
  if (CPU_COUNT(&chosen) > 0) sched_setaffinity(0, sizeof chosen, &chosen);
}

}  // namespace vsa
