// How the libraries of this module behave in the whole process.
#ifndef VSA_BACKENDS_MEDIA_LIBRARIES_H_
#define VSA_BACKENDS_MEDIA_LIBRARIES_H_

#include <atomic>

namespace vsa {

// What a decoder says of what it decodes, where its `opaque` points to one: set
// by its own threads, before it gives the picture. FFmpeg tells it nowhere else
// for sure: its decode_error_flags may be copied before they are set.
struct Complaints {
  std::atomic<bool> error{false};
  std::atomic<bool> filled_in{false};  // what a picture lacked
};

// Makes OpenCV and FFmpeg print nothing (decoders complain as above), and one
// call of OpenCV use one thread: ours run side by side (the decoder's threads
// are its own and stay). Call once, before any thread is started.
void ConfigureLibraries();

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_LIBRARIES_H_
