#include "backends/media/libraries.h"

#include <algorithm>
#include <iterator>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <string_view>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
}

namespace vsa {
namespace {

bool TellsOfFillingIn(std::string_view message) {
  constexpr std::string_view kBeginnings[] = {
      "concealing",          // of H.264, MPEG-4 and older ones
      "Could not find ref",  // of H.265, which takes a grey picture for it
  };
  return std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                     [message](std::string_view beginning) {
                       return message.substr(0, beginning.size()) == beginning;
                     });
}

void Hear(void* source, int level, const char* message, va_list) {
  if (source == nullptr ||
      *static_cast<const AVClass**>(source) != avcodec_get_class())
    return;
  void* opaque = static_cast<AVCodecContext*>(source)->opaque;
  if (opaque == nullptr) return;
  Complaints& complaints = *static_cast<Complaints*>(opaque);
  if (level <= AV_LOG_ERROR) complaints.error = true;
  if (TellsOfFillingIn(message)) complaints.filled_in = true;
}

}  // namespace

void ConfigureLibraries() {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::setNumThreads(1);
  av_log_set_callback(Hear);
}

}  // namespace vsa
