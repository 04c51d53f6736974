#include "tests/kernels/cuda/emulator.h"

#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "kernels/cuda/async_copy.cuh"
#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/mma.cuh"
#include "kernels/cuda/warp.cuh"
#include "tests/kernels/cuda/fibre.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kLanes = 32;
using Operands = std::array<void*, kLanes>;  // Of each lane, on its own stack.

struct Copy {
  void* to;
  const void* from;
  bool valid;
};

struct Thread {
  Fibre fibre;
  std::vector<Copy> open;
  std::deque<std::vector<Copy>> committed;
};

// The call for which a warp's lanes gather.
struct Warp {
  std::string call;
  int arrived = 0;
  Operands operands{};
};

struct Free {
  void operator()(std::byte* start) const { std::free(start); }
};

std::unique_ptr<std::byte, Free> poisoned(int bytes) {
  void* start = nullptr;
  // Not aligned_alloc, which would round the size up and hide what lies past the end.
  if (posix_memalign(&start, 1024, static_cast<std::size_t>(bytes)) != 0) throw std::bad_alloc();
  std::memset(start, 0xff, static_cast<std::size_t>(bytes));
  return std::unique_ptr<std::byte, Free>(static_cast<std::byte*>(start));
}

class Block {
 public:
  void run(const Grid& grid, int x, int y, int z, const std::function<void()>& body) {
    grid_ = grid;
    x_ = x, y_ = y, z_ = z;
    shared_ = poisoned(grid.shared_bytes);
    if (std::ssize(threads_) != grid.threads) threads_ = std::vector<Thread>(grid.threads);
    warps_.assign(grid.threads / kLanes, {});
    ready_.clear(), at_barrier_.clear();
    for (int i = 0; i < grid.threads; ++i) {
      threads_[i].open.clear(), threads_[i].committed.clear();
      threads_[i].fibre.start(body);
      ready_.push_back(i);
    }
    live_ = grid.threads;
    while (live_ > 0) step();
  }

  void barrier() {
    at_barrier_.push_back(current_);
    thread().fibre.leave();
  }

  /// The last lane to come acts for all.
  void together(const char* call, void* operands, void (*act)(const Operands&)) {
    Warp& warp = warps_[current_ / kLanes];
    if (warp.arrived == 0) warp.call = call;
    if (warp.call != call) {
      throw std::logic_error("lanes of one warp are in " + warp.call + " and in " + call);
    }
    warp.operands[current_ % kLanes] = operands;
    if (++warp.arrived < kLanes) return thread().fibre.leave();
    warp.arrived = 0;
    if (act != nullptr) act(warp.operands);
    const int first = current_ / kLanes * kLanes;
    for (int i = first; i < first + kLanes; ++i) {
      if (i != current_) ready_.push_back(i);
    }
  }

  Thread& thread() { return threads_[current_]; }
  const Grid& grid() const { return grid_; }
  int current() const { return current_; }
  int x() const { return x_; }
  int y() const { return y_; }
  int z() const { return z_; }
  std::byte* shared() { return shared_.get(); }
  void seed(std::uint64_t seed) { order_ = harness::Rng(seed, "emulation"); }

 private:
  void step() {
    if (ready_.empty()) {
      if (std::ssize(at_barrier_) != live_) {
        throw std::logic_error(
            "some threads wait where the others never come: " + std::to_string(at_barrier_.size()) +
            " of " + std::to_string(live_) + " are at a barrier of the block");
      }
      ready_.swap(at_barrier_);
    }
    std::swap(ready_[order_.below(ready_.size())], ready_.back());
    current_ = ready_.back();
    ready_.pop_back();
    thread().fibre.resume();
    if (thread().fibre.ended()) --live_;
  }

  Grid grid_;
  int x_ = 0, y_ = 0, z_ = 0;
  std::unique_ptr<std::byte, Free> shared_;
  std::vector<Thread> threads_;
  std::vector<Warp> warps_;
  std::vector<int> ready_, at_barrier_;
  int current_ = 0;
  std::ptrdiff_t live_ = 0;
  harness::Rng order_{1, "emulation"};
};

Block& block() {
  static Block the_one;
  return the_one;
}

void check_aligned(const void* address, const char* call) {
  if (std::bit_cast<std::uintptr_t>(address) % 16 != 0) {
    throw std::logic_error(std::string(call) + ": an address off its 16 bytes");
  }
}

}  // namespace

void set_emulation_seed(std::uint64_t seed) {
  block().seed(seed);
}

void emulate(const Grid& grid, const std::function<void()>& body) {
  if (grid.threads % kLanes != 0) throw std::logic_error("a block of broken warps");
  for (int z = 0; z < grid.z; ++z) {
    for (int y = 0; y < grid.y; ++y) {
      for (int x = 0; x < grid.x; ++x) block().run(grid, x, y, z, body);
    }
  }
}

int thread_index() {
  return block().current();
}
int block_x() {
  return block().x();
}
int block_y() {
  return block().y();
}
int block_z() {
  return block().z();
}
int block_threads() {
  return block().grid().threads;
}
int blocks_x() {
  return block().grid().x;
}
void sync_threads() {
  block().barrier();
}
void sync_warp() {
  block().together("sync_warp", nullptr, nullptr);
}
std::byte* dynamic_shared() {
  return block().shared();
}

void copy_async(void* shared, const void* global, bool valid) {
  check_aligned(shared, "copy_async");
  check_aligned(global, "copy_async");
  std::memset(shared, 0xff, 16);
  block().thread().open.push_back({shared, global, valid});
}
void commit_copies() {
  Thread& thread = block().thread();
  thread.committed.push_back(std::move(thread.open));
  thread.open.clear();
}
void wait_for_groups(int in_flight) {
  auto& groups = block().thread().committed;
  for (; std::ssize(groups) > in_flight; groups.pop_front()) {
    for (const Copy& copy : groups.front()) {
      if (copy.valid) {
        std::memcpy(copy.to, copy.from, 16);
      } else {
        std::memset(copy.to, 0, 16);
      }
    }
  }
}

namespace {

struct Exchange {
  std::uint32_t given, taken;
  int from;
};

struct Product {
  float* d;
  const std::uint32_t* a;
  std::uint32_t b[2];
};

struct Load {
  const std::byte* row;
  std::uint32_t* to;
};

template <class T>
T& operand(const Operands& operands, int lane) {
  return *static_cast<T*>(operands[static_cast<std::size_t>(lane)]);
}

float half(std::uint32_t pair, int index) {
  return index == 0 ? widen_low(pair) : widen_high(pair);
}

// Each element at the place that mma.cuh quotes.
void act_multiply(const Operands& operands) {
  float a[16][16], b[16][8];
  for (int lane = 0; lane < kLanes; ++lane) {
    const auto& mine = operand<Product>(operands, lane);
    const int g = lane / 4, t = lane % 4;
    for (int i = 0; i < 8; ++i) {
      a[g + i / 2 % 2 * 8][2 * t + i % 2 + i / 4 * 8] = half(mine.a[i / 2], i % 2);
    }
    for (int i = 0; i < 4; ++i) b[2 * t + i % 2 + i / 2 * 8][g] = half(mine.b[i / 2], i % 2);
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    const auto& mine = operand<Product>(operands, lane);
    for (int i = 0; i < 4; ++i) {
      const int row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
      for (int k = 0; k < 16; ++k) mine.d[i] += a[row][k] * b[k][column];
    }
  }
}

std::uint16_t element(const Operands& operands, int matrix, int row, int column) {
  std::uint16_t value = 0;
  std::memcpy(&value, operand<Load>(operands, 8 * matrix + row).row + 2 * column, 2);
  return value;
}

template <bool kTransposed>
void act_load(const Operands& operands) {
  for (int lane = 0; lane < kLanes; ++lane) {
    const int g = lane / 4, t = lane % 4 * 2;
    for (int matrix = 0; matrix < 4; ++matrix) {
      const std::uint32_t low =
          kTransposed ? element(operands, matrix, t, g) : element(operands, matrix, g, t);
      const std::uint32_t high =
          kTransposed ? element(operands, matrix, t + 1, g) : element(operands, matrix, g, t + 1);
      operand<Load>(operands, lane).to[matrix] = low | high << 16;
    }
  }
}

}  // namespace

std::uint32_t exchange(std::uint32_t value, int from_lane) {
  Exchange mine{value, 0, from_lane};
  block().together("shuffle", &mine, [](const Operands& operands) {
    for (int lane = 0; lane < kLanes; ++lane) {
      auto& to = operand<Exchange>(operands, lane);
      to.taken = operand<Exchange>(operands, to.from).given;
    }
  });
  return mine.taken;
}

float shuffle(float value, int from_lane) {
  return std::bit_cast<float>(exchange(std::bit_cast<std::uint32_t>(value), from_lane));
}

void multiply(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  Product mine{d, a, {b0, b1}};
  block().together("multiply", &mine, act_multiply);
}

void load_matrices(std::uint32_t (&to)[4], const void* row) {
  check_aligned(row, "load_matrices");
  Load mine{static_cast<const std::byte*>(row), to};
  block().together("load_matrices", &mine, act_load<false>);
}

void load_transposed(std::uint32_t (&to)[4], const void* row) {
  check_aligned(row, "load_transposed");
  Load mine{static_cast<const std::byte*>(row), to};
  block().together("load_transposed", &mine, act_load<true>);
}

}  // namespace pingjia::kernels::cuda
