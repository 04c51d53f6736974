#pragma once

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>

namespace pingjia::kernels::cuda {

/// A shared library looked for at run time, so that the program starts without it.
class Library {
 public:
  /// The first of the names that is there; null when none is.
  static std::shared_ptr<Library> open(std::initializer_list<const char*> names);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  /// Fills a pointer with the function of that name. Throws std::runtime_error when there is none.
  template <class Function>
  void find(Function*& function, const char* name) const {
    function = reinterpret_cast<Function*>(find_symbol(name));
  }

 private:
  explicit Library(void* handle) : handle_(handle) {}
  void* find_symbol(const char* name) const;

  void* handle_;
};

}  // namespace pingjia::kernels::cuda
