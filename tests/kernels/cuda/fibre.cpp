#include "tests/kernels/cuda/fibre.h"

#include <cstdint>
#include <utility>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace pingjia::kernels::cuda {
namespace {

// AddressSanitizer must be told of every change of stacks; without it these do nothing.
void begin_switch([[maybe_unused]] void** keep, [[maybe_unused]] const void* stack,
                  [[maybe_unused]] std::size_t bytes) {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_start_switch_fiber(keep, stack, bytes);
#endif
}
void end_switch([[maybe_unused]] void* kept, [[maybe_unused]] const void** stack,
                [[maybe_unused]] std::size_t* bytes) {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber(kept, stack, bytes);
#endif
}

// The frames of a body that was dropped are still marked.
void forget_frames([[maybe_unused]] const void* stack, [[maybe_unused]] std::size_t bytes) {
#ifdef __SANITIZE_ADDRESS__
  __asan_unpoison_memory_region(stack, bytes);
#endif
}

}  // namespace

Fibre::Fibre() : stack_(new std::byte[kStackBytes]) {}

void Fibre::start(const std::function<void()>& body) {
  body_ = &body;
  ended_ = false;
  forget_frames(stack_.get(), kStackBytes);
  getcontext(&inside_);
  inside_.uc_stack.ss_sp = stack_.get();
  inside_.uc_stack.ss_size = kStackBytes;
  inside_.uc_link = nullptr;
  // makecontext passes ints only.
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  makecontext(&inside_, reinterpret_cast<void (*)()>(&Fibre::enter), 2,
              static_cast<unsigned>(self >> 32), static_cast<unsigned>(self));
}

void Fibre::enter(unsigned high, unsigned low) {
  reinterpret_cast<Fibre*>(std::uintptr_t{high} << 32 | low)->run();
}

void Fibre::run() {
  end_switch(nullptr, &outside_stack_, &outside_bytes_);
  try {
    (*body_)();
  } catch (...) {
    thrown_ = std::current_exception();
  }
  ended_ = true;
  begin_switch(nullptr, outside_stack_, outside_bytes_);
  setcontext(&outside_);
}

void Fibre::resume() {
  begin_switch(&outside_fake_, stack_.get(), kStackBytes);
  swapcontext(&outside_, &inside_);
  end_switch(outside_fake_, nullptr, nullptr);
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void Fibre::leave() {
  void* inside_fake = nullptr;
  begin_switch(&inside_fake, outside_stack_, outside_bytes_);
  swapcontext(&inside_, &outside_);
  end_switch(inside_fake, &outside_stack_, &outside_bytes_);
}

}  // namespace pingjia::kernels::cuda
