#include "subtitle/clock_time.h"

#include "base/ascii.h"

namespace vsa {
namespace {

void SkipSpaces(std::string_view* text) {
  while (!text->empty() && (text->front() == ' ' || text->front() == '\t')) {
    text->remove_prefix(1);
  }
}

bool TakeMinus(std::string_view* text) {
  if (text->empty() || text->front() != '-') return false;
  text->remove_prefix(1);
  return true;
}

// At most 7 digits, so that no sum of them overflows.
std::optional<long> TakeNumber(std::string_view* text) {
  size_t n = 0;
  long value = 0;
  while (n < text->size() && IsAsciiDigit((*text)[n])) {
    if (n == 7) return std::nullopt;
    value = value * 10 + ((*text)[n++] - '0');
  }
  if (n == 0) return std::nullopt;
  text->remove_prefix(n);
  return value;
}

// The digits after the decimal sign as microseconds.
long TakeFraction(std::string_view* text) {
  long value = 0;
  long unit = 100000;
  while (!text->empty() && IsAsciiDigit(text->front())) {
    value += (text->front() - '0') * unit;
    unit /= 10;
    text->remove_prefix(1);
  }
  return value;
}

}  // namespace

std::optional<Time> TakeTime(std::string_view* text) {
  std::string_view rest = *text;
  SkipSpaces(&rest);
  bool negative = TakeMinus(&rest);
  std::optional<long> figure = TakeNumber(&rest);
  if (!figure) return std::nullopt;
  long total = *figure;
  int figures = 1;
  long micros = 0;
  bool fraction = false;
  while (!fraction) {
    std::string_view ahead = rest;
    SkipSpaces(&ahead);
    if (ahead.empty()) break;
    const char sign = ahead.front();
    if (sign != ':' && sign != ',' && sign != '.') break;
    ahead.remove_prefix(1);
    SkipSpaces(&ahead);
    if (TakeMinus(&ahead)) negative = true;
    if (ahead.empty() || !IsAsciiDigit(ahead.front())) break;
    // Some write a colon before the milliseconds too.
    if (sign != ':' || figures == 3) {
      micros = TakeFraction(&ahead);
      fraction = true;
    } else {
      figure = TakeNumber(&ahead);
      if (!figure) return std::nullopt;
      total = total * 60 + *figure;
      ++figures;
    }
    rest = ahead;
  }
  if (figures == 1 && !fraction) return std::nullopt;
  *text = rest;
  const Time time = std::chrono::seconds(total) + Time(micros);
  return negative ? -time : time;
}

}  // namespace vsa
