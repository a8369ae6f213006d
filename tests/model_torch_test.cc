#include "model_torch.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace vsa {
namespace {
}  // namespace
}  // namespace vsa
