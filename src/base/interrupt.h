// Signals that ask the process to stop, and what they must not break off.
#ifndef VSA_BASE_INTERRUPT_H_
#define VSA_BASE_INTERRUPT_H_

namespace vsa {

// Ends the process with `exit_code`: at once, or, while a HoldInterrupts lives
// in any thread, when the last of them goes. For handlers of signals.
void EndAtInterrupt(int exit_code);

// While it lives EndAtInterrupt waits: so that no temporary file is left
// behind, whichever thread a signal hits. To be held shortly.
class HoldInterrupts {
 public:
  HoldInterrupts();
  ~HoldInterrupts();
  HoldInterrupts(const HoldInterrupts&) = delete;
  HoldInterrupts& operator=(const HoldInterrupts&) = delete;
};

}  // namespace vsa

#endif  // VSA_BASE_INTERRUPT_H_
