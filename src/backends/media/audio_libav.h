// Decodes sound with FFmpeg, to 16 kHz and one channel.
#ifndef VSA_BACKENDS_MEDIA_AUDIO_LIBAV_H_
#define VSA_BACKENDS_MEDIA_AUDIO_LIBAV_H_

#include <memory>
#include <string>
#include <vector>

#include "vsa/audio.h"

namespace vsa {

// A reader of the sound of a local file; null if it has none. Without a track
// in `hearing` that is the default one, of those that are neither a comment nor
// a description for the blind if there are others. Times are on the clock of
// the pictures. Memory does not grow with the length. Throws Error (kInput) if
// the file cannot be opened or `hearing` names no track of sound. Safe to call
// from several threads; each reader belongs to one at a time.
std::unique_ptr<AudioReader> OpenAudio(const std::string& path,
                                       const Hearing& hearing);

// All sound of a local file, in the order of its streams. One is heard: that
// which OpenAudio takes unless another is asked for. Throws Error (kInput) if
// the file cannot be opened.
std::vector<SoundTrack> ListSoundTracks(const std::string& path);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_AUDIO_LIBAV_H_
