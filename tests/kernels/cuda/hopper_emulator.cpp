#include <bit>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/hopper.cuh"
#include "tests/kernels/cuda/emulated_block.h"

// What hopper.cuh declares. A box is NaN until somebody waits for its barrier, and is read then.

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
  return std::bit_cast<Phase>(*barrier);
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

struct Product {
  float* d;
  std::uint64_t a, b;
};

const Product& product(std::span<void* const> operands, std::size_t thread) {
  return *static_cast<const Product*>(operands[thread]);
}

float element(std::uint64_t tile, int row, int column) {
  Bf16Bits value = 0;
  auto* start = reinterpret_cast<std::byte*>(static_cast<std::uintptr_t>(tile));
  std::memcpy(&value, swizzled(start + row * kRowBytes + 2 * column), 2);
  return widen(value);
}

void act_multiply(std::span<void* const> operands) {
  const Product& first = product(operands, 0);
  static float a[64][16], b[256][16];
  for (int k = 0; k < 16; ++k) {
    for (int row = 0; row < 64; ++row) a[row][k] = element(first.a, row, k);
    for (int row = 0; row < 256; ++row) b[row][k] = element(first.b, row, k);
  }
  for (std::size_t thread = 0; thread < operands.size(); ++thread) {
    const Product& mine = product(operands, thread);
    if (mine.a != first.a || mine.b != first.b) {
      throw std::logic_error("a warpgroup's threads name different operands");
    }
    const int lane = static_cast<int>(thread) % 32, warp = static_cast<int>(thread) / 32;
    for (int i = 0; i < 128; ++i) {
      const int row = 16 * warp + lane / 4 + i / 2 % 2 * 8;
      const int column = i / 4 * 8 + lane % 4 * 2 + i % 2;
      for (int k = 0; k < 16; ++k) mine.d[i] += a[row][k] * b[column][k];
    }
  }
}

}  // namespace

void barrier_init(std::uint64_t* barrier, int arrivals) {
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

void multiply_group(float (&d)[128], std::uint64_t a, std::uint64_t b) {
  Product mine{d, a, b};
  act_together("multiply_group", 128, &mine, act_multiply);
}

}  // namespace pingjia::kernels::cuda
