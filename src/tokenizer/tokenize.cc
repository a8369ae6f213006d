#include "tokenizer/tokenize.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/write_all.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr std::size_t kBlock = 1 << 18;  // bytes

// A piece of JSON. A short one is copied whole, its size unlooked at: that is
// several times faster than memcpy.
struct alignas(32) Piece {
  static constexpr std::size_t kShort = 31;
  static constexpr std::uint8_t kLong = 255;
  std::array<char, kShort> bytes{};
  std::uint8_t size = 0;  // 0: not made yet; kLong: the text lies elsewhere
};

// The JSON of ids or of their tokens, each with a separator before it, made
// once for each id that occurs.
class Pieces {
 public:
  using Format = std::string (*)(const Tokenizer&, std::int32_t id);

  Pieces(const Tokenizer& tokenizer, Format format)
      : tokenizer_(tokenizer), format_(format) {}

  const Piece& operator[](std::int32_t id) {
    const auto index = static_cast<std::size_t>(id);
    if (index >= pieces_.size()) pieces_.resize(index + index / 2 + 1);
    Piece& piece = pieces_[index];
    if (piece.size == 0) Make(id, &piece);
    return piece;
  }

  // The text of an id whose piece is kLong.
  const std::string& Long(std::int32_t id) const { return long_.at(id); }

 private:
  void Make(std::int32_t id, Piece* piece) {
    std::string text = ", " + format_(tokenizer_, id);
    if (text.size() <= Piece::kShort) {
      piece->size = static_cast<std::uint8_t>(text.size());
      std::copy(text.begin(), text.end(), piece->bytes.begin());
    } else {
      piece->size = Piece::kLong;
      long_[id] = std::move(text);
    }
  }

  const Tokenizer& tokenizer_;
  const Format format_;
  std::vector<Piece> pieces_;
  std::unordered_map<std::int32_t, std::string> long_;
};

std::string JsonOfToken(const Tokenizer& tokenizer, std::int32_t id) {
  const nlohmann::json token = std::string(tokenizer.TokenOf(id));
  return token.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string JsonOfId(const Tokenizer&, std::int32_t id) {
  return std::to_string(id);
}

// Gathers bytes into blocks before they are written.
class BlockWriter {
 public:
  BlockWriter(int file, const std::string& name)
      : file_(file), name_(name), block_(kBlock) {}

  void WriteShort(const Piece& piece) {
    if (block_.size() - used_ < sizeof piece) Flush();
    std::memcpy(&block_[used_], &piece, sizeof piece);
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
    if (!WriteAll(file_, {block_.data(), used_})) FailToWrite(name_);
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
      : tokenizer_(tokenizer),
        token_pieces_(tokenizer, JsonOfToken),
        id_pieces_(tokenizer, JsonOfId),
        writer_(writer) {}

  void WriteLine(std::string_view line) {
    ids_.clear();
    tokenizer_.Encode(line, &ids_);
    writer_->Write("{\"tokens\": [");
    WriteList(&token_pieces_);
    writer_->Write("], \"ids\": [");
    WriteList(&id_pieces_);
    writer_->Write("]}\n");
  }

 private:
  void WriteList(Pieces* pieces) {
    std::size_t separator = 2;  // bytes; the first piece goes without
    for (const std::int32_t id : ids_) {
      const Piece& piece = (*pieces)[id];
      if (piece.size == Piece::kLong) {
        writer_->Write(std::string_view(pieces->Long(id)).substr(separator));
      } else if (separator > 0) {
        writer_->Write(
            std::string_view(piece.bytes.data(), piece.size).substr(separator));
      } else {
        writer_->WriteShort(piece);
      }
      separator = 0;
    }
  }

  const Tokenizer& tokenizer_;
  Pieces token_pieces_;
  Pieces id_pieces_;
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
