// The cores that this process may use.
#ifndef VSA_BASE_CORES_H_
#define VSA_BASE_CORES_H_

#include <optional>
#include <string>

namespace vsa {

// Keeps all threads of this process, those of the video decoder included, on at
// most `count` of the cores it may use: on those that the fewest other
// processes of this program are kept on, as far as those are to be seen. Call
// before any thread is started.
void LimitCores(int count);

// How many cores this process may use, at least 1: by its affinity and by the
// quota of its control group, as containers and Slurm set them.
int UsableCores();

// The cores' worth of time that a control group and those around it leave a
// process; none without a quota. `groups` is what /proc/self/cgroup says of it,
// `root` is where the groups' files lie, /sys/fs/cgroup. Versions 1 and 2.
std::optional<double> CpuQuota(const std::string& groups,
                               const std::string& root);

// Keeps the calling thread, and those it starts from now on, on one of `parts`
// equal shares of the cores it may use, the `part`-th from 0. `parts` is at
// most UsableCores().
void UseShareOfCores(int part, int parts);

}  // namespace vsa

#endif  // VSA_BASE_CORES_H_
