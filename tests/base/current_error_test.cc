#include "base/current_error.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>

namespace vsa {
namespace {

namespace fs = std::filesystem;

template <typename Call>
Error Caught(Call call, const std::string& file = "a.mp4",
             ErrorKind kind = ErrorKind::kInternal) {
  try {
    call();
  } catch (...) {
    return CurrentError(file, kind);
  }
  return Error(ErrorKind::kUsage, "nothing was thrown");
}

TEST(CurrentError, AFailureWithinNamesTheFileOnce) {
  const auto call = [] {
    throw Error(ErrorKind::kInternal, "text.pt: encode failed");
  };
  const Error error = Caught(call);
  EXPECT_EQ(error.kind(), ErrorKind::kInternal);
  EXPECT_STREQ(error.what(), "a.mp4: text.pt: encode failed");
  EXPECT_STREQ(Caught([&] { throw error; }).what(), error.what());
  EXPECT_STREQ(Caught(call, "").what(), "text.pt: encode failed");
}

TEST(CurrentError, AnErrorOfAnotherKindStaysAsItIs) {
  const Error error =
      Caught([] { throw Error(ErrorKind::kUsage, "b.csv:3: is odd"); });
  EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  EXPECT_STREQ(error.what(), "b.csv:3: is odd");
}

TEST(CurrentError, ForeignOnesNameTheFileAndWhatHappened) {
  const Error memory = Caught([] { throw std::bad_alloc(); });
  EXPECT_EQ(memory.kind(), ErrorKind::kInternal);
  EXPECT_STREQ(memory.what(), "a.mp4: not enough memory");
  EXPECT_STREQ(
      Caught([] { throw std::runtime_error("odd\nat frame 1"); }).what(),
      "a.mp4: odd (a fault of vsa)");
  EXPECT_STREQ(Caught([] { throw std::runtime_error("odd"); }, "").what(),
               "odd (a fault of vsa)");
  EXPECT_STREQ(Caught([] { throw 7; }).what(),
               "a.mp4: no reason given (a fault of vsa)");
}

TEST(CurrentError, WhatTheFileSystemRefusesIsInputOrOfTheKindAskedFor) {
  const auto call = [] { (void)fs::file_size("/none/b.mp4"); };
  const Error input = Caught(call);
  EXPECT_EQ(input.kind(), ErrorKind::kInput);
  EXPECT_STREQ(input.what(), "/none/b.mp4: No such file or directory");
  EXPECT_EQ(Caught(call, "", ErrorKind::kSetup).kind(), ErrorKind::kSetup);
}

TEST(CurrentError, OtherKindsAreAskedFor) {
  const Error error = Caught([] { return nlohmann::json::parse("1e999"); },
                             "model.json", ErrorKind::kSetup);
  EXPECT_EQ(error.kind(), ErrorKind::kSetup);
  EXPECT_STREQ(error.what(),
               "model.json: [json.exception.out_of_range.406] number overflow "
               "parsing '1e999' (a fault of vsa)");
}

}  // namespace
}  // namespace vsa
