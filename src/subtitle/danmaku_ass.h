// Danmaku, what an audience writes over a video, as some programs save it: as
// ASS whose lines fly across the picture.
#ifndef VSA_SUBTITLE_DANMAKU_ASS_H_
#define VSA_SUBTITLE_DANMAKU_ASS_H_

#include <string>
#include <string_view>

namespace vsa {

// Told by what of the file is asked for, line by line.
class DanmakuAss {
 public:
  // A line that is no Dialogue.
  void AddLine(std::string_view line);
  // A Dialogue's style and text.
  void AddDialogue(std::string_view style, std::string_view text);

  // Whether the dialogues are danmaku: nearly all fly across the picture, or
  // two are true of three: the head of the file names it, nearly all styles do,
  // and nearly all dialogues are placed in the picture.
  bool IsDanmaku() const;

 private:
  bool in_head_ = true;  // [Script Info]
  bool named_ = false;   // in the head
  double width_ = 384;   // of the picture, as ASS has it by default
  size_t dialogues_ = 0;
  size_t styles_ = 0;  // dialogues with a style that is named so
  size_t placed_ = 0;
  size_t flying_ = 0;
};

}  // namespace vsa

#endif  // VSA_SUBTITLE_DANMAKU_ASS_H_
