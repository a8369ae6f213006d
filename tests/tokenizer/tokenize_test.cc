#include "tokenizer/tokenize.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "tokenizer/wordpiece.h"
#include "vsa/error.h"

namespace vsa {
namespace {

const std::string kLongToken(60, 'x');

std::unique_ptr<Tokenizer> SmallTokenizer() {
  return ParseWordPiece("[UNK]\na\n\"\n" + kLongToken + "\n\\\n", "vocab.txt",
                        {});
}

// A file without a name, rewound.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes = "")
      : file_(std::tmpfile()) {
    std::fwrite(bytes.data(), 1, bytes.size(), file_);
    std::rewind(file_);
  }
  ~TemporaryFile() { std::fclose(file_); }
  TemporaryFile(const TemporaryFile&) = delete;

  int descriptor() const { return fileno(file_); }

  std::string Read() {
    std::rewind(file_);
    std::string bytes;
    for (int byte; (byte = std::fgetc(file_)) != EOF;)
      bytes += static_cast<char>(byte);
    return bytes;
  }

 private:
  std::FILE* file_;
};

std::string Tokenized(const std::string& text) {
  TemporaryFile input(text), output;
  TokenizeStream(input.descriptor(), output.descriptor(), "in", "out",
                 *SmallTokenizer());
  return output.Read();
}

std::string Repeated(const std::string& text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(TokenizeStream, EscapesTokensAndKeepsLongOnesWhole) {
  EXPECT_EQ(Tokenized("\" a \\ " + kLongToken + " a\n" + kLongToken),
            "{\"tokens\": [\"\\\"\", \"a\", \"\\\\\", \"" + kLongToken +
                "\", \"a\"], \"ids\": [2, 1, 4, 3, 1]}\n" + "{\"tokens\": [\"" +
                kLongToken + "\"], \"ids\": [3]}\n");
}

TEST(TokenizeStream, EveryNewlineEndsALineAndTheLastNeedsNone) {
  EXPECT_EQ(Tokenized(""), "");
  EXPECT_EQ(Tokenized("\n"), "{\"tokens\": [], \"ids\": []}\n");
  EXPECT_EQ(Tokenized("a\r\n\na"),
            "{\"tokens\": [\"a\"], \"ids\": [1]}\n{\"tokens\": [], \"ids\": "
            "[]}\n{\"tokens\": [\"a\"], \"ids\": [1]}\n");
}

// Input and output come in blocks of 256 KB.
TEST(TokenizeStream, ALineOfManyBlocksIsOneLine) {
  constexpr std::size_t kWords = 1000000;
  EXPECT_EQ(Tokenized(Repeated("a ", kWords) + "\na\n"),
            "{\"tokens\": [\"a\"" + Repeated(", \"a\"", kWords - 1) +
                "], \"ids\": [1" + Repeated(", 1", kWords - 1) + "]}\n" +
                "{\"tokens\": [\"a\"], \"ids\": [1]}\n");
}

TEST(TokenizeStream, LinesThatEndNearTheEndOfABlockAreWhole) {
  const std::string line = "{\"tokens\": [\"a\"], \"ids\": [1]}\n";
  for (const int offset : {-2, -1, 0, 1}) {
    const std::string first = "a" + std::string((1 << 18) + offset - 1, ' ');
    EXPECT_EQ(Tokenized(first + "\na\n"), line + line) << offset;
  }
}

TEST(TokenizeStream, AFullDiskIsAFailureOfSetUp) {
  TemporaryFile input("a\n");
  const int full = open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  try {
    TokenizeStream(input.descriptor(), full, "in", "out.jsonl",
                   *SmallTokenizer());
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    EXPECT_STREQ(error.what(),
                 "out.jsonl: cannot be written: No space left on device");
  }
  close(full);
}

TEST(TokenizeStream, AFolderIsAFailureOfInput) {
  TemporaryFile output;
  const int folder = open("/", O_RDONLY);
  ASSERT_GE(folder, 0);
  try {
    TokenizeStream(folder, output.descriptor(), "/", "out", *SmallTokenizer());
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_STREQ(error.what(), "/: cannot be read: Is a directory");
  }
  close(folder);
}

}  // namespace
}  // namespace vsa
