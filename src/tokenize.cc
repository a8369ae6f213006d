#include "tokenize.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "vsa/error.h"

namespace vsa {
namespace {

constexpr std::size_t kBlock = 1 << 18;  // bytes

// The JSON of ids and their tokens, made once for each id that occurs.
class JsonPieces {
 public:
  explicit JsonPieces(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

  struct Piece {
    std::string token;  // quoted, with a separator before it
    std::string id;     // with a separator before it
  };

  const Piece& operator[](std::int32_t id) {
    const auto index = static_cast<std::size_t>(id);
    if (index >= pieces_.size()) pieces_.resize(index + index / 2 + 1);
    Piece& piece = pieces_[index];
    if (piece.id.empty()) {
      const nlohmann::json token = std::string(tokenizer_.TokenOf(id));
      piece.token = ", " + token.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      piece.id = ", " + std::to_string(id);
    }
    return piece;
  }

 private:
  const Tokenizer& tokenizer_;
  std::vector<Piece> pieces_;
};

// Gathers bytes into blocks before they are written.
class BlockWriter {
 public:
  BlockWriter(int file, const std::string& name) : file_(file), name_(name) { block_.reserve(kBlock + 4096); }

  void Write(std::string_view bytes) {
    block_.append(bytes);
    if (block_.size() >= kBlock) Flush();
  }

  void Flush() {
    std::string_view rest = block_;
    while (!rest.empty()) {
      const ssize_t written = ::write(file_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw Error(ErrorKind::kSetup, name_ + ": cannot write: " + std::strerror(errno));
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    block_.clear();
  }

 private:
  int file_;
  const std::string& name_;
  std::string block_;
};

class LineTokenizer {
 public:
  LineTokenizer(const Tokenizer& tokenizer, BlockWriter* writer) : tokenizer_(tokenizer), pieces_(tokenizer), writer_(writer) {}

  void WriteLine(std::string_view line) {
    ids_.clear();
    tokenizer_.Encode(line, &ids_);
    writer_->Write("{\"tokens\": [");
    WriteList(&JsonPieces::Piece::token);
    writer_->Write("], \"ids\": [");
    WriteList(&JsonPieces::Piece::id);
    writer_->Write("]}\n");
  }

 private:
  void WriteList(std::string JsonPieces::Piece::* part) {
    std::size_t separator = 2;  // the first has none before it
    for (const std::int32_t id : ids_) {
      writer_->Write(std::string_view(pieces_[id].*part).substr(separator));
      separator = 0;
    }
  }

  const Tokenizer& tokenizer_;
  JsonPieces pieces_;
  BlockWriter* writer_;
  std::vector<std::int32_t> ids_;
};

// Appends up to a block of input to `bytes`; false at its end.
bool ReadBlock(int file, const std::string& name, std::string* bytes) {
  const std::size_t before = bytes->size();
  bytes->resize(before + kBlock);
  ssize_t count;
  do {
    count = ::read(file, &(*bytes)[before], kBlock);
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw Error(ErrorKind::kInput, name + ": cannot read: " + std::strerror(errno));
  bytes->resize(before + static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace

void TokenizeStream(int input, int output, const std::string& input_name, const std::string& output_name, const Tokenizer& tokenizer) {
  BlockWriter writer(output, output_name);
  LineTokenizer lines(tokenizer, &writer);
  std::string bytes;        // from the start of a line
  std::size_t scanned = 0;  // bytes known to hold no \n
  while (ReadBlock(input, input_name, &bytes)) {
    std::size_t start = 0;
    for (std::size_t end; (end = bytes.find('\n', std::max(start, scanned))) != std::string::npos; start = end + 1) {
      lines.WriteLine(std::string_view(bytes).substr(start, end - start));
    }
    bytes.erase(0, start);
    scanned = bytes.size();
    writer.Flush();  // whoever types or pipes line by line sees the results
  }
  if (!bytes.empty()) lines.WriteLine(bytes);
  writer.Flush();
}

}  // namespace vsa
