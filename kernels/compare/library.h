#pragma once

#include <string>

namespace pingjia::kernels {

/// A shared library that may be missing. Its names stay its own (RTLD_LOCAL), and it stays loaded:
/// its threads run until the process ends.
class Library {
 public:
  /// `file` as the loader looks for it ("libdnnl.so.2"), `package` as Debian calls it.
  Library(const std::string& file, const std::string& package);

  /// Empty: it is here. Else one line: "libdnnl.so.2 is not installed (apt-get install libdnnl2)".
  const std::string& absent() const { return absent_; }

  /// Sets `function` to the one of this name. A library without it counts as absent.
  template <class F>
  void find(const char* name, F*& function) {
    function = reinterpret_cast<F*>(address(name));
  }

 private:
  void* address(const char* name);

  std::string file_;
  std::string absent_;
  void* handle_ = nullptr;
};

}  // namespace pingjia::kernels
