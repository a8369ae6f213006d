// Bundles that mean harm, or were made by mistake: parts whose code is not of
// the contract, whose figures are not there, whose files are not what they say.
#include <gmock/gmock.h>
#include <torch/script.h>

#include <filesystem>
#include <sstream>

#include "backends/torch/model_torch.h"
#include "model/bundle.h"
#include "model/lazy_model.h"
#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::StartsWith;

const std::string kTiny = VSA_SOURCE_DIR "/tests/data/tiny-bundle";

// A TorchScript file with these methods.
std::string ModuleOf(const std::string& source) {
  torch::jit::Module module("m");
  module.register_attribute("training", c10::BoolType::get(), false);
  module.define(source + "\n");
  std::ostringstream file;
  module.save(file);
  return file.str();
}

class HostileBundleTest : public TemporaryFolder {
 protected:
  // The tiny bundle with this file for its text part, which its SHA-256 names.
  Bundle WithText(const std::string& bytes) const {
    Bundle bundle = LoadBundle(kTiny);
    bundle.text_module.path = Write("text.pt", bytes);
    bundle.text_module.bytes = bytes.size();
    bundle.text_module.sha256 = Sha256(bytes);
    return bundle;
  }

  // What is said of a bundle that cannot be used, after the folder.
  std::string Complaint(const Bundle& bundle) const {
    try {
      LazyModel(bundle, DType::kFp32, TorchLoaders).Check();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      const std::string message = error.what();
      EXPECT_EQ(message.find('\n'), std::string::npos);
      EXPECT_THAT(message, StartsWith(folder_.string() + "/"));
      return message.substr(folder_.string().size() + 1);
    }
    return "";
  }
  std::string ComplaintOf(const std::string& source) const {
    return Complaint(WithText(ModuleOf(source)));
  }
};

constexpr char kBreaks[] = "text.pt: breaks the contract of a bundle: ";

TEST_F(HostileBundleTest, OtherTypesAreRefusedBeforeAnyCodeRuns) {
  const std::string prepare = R"(
def prepare(self):
    assert False, "it ran"
)";
  EXPECT_EQ(ComplaintOf(prepare + R"(
def encode(self, ids: int, mask: str):
    return torch.zeros([1, 32])
)"),
            std::string(kBreaks) +
                "encode is (int, str) -> Tensor, expected (Tensor, Tensor) -> "
                "Tensor");
  EXPECT_EQ(ComplaintOf(prepare + R"(
def encode(self, ids, mask):
    return "words"
)"),
            std::string(kBreaks) +
                "encode is (Tensor, Tensor) -> str, expected (Tensor, Tensor) "
                "-> Tensor");
  EXPECT_EQ(ComplaintOf(prepare + R"(
def encode(self, ids, mask):
    pass
)"),
            std::string(kBreaks) +
                "encode is (Tensor, Tensor) -> NoneType, expected (Tensor, "
                "Tensor) -> Tensor");
  EXPECT_EQ(ComplaintOf(prepare + R"(
def decode(self, ids, mask):
    return ids
)"),
            std::string(kBreaks) + "it has no method encode");
}

TEST_F(HostileBundleTest, FiguresOfAnotherShapeOrKindAreRefused) {
  const auto given = [&](const std::string& what) {
    return ComplaintOf("def encode(self, ids, mask):\n    return " + what);
  };
  const std::string gave = std::string(kBreaks) + "encode gave ";
  const std::string expected = ", expected Float [1,32]";
  EXPECT_EQ(given("torch.zeros([1, 32])"), "");
  EXPECT_EQ(given("torch.zeros([1, 33])"), gave + "Float [1,33]" + expected);
  EXPECT_EQ(given("torch.zeros([32])"), gave + "Float [32]" + expected);
  EXPECT_EQ(given("torch.zeros([1, 1, 32])"),
            gave + "Float [1,1,32]" + expected);
  EXPECT_EQ(given("torch.zeros([0])"), gave + "Float [0]" + expected);
  EXPECT_THAT(given("ids"), StartsWith(gave + "Long [1,"));
  EXPECT_EQ(given("torch.zeros([1, 32], dtype=7)"),
            gave + "Double [1,32]" + expected);
  // libtorch 1.13 refuses it by itself.
  EXPECT_THAT(given("torch.zeros([1, 32], device=\"meta\")"),
              AnyOf(gave + "a tensor that is not in memory",
                    "text.pt: Unknown device for graph fuser"));
  EXPECT_THAT(given("torch.zeros([1, 32]).to_sparse()"),
              StartsWith("text.pt: "));
}

TEST_F(HostileBundleTest, CodeThatFailsIsOneLine) {
  const std::string encode = "def encode(self, ids, mask):\n    ";
  // A petabyte.
  const std::string too_much = "torch.zeros([281474976710656]).sum()";
  for (const std::string& source :
       {encode + "assert False, \"a\\nb\"\n    return torch.zeros([1, 32])",
        encode + "return torch.zeros([1, 32]) + ids[0, 1000]",
        encode + "return torch.zeros([1, 32]) + " + too_much,
        "def prepare(self):\n    assert bool(" + too_much + " == 0)\n" +
            encode + "return torch.zeros([1, 32])"}) {
    EXPECT_THAT(ComplaintOf(source), StartsWith("text.pt: ")) << source;
  }
}

TEST_F(HostileBundleTest, ItsCodePrintsNothing) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(ComplaintOf(R"(
def prepare(self):
    print("ready")
def encode(self, ids, mask):
    print("a result")
    return torch.zeros([1, 32])
)"),
            "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST_F(HostileBundleTest, WhatIsNoArchiveOrACutOneIsRefused) {
  const std::string good =
      ModuleOf("def encode(self, ids, mask):\n    return torch.zeros([1, 32])");
  for (const std::string& bytes :
       {std::string(), std::string("PK"), std::string(1000, 'x'),
        good.substr(0, good.size() / 2), good.substr(0, good.size() - 1),
        good.substr(1)})
    EXPECT_THAT(Complaint(WithText(bytes)), StartsWith("text.pt: "));
}

// Sizes stand in the archive's directory, before each record's name.
TEST_F(HostileBundleTest, AnArchiveOfAbsurdSizesIsRefused) {
  const std::string good =
      ModuleOf("def encode(self, ids, mask):\n    return torch.zeros([1, 32])");
  constexpr char kEntry[] = "PK\x01\x02";
  constexpr std::size_t kPacked = 20, kUnpacked = 24;
  for (const std::size_t field : {kPacked, kUnpacked}) {
    std::string changed = good;
    int entries = 0;
    for (std::size_t at = 0; (at = changed.find(kEntry, at)) != changed.npos;
         at += 4, ++entries)
      changed.replace(at + field, 4, "\xFD\xFF\xFF\xFF");
    EXPECT_GT(entries, 2);
    EXPECT_THAT(Complaint(WithText(changed)), StartsWith("text.pt: "));
  }
}

// Whatever happens between the look at the bundle and the loading of a part:
// the bytes that are loaded are those that were hashed.
TEST_F(HostileBundleTest, AFileThatIsSwappedAfterTheCheckIsNotLoaded) {
  fs::create_directory(folder_ / "bundle");
  for (const auto& file : fs::directory_iterator(kTiny))
    fs::copy(file.path(), folder_ / "bundle");
  const Bundle bundle = LoadBundle((folder_ / "bundle").string());
  std::string bytes = Contents(bundle.text_module.path);
  bytes[bytes.size() / 2] ^= 1;
  Write("bundle/text.pt", bytes);
  EXPECT_EQ(Complaint(bundle),
            "bundle/text.pt: is not the file that model.json names: its "
            "SHA-256 is " +
                Sha256(bytes) + ", expected " + bundle.text_module.sha256);

  // A link that then leads out of the folder, to code of others.
  fs::remove(folder_ / "bundle/text.pt");
  fs::create_symlink(Write("other.pt", ModuleOf("def encode(self, ids, mask):\n"
                                                "    return ids")),
                     folder_ / "bundle/text.pt");
  EXPECT_THAT(Complaint(bundle),
              StartsWith("bundle/text.pt: is not the file that model.json "
                         "names: its SHA-256 is "));
}

}  // namespace
}  // namespace vsa
