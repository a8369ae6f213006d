#include "tokenize.h"

#include <unistd.h>

#include <algorithm>
#include <array>
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

// A piece of JSON. A short one is copied whole, its size unlooked at: that is
// several times faster than memcpy.
struct Piece {
  static constexpr std::size_t kShort = 32;
  std::array<char, kShort> head{};
  std::size_t size = 0;
  std::string whole;  // if longer than kShort
};

Piece MakePiece(const std::string& text) {
  Piece piece;
  piece.size = text.size();
  if (text.size() > Piece::kShort) {
    piece.whole = text;
  } else {
    std::memcpy(piece.head.data(), text.data(), text.size());
  }
  return piece;
}

// The JSON of an id and of its token, each with a separator before it.
struct JsonOfId {
  Piece token;
  Piece id;
};

// Made once for each id that occurs.
class JsonOfIds {
 public:
  explicit JsonOfIds(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

  const JsonOfId& operator[](std::int32_t id) {
    const auto index = static_cast<std::size_t>(id);
    if (index >= known_.size()) known_.resize(index + index / 2 + 1);
    JsonOfId& json = known_[index];
    if (json.id.size == 0) {
      const nlohmann::json token = std::string(tokenizer_.TokenOf(id));
      json.token = MakePiece(
          ", " +
          token.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
      json.id = MakePiece(", " + std::to_string(id));
    }
    return json;
  }

 private:
  const Tokenizer& tokenizer_;
  std::vector<JsonOfId> known_;
};

// Gathers bytes into blocks before they are written.
class BlockWriter {
 public:
  BlockWriter(int file, const std::string& name)
      : file_(file), name_(name), block_(kBlock) {}

  void Write(const Piece& piece) {
    if (piece.size > Piece::kShort) return Write(piece.whole);
    if (block_.size() - used_ < Piece::kShort) Flush();
    std::memcpy(&block_[used_], piece.head.data(), Piece::kShort);
    used_ += piece.size;
  }

  void Write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (used_ == block_.size()) Flush();
      const std::size_t count = std::min(bytes.size(), block_.size() - used_);
      std::memcpy(&block_[used_], bytes.data(), count);
      used_ += count;
      bytes.remove_prefix(count);
    }
  }

  void Flush() {
    std::string_view rest(block_.data(), used_);
    while (!rest.empty()) {
      const ssize_t written = ::write(file_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0)
        throw Error(ErrorKind::kSetup,
                    name_ + ": cannot be written: " + std::strerror(errno));
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    used_ = 0;
  }

 private:
  int file_;
  const std::string& name_;
  std::vector<char> block_;
  std::size_t used_ = 0;
};

class LineTokenizer {
 public:
  LineTokenizer(const Tokenizer& tokenizer, BlockWriter* writer)
      : tokenizer_(tokenizer), json_(tokenizer), writer_(writer) {}

  void WriteLine(std::string_view line) {
    ids_.clear();
    tokenizer_.Encode(line, &ids_);
    writer_->Write("{\"tokens\": [");
    WriteList(&JsonOfId::token);
    writer_->Write("], \"ids\": [");
    WriteList(&JsonOfId::id);
    writer_->Write("]}\n");
  }

 private:
  void WriteList(Piece JsonOfId::*part) {
    if (ids_.empty()) return;
    const Piece& first = json_[ids_.front()].*part;
    const std::string_view whole =
        first.size > Piece::kShort
            ? std::string_view(first.whole)
            : std::string_view(first.head.data(), first.size);
    writer_->Write(whole.substr(2));  // without its separator
    for (std::size_t i = 1; i < ids_.size(); ++i)
      writer_->Write(json_[ids_[i]].*part);
  }

  const Tokenizer& tokenizer_;
  JsonOfIds json_;
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
  if (count < 0)
    throw Error(ErrorKind::kInput,
                name + ": cannot be read: " + std::strerror(errno));
  bytes->resize(before + static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace

void TokenizeStream(int input, int output, const std::string& input_name,
                    const std::string& output_name,
                    const Tokenizer& tokenizer) {
  BlockWriter writer(output, output_name);
  LineTokenizer lines(tokenizer, &writer);
  std::string bytes;        // from the start of a line
  std::size_t scanned = 0;  // bytes known to hold no \n
  while (ReadBlock(input, input_name, &bytes)) {
    std::size_t start = 0;
    for (std::size_t end; (end = bytes.find('\n', std::max(start, scanned))) !=
                          std::string::npos;
         start = end + 1) {
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
