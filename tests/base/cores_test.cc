#include "base/cores.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

class CoresTest : public TemporaryFolder {
 protected:
  void Put(const std::string& path, const std::string& content) {
    const std::filesystem::path whole = folder_ / path;
    std::filesystem::create_directories(whole.parent_path());
    std::ofstream(whole) << content;
  }
  std::optional<double> Quota(const std::string& groups) const {
    return CpuQuota(groups, folder_.string());
  }
};

TEST_F(CoresTest, OfVersion2TheLeastOfAGroupAndThoseAroundItCounts) {
  Put("cpu.max", "max 100000\n");
  Put("slurm/cpu.max", "250000 100000\n");
  Put("slurm/job/cpu.max", "400000 100000\n");
  Put("free/cpu.max", "max 100000\n");
  EXPECT_EQ(Quota("0::/slurm/job\n"), 2.5);
  EXPECT_EQ(Quota("0::/free\n"), std::nullopt);
}

TEST_F(CoresTest, OfVersion1TheGroupOfTheCpuControllerCounts) {
  Put("cpu,cpuacct/docker/1/cpu.cfs_quota_us", "150000\n");
  Put("cpu,cpuacct/docker/1/cpu.cfs_period_us", "100000\n");
  Put("cpu,cpuacct/other/cpu.cfs_quota_us", "-1\n");
  Put("cpu,cpuacct/other/cpu.cfs_period_us", "100000\n");
  Put("cpuset/docker/1/cpu.cfs_quota_us", "1\n");
  EXPECT_EQ(Quota("3:cpuset:/docker/1\n2:cpu,cpuacct:/docker/1\n"), 1.5);
  EXPECT_EQ(Quota("2:cpu,cpuacct:/other\n"), std::nullopt);
}

TEST_F(CoresTest, InAContainerTheRootIsTheGroup) {
  Put("cpu.max", "50000 100000\n");
  EXPECT_EQ(Quota("0::/../../host/path\n"), 0.5);
  EXPECT_EQ(Quota("0::/\n"), 0.5);
}

TEST_F(CoresTest, WhatCannotBeReadIsNoQuota) {
  Put("odd/cpu.max", "many\n");
  EXPECT_EQ(Quota("0::/odd\n"), std::nullopt);
  EXPECT_EQ(Quota(""), std::nullopt);
  EXPECT_EQ(Quota("no line of such a file"), std::nullopt);
  EXPECT_GE(UsableCores(), 1);
}

}  // namespace
}  // namespace vsa
