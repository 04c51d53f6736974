#include "kernels/compare/library.h"

#include <dlfcn.h>

#ifdef __SANITIZE_ADDRESS__
/// The runtime of GCC before 14 takes some blocks of thread locals, which loaded libraries have
/// many of, for glibc 2.19's: it reads a length where none is, and its leak check crashes at exit
/// ("Tracer caught signal 11", Mudlet/Mudlet pull request 9930) unless it leaves them alone.
extern "C" const char* __asan_default_options();   // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __asan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "intercept_tls_get_addr=0";
}
#endif

namespace pingjia::kernels {

Library::Library(const std::string& file, const std::string& package)
    : file_(file), handle_(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (!handle_) absent_ = file + " is not installed (apt-get install " + package + ")";
}

void* Library::address(const char* name) {
  if (!handle_) return nullptr;
  void* found = dlsym(handle_, name);
  if (!found && absent_.empty()) absent_ = file_ + " has no function " + name;
  return found;
}

}  // namespace pingjia::kernels
