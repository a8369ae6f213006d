#include "backends/media/libraries.h"

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

extern "C" {
#include <libavutil/log.h>
}

namespace vsa {

void ConfigureLibraries() {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::setNumThreads(1);
  av_log_set_callback([](void*, int, const char*, va_list) {});
}

}  // namespace vsa
