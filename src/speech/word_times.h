// When words are said, from what the decoder looked at as it wrote them.
#ifndef VSA_SPEECH_WORD_TIMES_H_
#define VSA_SPEECH_WORD_TIMES_H_

#include <cstddef>
#include <vector>

namespace vsa {

struct FrameSpan {
  std::size_t begin = 0;
  std::size_t end = 0;  // after begin
};

// Tokens follow each other in the sound as in the text, but the weights of
// attention are blurred, and some lie elsewhere. So the path through them is
// found that goes forward alone and passes the greatest weights (dynamic time
// warping), after each frame's weights are set against those of the other
// tokens, and smoothed. As openai-whisper's timing.py, of the mean of the
// heads.
//
// `attention` has for each token, in order, its weights over the same frames,
// `pauses` says in which of those nobody speaks: they are of no token. Gives
// the frames of each token, which never go back. Nothing where the weights look
// nowhere in particular.
std::vector<FrameSpan> AlignTokens(
    const std::vector<std::vector<float>>& attention,
    const std::vector<bool>& pauses);

}  // namespace vsa

#endif  // VSA_SPEECH_WORD_TIMES_H_
