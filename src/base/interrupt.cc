#include "base/interrupt.h"

#include <unistd.h>

#include <atomic>

namespace vsa {
namespace {

constexpr int kEnding = -1;

std::atomic<int> held{0};    // how many live, or kEnding
std::atomic<int> asked{-1};  // the exit code, once it was asked for

void EndIfFree() {
  int free = 0;
  if (held.compare_exchange_strong(free, kEnding)) _exit(asked);
}

}  // namespace

void EndAtInterrupt(int exit_code) {
  asked = exit_code;
  EndIfFree();
}

HoldInterrupts::HoldInterrupts() {
  int count = held;
  do {
    while (count == kEnding) {
      pause();  // the process ends now
      count = held;
    }
  } while (!held.compare_exchange_weak(count, count + 1));
}

HoldInterrupts::~HoldInterrupts() {
  if (held.fetch_sub(1) == 1 && asked >= 0) EndIfFree();
}

}  // namespace vsa
