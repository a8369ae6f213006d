#include "base/current_error.h"

#include <exception>
#include <filesystem>
#include <new>

namespace vsa {
namespace {

std::string After(const std::string& file, const std::string& what) {
  return file.empty() ? what : file + ": " + what;
}

}  // namespace

Error CurrentError(const std::string& file, ErrorKind kind) {
  try {
    throw;
  } catch (const Error& error) {
    const std::string what = error.what();
    if (error.kind() != ErrorKind::kInternal ||
        what.rfind(After(file, ""), 0) == 0)
      return error;
    return Error(error.kind(), After(file, what));
  } catch (const std::bad_alloc&) {
    return Error(kind, After(file, "not enough memory"));
  } catch (const std::filesystem::filesystem_error& error) {
    const std::string named = error.path1().string();
    return Error(kind == ErrorKind::kInternal ? ErrorKind::kInput : kind,
                 After(named.empty() ? file : named, error.code().message()));
  } catch (const std::exception& error) {
    const std::string what = error.what();
    // Further lines are those of a stack trace.
    return Error(kind, After(file, what.substr(0, what.find('\n')) +
                                       " (a fault of vsa)"));
  } catch (...) {
    return Error(kind, After(file, "no reason given (a fault of vsa)"));
  }
}

}  // namespace vsa
