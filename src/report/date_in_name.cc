#include "report/date_in_name.h"

#include <algorithm>

#include "base/ascii.h"

namespace vsa {
namespace {

// `count` digits at `at` as a number; -1 if there are fewer.
int Digits(const std::string& text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!IsAsciiDigit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

bool IsDay(int year, int month, int day) {
  if (year < 1900 || year > 2099 || month < 1 || month > 12) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const int days = month == 2 ? (leap ? 29 : 28)
                   : month == 4 || month == 6 || month == 9 || month == 11 ? 30
                                                                           : 31;
  return day >= 1 && day <= days;
}

// The date that starts at `at`; empty if none does.
std::string DateAt(const std::string& text, std::size_t at) {
  const int year = Digits(text, at, 4);
  if (year < 0) return "";
  const std::string separators = "-_.";
  const bool separated =
      at + 4 < text.size() && separators.find(text[at + 4]) != text.npos;
  const std::size_t month_at = at + 4 + separated;
  const std::size_t day_at = month_at + 2 + separated;
  const std::size_t end = day_at + 2;
  if (!IsDay(year, Digits(text, month_at, 2), Digits(text, day_at, 2)))
    return "";
  if (separated && text[day_at - 1] != text[at + 4]) return "";
  if (end < text.size() && IsAsciiDigit(text[end])) return "";
  return text.substr(at, 4) + "-" + text.substr(month_at, 2) + "-" +
         text.substr(day_at, 2);
}

}  // namespace

std::string DateInName(const std::string& text) {
  for (std::size_t at = 0; at + 8 <= text.size(); ++at) {
    if (at > 0 && IsAsciiDigit(text[at - 1])) continue;
    std::string date = DateAt(text, at);
    if (!date.empty()) return date;
  }
  return "";
}

}  // namespace vsa
