// The cores that this process may use.
#ifndef VSA_CORES_H_
#define VSA_CORES_H_

namespace vsa {

// Keeps all threads of this process, those of the video decoder included, on at
// most `count` of the cores it may use. Call before any thread is started.
void LimitCores(int count);

// How many there are, at least 1.
int UsableCores();

}  // namespace vsa

#endif  // VSA_CORES_H_
