#include "video/cut_file.h"

#include <cstdint>

#include "video/sampling.h"

namespace vsa {
namespace {

using namespace std::string_view_literals;

// Of `bytes` bytes, the lowest first; 0 behind the end.
std::uint64_t Number(std::string_view start, std::size_t at, int bytes) {
  std::uint64_t number = 0;
  for (int i = bytes; i-- > 0;) {
    const std::size_t place = at + static_cast<std::size_t>(i);
    number =
        number << 8 |
        (place < start.size() ? static_cast<unsigned char>(start[place]) : 0u);
  }
  return number;
}

// In microseconds.
std::optional<Time> Sane(double length) {
  if (!(length > 0 && length < static_cast<double>(kLongestVideo.count())))
    return std::nullopt;
  return Time(static_cast<std::int64_t>(length));
}

std::optional<Time> OfAvi(std::string_view start, std::uint64_t size) {
  if (start.substr(24, 4) != "avih" || 8 + Number(start, 4, 4) <= size)
    return std::nullopt;
  const std::uint64_t step = Number(start, 32, 4),
                      frames = Number(start, 48, 4);
  return Sane(static_cast<double>(step) * static_cast<double>(frames));
}

std::optional<Time> OfAsf(std::string_view start, std::uint64_t size) {
  constexpr std::string_view kFileProperties =
      "\xA1\xDC\xAB\x8C\x47\xA9\xCF\x11\x8E\xE4\x00\xC0\x0C\x20\x53\x65"sv;
  const std::size_t at = start.find(kFileProperties);
  if (at == start.npos || Number(start, at + 40, 8) <= size)
    return std::nullopt;
  // In units of 100 ns, and behind the milliseconds that a player waits first.
  return Sane(static_cast<double>(Number(start, at + 64, 8)) / 10 -
              static_cast<double>(Number(start, at + 80, 8)) * 1000);
}

}  // namespace

std::optional<Time> LengthBeforeCut(std::string_view start,
                                    std::uint64_t size) {
  if (start.size() < 56) return std::nullopt;
  if (start.substr(0, 4) == "RIFF" && start.substr(8, 4) == "AVI ")
    return OfAvi(start, size);
  if (start.substr(0, 8) == "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv)
    return OfAsf(start, size);
  return std::nullopt;
}

}  // namespace vsa
