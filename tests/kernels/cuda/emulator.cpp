#include "tests/kernels/cuda/emulator.h"

#include <bit>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/rng.h"
#include "kernels/cuda/async_copy.cuh"
#include "kernels/cuda/atomic.cuh"
#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/fp8.cuh"
#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/mma.cuh"
#include "kernels/cuda/warp.cuh"
#include "tests/kernels/cuda/emulated_block.h"
#include "tests/kernels/cuda/fibre.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kLanes = 32;
constexpr int kGroup = 128;
using Operands = std::span<void* const>;

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

// The call for which the lanes of a warp, or the threads of a warpgroup, gather.
struct Team {
  std::string call;
  int arrived = 0;
  std::vector<void*> operands;
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
    ++begun_;
    x_ = x, y_ = y, z_ = z;
    shared_ = poisoned(grid.shared_bytes);
    if (std::ssize(threads_) != grid.threads) threads_ = std::vector<Thread>(grid.threads);
    warps_.assign(grid.threads / kLanes, {.call = "", .operands = std::vector<void*>(kLanes)});
    groups_.assign(grid.threads / kGroup, {.call = "", .operands = std::vector<void*>(kGroup)});
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

  void together(const char* call, int size, void* operands, Act act) {
    Team& team = size == kLanes ? warps_[current_ / kLanes] : groups_[current_ / kGroup];
    if (team.arrived == 0) team.call = call;
    if (team.call != call) {
      throw std::logic_error("threads of one warp are in " + team.call + " and in " + call);
    }
    team.operands[current_ % size] = operands;
    if (++team.arrived < size) return thread().fibre.leave();
    team.arrived = 0;
    if (act != nullptr) act(team.operands);
    const int first = current_ / size * size;
    for (int i = first; i < first + size; ++i) {
      if (i != current_) ready_.push_back(i);
    }
  }

  void pause() {
    ready_.push_back(current_);
    thread().fibre.leave();
  }

  Thread& thread() { return threads_[current_]; }
  const Grid& grid() const { return grid_; }
  int current() const { return current_; }
  int x() const { return x_; }
  int y() const { return y_; }
  int z() const { return z_; }
  std::byte* shared() { return shared_.get(); }
  std::int64_t begun() const { return begun_; }
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
  std::int64_t begun_ = 0;
  std::unique_ptr<std::byte, Free> shared_;
  std::vector<Thread> threads_;
  std::vector<Team> warps_, groups_;
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

void act_together(const char* call, int team, void* operands, Act act) {
  block().together(call, team, operands, act);
}
std::int64_t blocks_begun() {
  return block().begun();
}
void let_others_run() {
  block().pause();
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
  act_together("sync_warp", kLanes, nullptr, nullptr);
}
std::byte* dynamic_shared() {
  return block().shared();
}

// Threads take turns: no other can come between.
std::uint64_t add_shared(std::uint64_t* to, std::uint64_t value) {
  return std::exchange(*to, *to + value);
}
std::uint32_t add_shared(std::uint32_t* to, std::uint32_t value) {
  return std::exchange(*to, *to + value);
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
T& operand(Operands operands, int lane) {
  return *static_cast<T*>(operands[static_cast<std::size_t>(lane)]);
}

float half(std::uint32_t pair, int index) {
  return index == 0 ? widen_low(pair) : widen_high(pair);
}

// Each element at the place that mma.cuh quotes.
void act_multiply(Operands operands) {
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

E4m3Bits byte_of(std::uint32_t word, int index) {
  return static_cast<E4m3Bits>(word >> 8 * index);
}

void act_multiply_e4m3(Operands operands) {
  float a[16][32], b[32][8];
  for (int lane = 0; lane < kLanes; ++lane) {
    const auto& mine = operand<Product>(operands, lane);
    const int g = lane / 4, t = lane % 4;
    for (int i = 0; i < 16; ++i) {
      a[g + i / 4 % 2 * 8][4 * t + i % 4 + i / 8 * 16] = from_e4m3(byte_of(mine.a[i / 4], i % 4));
    }
    for (int i = 0; i < 8; ++i) {
      b[4 * t + i % 4 + i / 4 * 16][g] = from_e4m3(byte_of(mine.b[i / 4], i % 4));
    }
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    const auto& mine = operand<Product>(operands, lane);
    for (int i = 0; i < 4; ++i) {
      const int row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
      for (int k = 0; k < 32; ++k) mine.d[i] += a[row][k] * b[k][column];
    }
  }
}

std::uint16_t element(Operands operands, int matrix, int row, int column) {
  std::uint16_t value = 0;
  std::memcpy(&value, operand<Load>(operands, 8 * matrix + row).row + 2 * column, 2);
  return value;
}

template <bool kTransposed>
void act_load(Operands operands) {
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
  act_together("shuffle", kLanes, &mine, [](Operands operands) {
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
  act_together("multiply", kLanes, &mine, act_multiply);
}

void multiply_e4m3(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  Product mine{d, a, {b0, b1}};
  act_together("multiply_e4m3", kLanes, &mine, act_multiply_e4m3);
}

void load_matrices(std::uint32_t (&to)[4], const void* row) {
  check_aligned(row, "load_matrices");
  Load mine{static_cast<const std::byte*>(row), to};
  act_together("load_matrices", kLanes, &mine, act_load<false>);
}

void load_transposed(std::uint32_t (&to)[4], const void* row) {
  check_aligned(row, "load_transposed");
  Load mine{static_cast<const std::byte*>(row), to};
  act_together("load_transposed", kLanes, &mine, act_load<true>);
}

}  // namespace pingjia::kernels::cuda
