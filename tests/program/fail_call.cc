// A library to preload into vsa: of its calls to the system for what lies under
// the folder VSA_TEST_FAIL_UNDER one goes wrong, VSA_TEST_FAIL=CALL:NUMBER:HOW.
// Names with the ending VSA_TEST_FAIL_BUT are left alone.
//   CALL    open (to read), create (to write), read (pread, too), write, fsync
//           (syncfs, too), ftruncate, close (of what was written), rename,
//           mkdir, flock, readlink
//   NUMBER  which of them, from 1; 0: each; "5+": the fifth and all after it
//   HOW     EIO, ENOSPC or EINTR: nothing is done, and that is why
//           short: half of the bytes are read or written
//           kill: the process ends, as SIGKILL ends it; tear: half of the bytes
//           were written then
//           pretend: nothing is done, and all is said to be well
// When it has happened, there is a file VSA_TEST_FAIL_MARK.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

std::atomic<int> calls{0};

const char* Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool IsUnder(const char* path) {
  const std::string_view name = path, folder = Variable("VSA_TEST_FAIL_UNDER"),
                         ending = Variable("VSA_TEST_FAIL_BUT");
  const bool is_left_alone = !ending.empty() && name.size() >= ending.size() &&
                             name.substr(name.size() - ending.size()) == ending;
  return !folder.empty() && name.substr(0, folder.size()) == folder &&
         !is_left_alone;
}

bool IsUnder(int file) {
  char link[32], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size =
      syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  if (size < 0) return false;
  path[size] = '\0';
  return IsUnder(path);
}

bool IsWritten(int flags) { return (flags & O_ACCMODE) != O_RDONLY; }

bool IsWrittenFile(int file) {
  const int flags = fcntl(file, F_GETFL);
  return flags >= 0 && IsWritten(flags);
}

// How `call` for `what`, a path or a file, goes wrong; null: it does not.
template <typename What>
const char* Fault(const char* call, What what) {
  const char* asked = Variable("VSA_TEST_FAIL");
  const std::size_t length = std::strlen(call);
  if (std::strncmp(asked, call, length) != 0 || asked[length] != ':' ||
      !IsUnder(what))
    return nullptr;
  char* rest = nullptr;
  const long number = std::strtol(asked + length + 1, &rest, 10);
  const int call_number = ++calls;
  const bool after = *rest == '+' && call_number > number;
  if (call_number != number && number != 0 && !after) return nullptr;
  const long mark =
      syscall(SYS_openat, AT_FDCWD, Variable("VSA_TEST_FAIL_MARK"),
              O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (mark >= 0) syscall(SYS_close, mark);
  const char* how = std::strrchr(asked, ':') + 1;
  if (std::strcmp(how, "kill") == 0) raise(SIGKILL);
  return how;
}

bool Is(const char* how, const char* name) {
  return how != nullptr && std::strcmp(how, name) == 0;
}

// What a call gives that does nothing, and its errno.
int Failed(const char* how) {
  if (Is(how, "pretend")) return 0;
  errno = Is(how, "ENOSPC") ? ENOSPC : Is(how, "EINTR") ? EINTR : EIO;
  return -1;
}

// Of a read or write: how many bytes of `size` are done before it goes wrong.
bool IsOfBytes(const char* how) { return Is(how, "short") || Is(how, "tear"); }
std::size_t Half(std::size_t size) { return (size + 1) / 2; }

template <typename Function>
Function Next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

using Open = int (*)(const char*, int, ...);

int OpenAs(const char* name, const char* path, int flags, mode_t mode) {
  const char* how = Fault(IsWritten(flags) ? "create" : "open", path);
  if (how != nullptr) return Failed(how);
  return Next<Open>(name)(path, flags, mode);
}

ssize_t WriteSome(int file, const void* bytes, std::size_t size) {
  return syscall(SYS_write, file, bytes, size);
}

}  // namespace

// Of calls with a second name for files of any size both are there.
#define OPEN(name)                                            \
  extern "C" int name(const char* path, int flags, ...) {     \
    va_list more;                                             \
    va_start(more, flags);                                    \
    const auto mode = static_cast<mode_t>(va_arg(more, int)); \
    va_end(more);                                             \
    return OpenAs(#name, path, flags, mode);                  \
  }
OPEN(open)
OPEN(open64)

extern "C" ssize_t read(int file, void* to, std::size_t size) {
  const char* how = Fault("read", file);
  if (how != nullptr && !IsOfBytes(how)) return Failed(how);
  return syscall(SYS_read, file, to, how == nullptr ? size : Half(size));
}

#define PREAD(name)                                                           \
  extern "C" ssize_t name(int file, void* to, std::size_t size, off_t at) {   \
    const char* how = Fault("read", file);                                    \
    if (how != nullptr && !IsOfBytes(how)) return Failed(how);                \
    return syscall(SYS_pread64, file, to, how == nullptr ? size : Half(size), \
                   at);                                                       \
  }
PREAD(pread)
PREAD(pread64)

extern "C" ssize_t write(int file, const void* bytes, std::size_t size) {
  const char* how = Fault("write", file);
  if (how == nullptr) return WriteSome(file, bytes, size);
  if (Is(how, "pretend")) return static_cast<ssize_t>(size);
  if (!IsOfBytes(how)) return Failed(how);
  const ssize_t done = WriteSome(file, bytes, Half(size));
  if (Is(how, "tear")) raise(SIGKILL);
  return done;
}

extern "C" ssize_t writev(int file, const iovec* parts, int count) {
  const char* how = Fault("write", file);
  if (how == nullptr) return syscall(SYS_writev, file, parts, count);
  if (!IsOfBytes(how)) return Failed(how);
  const ssize_t done =
      WriteSome(file, parts[0].iov_base, Half(parts[0].iov_len));
  if (Is(how, "tear")) raise(SIGKILL);
  return done;
}

extern "C" int fsync(int file) {
  const char* how = Fault("fsync", file);
  return how != nullptr ? Failed(how)
                        : static_cast<int>(syscall(SYS_fsync, file));
}

extern "C" int syncfs(int file) {
  const char* how = Fault("fsync", file);
  return how != nullptr ? Failed(how)
                        : static_cast<int>(syscall(SYS_syncfs, file));
}

#define FTRUNCATE(name)                                                \
  extern "C" int name(int file, off_t size) {                          \
    const char* how = Fault("ftruncate", file);                        \
    return how != nullptr                                              \
               ? Failed(how)                                           \
               : static_cast<int>(syscall(SYS_ftruncate, file, size)); \
  }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

extern "C" int close(int file) {
  const char* how = IsWrittenFile(file) ? Fault("close", file) : nullptr;
  const int done = static_cast<int>(syscall(SYS_close, file));
  return how != nullptr ? Failed(how) : done;
}

extern "C" int rename(const char* from, const char* to) {
  const char* how = Fault("rename", to);
  return how != nullptr ? Failed(how)
                        : static_cast<int>(syscall(SYS_rename, from, to));
}

extern "C" int mkdir(const char* path, mode_t mode) {
  const char* how = Fault("mkdir", path);
  return how != nullptr ? Failed(how)
                        : static_cast<int>(syscall(SYS_mkdir, path, mode));
}

extern "C" int flock(int file, int operation) {
  const char* how = Fault("flock", file);
  return how != nullptr ? Failed(how)
                        : static_cast<int>(syscall(SYS_flock, file, operation));
}

extern "C" ssize_t readlink(const char* path, char* to, std::size_t size) {
  const char* how = Fault("readlink", path);
  if (how != nullptr) return Failed(how);
  return syscall(SYS_readlinkat, AT_FDCWD, path, to, size);
}
