#include <algorithm>
#include <bit>
#include <cstring>
#include <deque>
#include <limits>
#include <map>
#include <stdexcept>
#include <vector>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/hopper.cuh"
#include "tests/kernels/cuda/emulated_block.h"

// What hopper.cuh declares. A box is NaN until somebody waits for its barrier, and is read then; so
// are a warpgroup's sums.

namespace pingjia::kernels::cuda {
namespace {

// In the barrier's own eight bytes.
struct Phase {
  std::int32_t bytes = 0;  ///< Expected and not yet there.
  std::int16_t missing = 0;
  std::uint8_t arrivals = 0;
  std::uint8_t parity = 0;
};
static_assert(sizeof(Phase) == sizeof(std::uint64_t));

Phase read(const std::uint64_t* barrier) {
  const auto phase = std::bit_cast<Phase>(*barrier);
  // Shared memory is NaN before a block.
  if (phase.parity > 1) throw std::logic_error("a barrier that was not initialised");
  return phase;
}

// And ends the phase when nothing is missing.
void write(std::uint64_t* barrier, Phase phase) {
  if (phase.missing == 0 && phase.bytes == 0) {
    phase.missing = phase.arrivals;
    phase.parity ^= 1;
  }
  *barrier = std::bit_cast<std::uint64_t>(phase);
}

constexpr int kRowBytes = 128;
constexpr int kGroup = 128;  // Threads of a warpgroup.

std::byte* swizzled(std::byte* place) {
  const auto address = reinterpret_cast<std::uintptr_t>(place);
  return reinterpret_cast<std::byte*>(address ^ (address >> 7 & 7) << 4);
}

struct Box {
  std::byte* to;
  TensorMap map;
  int row, column;
  std::uint64_t* barrier;

  int bytes() const { return map.box_rows * kRowBytes; }
  void deliver() const {
    for (int r = 0; r < map.box_rows; ++r) {
      for (int c = 0; c < 64; ++c) {
        const bool inside = row + r < map.rows && column + c < map.columns;
        const std::int64_t at = (row + std::int64_t{r}) * map.columns + column + c;
        const Bf16Bits value = inside ? static_cast<const Bf16Bits*>(map.base)[at] : 0;
        std::memcpy(swizzled(to + r * kRowBytes + 2 * c), &value, 2);
      }
    }
  }
};

std::vector<Box>& in_flight() {
  static std::vector<Box> boxes;
  return boxes;
}

void deliver_to(std::uint64_t* barrier) {
  auto& boxes = in_flight();
  for (std::size_t i = 0; i < boxes.size();) {
    if (boxes[i].barrier != barrier) {
      ++i;
      continue;
    }
    boxes[i].deliver();
    Phase phase = read(barrier);
    phase.bytes -= boxes[i].bytes();
    boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(i));
    write(barrier, phase);
  }
}

// Products run when they are waited for, as late as a device may; until then their sums are NaN.
struct Product {
  std::vector<GroupProduct> threads;
};
using Batch = std::vector<Product>;

struct Warpgroup {
  std::int64_t block = 0;
  Batch open = {};
  std::deque<Batch> committed = {};
  std::map<float*, std::vector<float>> sums = {};  // True ones, by what a thread sees as its own.
};

Warpgroup& warpgroup() {
  static std::map<int, Warpgroup> groups;
  Warpgroup& mine = groups[thread_index() / kGroup];
  if (mine.block != blocks_begun()) mine = {.block = blocks_begun()};
  return mine;
}

int sums_of(const GroupProduct& thread) {
  return thread.columns / 2;
}

// A matrix in shared memory as its descriptor says (PTX ISA 9.7.15.5.1.2), with the 128-byte
// swizzle: eight rows of 128 bytes each `stride`; where its rows are the summed index, further 64
// columns each `leading`.
class Matrix {
 public:
  explicit Matrix(std::uint64_t bits)
      : start_(bytes(bits)), leading_(bytes(bits >> 16)), stride_(bytes(bits >> 32)) {
    if (bits >> 62 != 1) throw std::logic_error("a descriptor without the 128-byte swizzle");
    // Its pattern begins on 1,024 bytes; a step along a row adds less than 128.
    if (start_ % 1024 >= 128) throw std::logic_error("an operand off its 1,024 bytes");
  }
  float along(int row, int column) const {
    return at(row / 8 * stride_ + row % 8 * kRowBytes + 2 * column);
  }
  float across(int row, int column) const {
    return at(row / 8 * stride_ + row % 8 * kRowBytes + column / 64 * leading_ + column % 64 * 2);
  }

 private:
  static int bytes(std::uint64_t bits) { return static_cast<int>(bits & 0x3fff) << 4; }
  float at(int offset) const {
    Bf16Bits value = 0;
    std::memcpy(&value, swizzled(dynamic_shared() + start_ + offset), 2);
    return widen(value);
  }

  int start_, leading_, stride_;
};

struct Operands {
  float a[64][16], b[256][16];  // Both with the summed index last.
};

// Out of registers as mma.cuh quotes A, 16 rows of each warp.
void read_a_registers(const Product& product, Operands& to) {
  for (int thread = 0; thread < kGroup; ++thread) {
    const std::uint32_t* registers = product.threads[thread].a_registers;
    const int row = thread / 32 * 16 + thread % 32 / 4, column = thread % 4 * 2;
    for (int i = 0; i < 8; ++i) {
      const std::uint32_t pair = registers[i / 2];
      to.a[row + i / 2 % 2 * 8][column + i % 2 + i / 4 * 8] =
          i % 2 == 0 ? widen_low(pair) : widen_high(pair);
    }
  }
}

void read_operands(const Product& product, Operands& to) {
  const GroupProduct& first = product.threads[0];
  const bool registers = first.a_registers != nullptr;
  const Matrix b(first.b);
  for (int column = 0; column < first.columns; ++column) {
    for (int k = 0; k < 16; ++k) {
      to.b[column][k] = registers ? b.across(k, column) : b.along(column, k);
    }
  }
  if (registers) return read_a_registers(product, to);
  const Matrix a(first.a);
  for (int row = 0; row < 64; ++row) {
    for (int k = 0; k < 16; ++k) to.a[row][k] = a.along(row, k);
  }
}

void run(const Product& product, Warpgroup& group) {
  static Operands operands;
  read_operands(product, operands);
  for (int thread = 0; thread < kGroup; ++thread) {
    const GroupProduct& mine = product.threads[thread];
    std::vector<float>& sums = group.sums.at(mine.d);
    const int lane = thread % 32, warp = thread / 32;
    for (int i = 0; i < sums_of(mine); ++i) {
      const int row = 16 * warp + lane / 4 + i / 2 % 2 * 8;
      const int column = i / 4 * 8 + lane % 4 * 2 + i % 2;
      float sum = mine.adds ? sums[i] : 0;
      for (int k = 0; k < 16; ++k) sum += operands.a[row][k] * operands.b[column][k];
      sums[i] = sum;
    }
  }
}

// By the first thread's sums: all threads name the same ones of theirs.
bool is_due(const float* d, const Warpgroup& group) {
  const auto names = [&](const Product& product) { return product.threads[0].d == d; };
  const auto holds = [&](const Batch& batch) { return std::ranges::any_of(batch, names); };
  return holds(group.open) || std::ranges::any_of(group.committed, holds);
}

void hand_over(const Product& product, Warpgroup& group) {
  if (is_due(product.threads[0].d, group)) return;
  for (const GroupProduct& mine : product.threads) {
    const auto found = group.sums.find(mine.d);
    if (found == group.sums.end()) continue;
    std::ranges::copy(found->second, mine.d);
    group.sums.erase(found);
  }
}

void act_multiply(std::span<void* const> operands) {
  Warpgroup& group = warpgroup();
  Product product;
  for (void* const operand : operands) {
    const auto& mine = *static_cast<const GroupProduct*>(operand);
    product.threads.push_back(mine);
    const GroupProduct& first = product.threads[0];
    if (mine.a != first.a || mine.b != first.b) {
      throw std::logic_error("a warpgroup's threads name different operands");
    }
    const auto end = mine.d + sums_of(mine);
    group.sums.try_emplace(mine.d, mine.d, end);
    std::fill(mine.d, end, std::numeric_limits<float>::quiet_NaN());
  }
  group.open.push_back(std::move(product));
}

void act_commit(std::span<void* const>) {
  Warpgroup& group = warpgroup();
  group.committed.push_back(std::move(group.open));
  group.open.clear();
}

void act_wait(std::span<void* const> operands) {
  Warpgroup& group = warpgroup();
  while (std::ssize(group.committed) > *static_cast<const int*>(operands[0])) {
    const Batch batch = std::move(group.committed.front());
    group.committed.pop_front();
    for (const Product& product : batch) run(product, group);
    for (const Product& product : batch) hand_over(product, group);
  }
}

}  // namespace

void barrier_init(std::uint64_t* barrier, int arrivals) {
  if (arrivals < 1 || arrivals > std::numeric_limits<std::uint8_t>::max()) {
    throw std::logic_error("the emulator's barriers expect 1 to 255");
  }
  std::erase_if(in_flight(), [&](const Box& box) { return box.barrier == barrier; });
  const Phase phase{.bytes = 0,
                    .missing = static_cast<std::int16_t>(arrivals),
                    .arrivals = static_cast<std::uint8_t>(arrivals),
                    .parity = 0};
  *barrier = std::bit_cast<std::uint64_t>(phase);
}

void arrive(std::uint64_t* barrier) {
  arrive_expecting(barrier, 0);
}

void arrive_expecting(std::uint64_t* barrier, int bytes) {
  Phase phase = read(barrier);
  if (phase.missing == 0) throw std::logic_error("more arrive at a barrier than it expects");
  phase.bytes += bytes;
  --phase.missing;
  write(barrier, phase);
}

void wait_phase(std::uint64_t* barrier, int parity) {
  constexpr int kPatience = 100000;
  for (int tries = 0; tries < kPatience; ++tries) {
    deliver_to(barrier);
    if (read(barrier).parity != parity) return;
    let_others_run();
  }
  throw std::logic_error("a thread waits for a phase that never ends");
}

void copy_box(void* shared, const TensorMap& map, int row, int column, std::uint64_t* barrier) {
  if (reinterpret_cast<std::uintptr_t>(shared) % 1024 != 0) {
    throw std::logic_error("copy_box: an address off its 1,024 bytes");
  }
  const Box box{static_cast<std::byte*>(shared), map, row, column, barrier};
  std::memset(shared, 0xff, static_cast<std::size_t>(box.bytes()));
  in_flight().push_back(box);
}

std::uint32_t shared_address(const void* shared) {
  return static_cast<std::uint32_t>(static_cast<const std::byte*>(shared) - dynamic_shared());
}

void multiply_together(const GroupProduct& product) {
  GroupProduct mine = product;
  act_together("multiply", kGroup, &mine, act_multiply);
}

void commit_products() {
  act_together("commit_products", kGroup, nullptr, act_commit);
}

void wait_for_products(int in_flight) {
  act_together("wait_products", kGroup, &in_flight, act_wait);
}

}  // namespace pingjia::kernels::cuda
