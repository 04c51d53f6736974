#include "kernels/compare/library.h"

#include <dlfcn.h>

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
