#include "base/cores.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>

namespace vsa {

// By affinity, for ffmpeg inside of OpenCV starts as many threads as the
// machine has cores and takes no option for it.
void LimitCores(int count) {
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof usable, &usable) != 0 ||
      CPU_COUNT(&usable) <= count)
    return;
  // Processes side by side start at different cores.
  int skip = static_cast<int>(getpid() % CPU_COUNT(&usable));
  cpu_set_t chosen;
  CPU_ZERO(&chosen);
  for (int cpu = 0; CPU_COUNT(&chosen) < count; cpu = (cpu + 1) % CPU_SETSIZE) {
    if (CPU_ISSET(cpu, &usable) && skip-- <= 0) CPU_SET(cpu, &chosen);
  }
  sched_setaffinity(0, sizeof chosen, &chosen);
}

int UsableCores() {
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof usable, &usable) != 0) return 1;
  return std::max(1, CPU_COUNT(&usable));
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
