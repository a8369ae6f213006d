// How the libraries of this module behave in the whole process.
#ifndef VSA_BACKENDS_MEDIA_LIBRARIES_H_
#define VSA_BACKENDS_MEDIA_LIBRARIES_H_

namespace vsa {

// Makes OpenCV and FFmpeg print nothing, and one call of OpenCV use one thread:
// ours run side by side (the decoder's threads are its own and stay). Call
// once, before any thread is started.
void ConfigureLibraries();

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_LIBRARIES_H_
