#include "base/npy_file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using NpyFileTest = TemporaryFolder;

std::vector<float> Figures(const std::string& bytes) {
  std::vector<float> figures(bytes.size() / sizeof(float));
  std::memcpy(figures.data(), bytes.data(), figures.size() * sizeof(float));
  return figures;
}

TEST_F(NpyFileTest, IsWholeAfterEachCall) {
  const std::string path = Write("a.npy", "something longer than the head");
  NpyFile file(path, 2);
  file.Add({{1, 2}});
  EXPECT_EQ(file.rows(), 1u);
  std::string bytes = Contents(path);
  EXPECT_EQ(bytes.substr(0, 10), std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  EXPECT_EQ(bytes.substr(10, 61),
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }  ");
  EXPECT_EQ(bytes[127], '\n');
  EXPECT_EQ(Figures(bytes.substr(128)), (std::vector<float>{1, 2}));
  file.Add({{3, 4}, {5, -6.5}});
  EXPECT_EQ(file.rows(), 3u);
  bytes = Contents(path);
  EXPECT_NE(bytes.find("'shape': (3, 2), }"), bytes.npos);
  EXPECT_EQ(Figures(bytes.substr(128)),
            (std::vector<float>{1, 2, 3, 4, 5, -6.5}));
}

TEST_F(NpyFileTest, WhatCannotBeWrittenIsSaid) {
  const auto fault = [](const std::string& path) -> std::string {
    try {
      NpyFile(path, 1).Add({{1}});
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      return error.what();
    }
    return "";
  };
  const std::string missing = (folder_ / "no/a.npy").string();
  EXPECT_EQ(fault(missing),
            missing + ": cannot be written: No such file or directory");
  EXPECT_EQ(fault("/dev/full"),
            "/dev/full: cannot be written: No space left on device");
}

}  // namespace
}  // namespace vsa
