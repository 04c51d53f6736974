#pragma once

#include <ucontext.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace pingjia::kernels::cuda {

/// A function that can be left in its middle and gone on with, on a stack of its own. Not for use
/// from several threads.
class Fibre {
 public:
  Fibre();

  /// From here on resume() runs `body` from its start; a body that was left in its middle is
  /// dropped without running destructors.
  void start(const std::function<void()>& body);
  /// Runs until the body leaves or ends; throws what it threw. Called by no fibre.
  void resume();
  /// Back to resume()'s caller. Called within the body.
  void leave();
  bool ended() const { return ended_; }

 private:
  static void enter(unsigned high, unsigned low);
  void run();

  static constexpr std::size_t kStackBytes = std::size_t{256} << 10;
  std::unique_ptr<std::byte[]> stack_;
  ucontext_t inside_{}, outside_{};
  const std::function<void()>* body_ = nullptr;
  std::exception_ptr thrown_;
  bool ended_ = true;
  // What AddressSanitizer needs to know of the stack that is left.
  void* outside_fake_ = nullptr;
  const void* outside_stack_ = nullptr;
  std::size_t outside_bytes_ = 0;
};

}  // namespace pingjia::kernels::cuda
