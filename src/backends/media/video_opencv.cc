#include "backends/media/video_opencv.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

#include "backends/media/probe_libav.h"
#include "backends/media/seek_libav.h"
#include "backends/media/upright_opencv.h"
#include "video/sampling.h"
#include "video/video_tail.h"
#include "vsa/error.h"

extern "C" {
#include <libavutil/log.h>
}

namespace vsa {
namespace {

double Seconds(Time time) {
  return std::chrono::duration<double>(time).count();
}

// A frame's time where the decoder knows it, a likely one where it does not:
// FFmpeg's times are missing for the last frames of many files, throughout in
// some, and jump back or absurdly far ahead in damaged ones.
class FrameClock {
 public:
  static constexpr std::size_t kSteps = 15;  // that a likely time goes by

  FrameClock(Time start, std::optional<double> frame_rate) : start_(start) {
    if (frame_rate)
      declared_step_ =
          Time(std::max<long long>(1, std::llround(1e6 / *frame_rate)));
  }

  // When the decoder says that a frame is shown. `milliseconds` is
  // CAP_PROP_POS_MSEC after its grab.
  Time Read(double milliseconds) const {
    const double known =
        std::isfinite(milliseconds) && std::abs(milliseconds) < 1e12
            ? milliseconds
            : 0;
    return start_ + Time(std::llround(known * 1000));
  }

  // The first frame of all to be told is one at `time`, which is right.
  void StartAt(Time time) {
    first_ = last_ = time;
    frames_ = 1;
  }

  // The time of the next frame, later than all before it.
  Time Tick(Time read) {
    if (frames_++ == 0) {
      first_ = last_ =
          read >= start_ && read - start_ < kLongestStill ? read : start_;
    } else if (read > last_ && read - last_ < kLongestStill) {
      steps_.push_back(read - last_);
      if (steps_.size() > kSteps) steps_.pop_front();
      last_ = read;
    } else {
      last_ += TypicalStep();
    }
    return last_;
  }

  // For how long a frame is likely to be shown: the median of the last known
  // steps.
  Time TypicalStep() const {
    if (steps_.empty()) return declared_step_;
    std::vector<Time> sorted(steps_.begin(), steps_.end());
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2,
                     sorted.end());
    return sorted[sorted.size() / 2];
  }

  // Where the last frame stops being shown.
  Time End() const { return frames_ == 0 ? Time(0) : last_ + TypicalStep(); }

  long long frames() const { return frames_; }

  // Frames per second over all that was seen, if any time was known.
  std::optional<double> SeenRate() const {
    if (steps_.empty()) return std::nullopt;
    return static_cast<double>(frames_ - 1) / Seconds(last_ - first_);
  }

 private:
  Time start_;
  Time declared_step_ = std::chrono::milliseconds(40);
  Time first_{0};
  Time last_{0};
  long long frames_ = 0;
  std::deque<Time> steps_;
};

class OpenCvVideoReader : public VideoReader {
 public:
  OpenCvVideoReader(const std::string& path, const Sampling& sampling)
      : path_(path),
        sampling_(sampling),
        probe_(ProbeVideo(path)),
        clock_(probe_.start, probe_.frame_rate) {
    info_ = {probe_.width, probe_.height, probe_.frame_rate, probe_.duration};
    OpenCapture();
    if (sampling_.start > probe_.start && probe_.frame_rate && !Seek()) {
      clock_ = FrameClock(probe_.start, probe_.frame_rate);
      OpenCapture();
    }
  }

  const VideoInfo& info() const override { return info_; }
  Time end() const override { return done_ ? end_ : clock_.End(); }
  const std::vector<Warning>& warnings() const override { return warnings_; }

  bool Next(Frame* frame) override {
    try {
      return NextOrThrow(frame);
    } catch (const cv::Exception& error) {
      throw Error(ErrorKind::kInput,
                  path_ + ": its pictures cannot be decoded: " + error.err);
    } catch (const std::bad_alloc&) {
      throw Error(ErrorKind::kInput,
                  path_ + ": its pictures need more memory than there is");
    }
  }

 private:
  void OpenCapture() {
    if (!capture_.open("file:" + path_, cv::CAP_FFMPEG)) {
      throw Error(ErrorKind::kInput,
                  path_ + ": its pictures (" + probe_.codec + ", " +
                      std::to_string(probe_.width) + "x" +
                      std::to_string(probe_.height) +
                      ") cannot be decoded; expected another codec");
    }
    // OpenCV 4.6 turns pictures by 90 degrees the wrong way.
    capture_.set(cv::CAP_PROP_ORIENTATION_AUTO, 0);
  }

  // Goes on near the start of the stretch where that is sure to make no
  // difference. False if what comes is not what should: then all must be read.
  bool Seek() {
    // OpenCV drops about as many frames after the keyframe.
    constexpr int kDropped = 16;
    const std::optional<SeekPoint> point =
        FindSeekPoint(path_, sampling_.start - probe_.start,
                      kDropped + FrameClock::kSteps + 9);
    if (!point) return true;
    const double rate = capture_.get(cv::CAP_PROP_FPS);
    capture_.set(cv::CAP_PROP_POS_FRAMES,
                 std::ceil(Seconds(point->frames.front()) * rate) + kDropped);
    // The clock goes by the last steps, so they must be seen again.
    std::size_t next = 0;
    for (std::size_t seen = 0; seen <= FrameClock::kSteps; ++seen, ++next) {
      if (!capture_.grab()) return false;
      const Time read = clock_.Read(capture_.get(cv::CAP_PROP_POS_MSEC));
      const auto is_read = [&](Time frame) {
        return std::chrono::abs(probe_.start + frame - read) <= Time(1);
      };
      if (seen == 0) {
        next = static_cast<std::size_t>(
            std::find_if(point->frames.begin(), point->frames.end(), is_read) -
            point->frames.begin());
      }
      if (next >= point->frames.size() || !is_read(point->frames[next]))
        return false;
      if (seen == 0) {
        clock_.StartAt(read);
      } else {
        clock_.Tick(read);
      }
      next_sample_ = SampleAfter(read, sampling_.fps);
    }
    return true;
  }

  bool NextOrThrow(Frame* frame) {
    while (!done_) {
      if (!capture_.grab()) {
        FinishAtEnd();
        break;
      }
      const Time time =
          clock_.Tick(clock_.Read(capture_.get(cv::CAP_PROP_POS_MSEC)));
      if (sampling_.end && time >= *sampling_.end) {
        end_ = clock_.End();
        done_ = true;
        break;
      }
      if (time >= kLongestVideo) {
        probe_.too_long = true;
        FinishAtEnd();
        break;
      }
      if (time < next_sample_) continue;
      if (time >= sampling_.start) {
        if (!capture_.retrieve(picture_) || picture_.empty())
          continue;  // the next one stands in for it
        frame->time = time;
        CV_Assert(picture_.type() == CV_8UC3);
        frame->image = Upright(picture_.data, picture_.cols, picture_.rows,
                               picture_.step, probe_.rotation);
      }
      next_sample_ = SampleAfter(time, sampling_.fps);
      if (time >= sampling_.start) return true;
    }
    return false;
  }

  void FinishAtEnd() {
    done_ = true;
    if (clock_.frames() == 0) FailWithoutPictures(path_, "pictures", probe_);
    if (!info_.frame_rate) info_.frame_rate = clock_.SeenRate();
    VideoTail tail =
        FindTail(path_, std::min(clock_.End(), kLongestVideo), probe_);
    end_ = tail.end;
    if (tail.warning) warnings_.push_back(std::move(*tail.warning));
  }

  std::string path_;
  Sampling sampling_;
  VideoProbe probe_;
  VideoInfo info_;
  cv::VideoCapture capture_;
  cv::Mat picture_;
  FrameClock clock_;
  Time next_sample_{0};
  bool done_ = false;
  Time end_{0};  // once done
  std::vector<Warning> warnings_;
};

}  // namespace

void ConfigureOpenCv() {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::setNumThreads(1);
  // OpenCV sets FFmpeg's level when it opens its first video, so the level
  // would not last.
  av_log_set_callback([](void*, int, const char*, va_list) {});
}

std::unique_ptr<VideoReader> OpenVideo(const std::string& path,
                                       const Sampling& sampling) {
  try {
    return std::make_unique<OpenCvVideoReader>(path, sampling);
  } catch (const cv::Exception& error) {
    throw Error(ErrorKind::kInput,
                path + ": cannot be opened as a video: " + error.err);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::kInput,
                path + ": its pictures need more memory than there is");
  }
}

}  // namespace vsa
