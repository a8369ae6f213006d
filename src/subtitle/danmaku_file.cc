// Sites send their danmaku packed, and some programs keep it as it came.
#include <zlib.h>

#include <string>
#include <string_view>

#include "base/file.h"
#include "subtitle/danmaku.h"
#include "text/text_file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr size_t kLargest = 100 * 1000 * 1000;

// zlib's names of the headers that it expects.
constexpr int kGzipOrZlib = 15 + 32;
constexpr int kNoHeader = -15;

// What can be unpacked, which of a file that is cut is its beginning.
std::string Unpack(const std::string& path, std::string packed, int header) {
  std::string out;
  z_stream stream{};
  if (inflateInit2(&stream, header) != Z_OK) return out;
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  int state = Z_OK;
  while (state == Z_OK && out.size() <= kLargest) {
    char buffer[1 << 16];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof buffer - stream.avail_out);
    // gzip files may be joined.
    if (state == Z_STREAM_END && stream.avail_in > 0)
      state = inflateReset(&stream);
  }
  inflateEnd(&stream);
  if (out.size() > kLargest) {
    throw Error(ErrorKind::kInput,
                path + ": is larger than 100 MB unpacked; expected danmaku");
  }
  return out;
}

// What an XML declaration names; empty if there is none.
std::string DeclaredEncoding(std::string_view bytes) {
  if (bytes.substr(0, 5) != "<?xml") return "";
  const std::string_view declaration = bytes.substr(0, bytes.find("?>"));
  const std::string_view name = "encoding=";
  const size_t at = declaration.find(name);
  if (at == declaration.npos) return "";
  const size_t begin = at + name.size() + 1;  // past the quote
  if (begin > declaration.size()) return "";
  const size_t end = declaration.find_first_of("\"'", begin);
  return std::string(declaration.substr(begin, end - begin));
}

// Programs often declare UTF-8 of what is not: only where the bytes had to be
// guessed is the declaration asked.
DecodedText Decode(const std::string& bytes) {
  DecodedText text = DecodeText(bytes, "");
  if (text.confidence == 1 || text.encoding.rfind("UTF", 0) == 0) return text;
  const std::string declared = DeclaredEncoding(bytes);
  if (declared.empty()) return text;
  try {
    DecodedText asked = DecodeText(bytes, declared);
    if (!asked.replaced) return asked;
  } catch (const Error&) {  // no encoding has this name
  }
  return text;
}

}  // namespace

DecodedText ReadDanmakuFile(const std::string& path) {
  DecodedText text = ReadTextFile(path, "", "danmaku");
  if (text.confidence == 1 && IsDanmaku(text.utf8)) return text;
  const std::string bytes = ReadFile(path, ErrorKind::kInput);
  text = Decode(bytes);
  if (IsDanmaku(text.utf8)) return text;
  for (const int header : {kGzipOrZlib, kNoHeader}) {
    DecodedText unpacked = Decode(Unpack(path, bytes, header));
    if (IsDanmaku(unpacked.utf8)) return unpacked;
  }
  return text;
}

}  // namespace vsa
