// The plain data that the parts of vsa hand to each other. Intervals are
// half-open; strings are UTF-8 except paths, which are bytes.
#ifndef VSA_TYPES_H_
#define VSA_TYPES_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vsa {

// A point on, or a stretch of, the video's clock.
using Time = std::chrono::microseconds;

// Something skipped or repaired. `code` is one of those listed in
// docs/result.schema.json.
struct Warning {
  std::string code;
  std::string message;  // "FILE[:LINE]: …", one line
};

// One caption of a subtitle file, cleaned: plain words, no markup, one space
// between words, or none where the script has none.
struct Cue {
  Time start{0};
  Time end{0};  // > start
  std::string text;
  int line = 0;                         // where it starts in its file, from 1
  std::vector<std::string> lines = {};  // as shown, of which `text` is made
};

// A stretch of the video's timeline with the words said in it, or none.
struct Segment {
  Time start{0};
  Time end{0};
  std::string text;
  // It lies behind the end of the media, and counts for nothing.
  bool after_end = false;
};

// 8 bits a channel, 3 interleaved channels, rows from the top, no padding
// between rows.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  // width * height * 3
};

// One sampled picture of a video, upright, in BGR order as decoders give it.
struct Frame {
  Time time{0};
  Image image;
};

// What a container says of its pictures. Of sound alone there are none.
struct VideoInfo {
  int width = 0;  // as shown: wide pixels, turned; 0 where there are none
  int height = 0;
  std::optional<double> frame_rate;  // frames per second
  std::optional<Time>
      duration;  // declared; may be wrong until the video was read to its end
};

// A piece of a frame as the frame encoder sees it: `image` is RGB at the
// bundle's size.
struct Crop {
  Image image;
  float weight = 1;  // its share of its frame: the crops of one frame sum to 1
  // Where it lies in the frame, in pixels: the detector's box without the
  // margin, or the whole frame.
  float x = 0, y = 0, width = 0, height = 0;
  float score = 1;  // the detector's confidence, 0..1
};

// Bundle constants (model.json), described in docs/bundles-and-own-data.md.
struct TextSpec {
  std::string tokenizer;  // "wordpiece" or "sentencepiece"
  bool lower_case = true;
  std::optional<bool>
      strip_accents;  // nullopt: as lower_case, like Hugging Face
  bool split_chinese = true;
  bool lower_capitals = false;  // SentencePiece: of text all in capitals
  int max_word_characters = 100;
  int cls = 0, sep = 0, pad = 0, unk = 0;
  int max_tokens = 0;  // of one window, [CLS] and [SEP] included
  int width = 0;       // Dt, of the text vector
};

struct FrameSpec {
  bool faces = true;     // else whole frames
  int size = 0;          // side of the encoder's square input, pixels
  int shrink_first = 0;  // shrink the crop to this side by area before scaling
                         // it to `size`; 0: do not
  double margin =
      0;  // added on each side of a face's square, as a share of its side
  double threshold = 0;   // of the detector's score
  int smallest_face = 0;  // shorter side of a face's box, pixels of the frame;
                          // smaller ones are ignored
  int faces_per_frame = 1;  // the largest ones are used
  int width = 0;            // Dv, of the frame vector
};

struct SegmentSpec {
  double pause = 1;  // seconds without words that end an utterance
  double longest =
      10;  // seconds of one utterance or of one stretch without words
  std::vector<double> weights;  // by modality; see kModalities
};

// Order of the classes everywhere: as in a bundle's "sentiment" and "emotions".
inline constexpr std::array<const char*, 3> kSentiments = {
    "negative", "neutral", "positive"};
inline constexpr std::array<const char*, 7> kEmotions = {
    "neutral", "happy", "sad", "angry", "fear", "disgust", "surprise"};

// A verdict. The probabilities of each array sum to 1.
struct Prediction {
  std::array<double, 3> sentiment{};
  double intensity = 0;  // -3..3
  std::array<double, 7> emotions{};
};

}  // namespace vsa

#endif  // VSA_TYPES_H_
