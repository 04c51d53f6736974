#include "kernels/compare/cuda/library.h"

#include <dlfcn.h>

namespace pingjia::kernels::cuda {

std::shared_ptr<Library> Library::open(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    void* handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (handle != nullptr) return std::shared_ptr<Library>(new Library(handle));
  }
  return nullptr;
}

Library::~Library() {
  dlclose(handle_);
}

void* Library::find_symbol(const char* name) const {
  void* symbol = dlsym(handle_, name);
  if (symbol == nullptr) throw std::runtime_error(std::string("the library has no ") + name);
  return symbol;
}

}  // namespace pingjia::kernels::cuda
