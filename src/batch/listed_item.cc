#include "batch/listed_item.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/byte_order_mark.h"
#include "base/file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

bool Exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

}  // namespace

std::string AbsolutePath(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  if (error)
    throw Error(ErrorKind::kUsage,
                path + ": the working folder that it is in cannot be told: " +
                    error.message());
  const fs::path normal = absolute.lexically_normal();
  // As text: paths that differ in slashes alone are equal, and a URL that a
  // program which runs vsa has put into a manifest would lose one.
  return normal.native() == absolute.native() ||
                 SameFile(normal.parent_path(), absolute.parent_path())
             ? normal.string()
             : absolute.string();
}

Item ItemOfRow(ManifestRow row, const std::string& folder, const Item& common) {
  Item item = common;
  item.video = AbsolutePath((fs::path(folder) / row.video).string());
  if (row.subtitles)
    item.subtitles = AbsolutePath((fs::path(folder) / *row.subtitles).string());
  item.id = std::move(row.id);
  item.date = std::move(row.date);
  return item;
}

std::optional<Item> ItemOfLine(std::string line, std::size_t number,
                               const Item& common) {
  const std::string place = "stdin:" + std::to_string(number);
  if (line.find('\0') != line.npos)
    throw Error(ErrorKind::kUsage, place + ": holds a NUL byte");
  // Lists written on Windows have marks, which are in a name as well.
  if (number == 1 && !Exists(line)) line = WithoutByteOrderMark(line);
  if (!line.empty() && line.back() == '\r' && !Exists(line)) line.pop_back();
  if (line.empty()) return std::nullopt;
  if (line.front() == '{' && !Exists(line))
    return ItemOfRow(ParseManifestLine(line, place), "", common);
  Item item = common;
  item.video = AbsolutePath(line);
  return item;
}

}  // namespace vsa
