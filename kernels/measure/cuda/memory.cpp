#include "kernels/measure/cuda/memory.h"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

#include "kernels/cuda/status.cuh"
#include "kernels/measure/cuda/rotation.h"

namespace pingjia::kernels::cuda {
namespace {

// The timer's stream does not wait for the default one, where these copies are.
void settle() {
  check(cudaStreamSynchronize(nullptr), "finish a copy");
}

}  // namespace

Memory::Memory(std::int64_t bytes) : bytes_(bytes) {
  void* start = nullptr;
  const cudaError_t status = cudaMalloc(&start, static_cast<std::size_t>(bytes + 2 * kBand));
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // Else the next launch would report it.
    throw std::bad_alloc();
  }
  check(status, "allocate memory");
  start_ = static_cast<std::byte*>(start);
  poison();
}

Memory::~Memory() {
  cudaFree(start_);
}

Memory::Memory(Memory&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

void Memory::upload(std::span<const std::byte> bytes) {
  check(cudaMemcpy(start_ + kBand, bytes.data(), bytes.size(), cudaMemcpyHostToDevice),
        "copy to the device");
  settle();
}

Memory operand_on_device(std::span<const std::byte> bytes) {
  if (!bytes.empty() && is_all_zero(bytes)) {
    throw std::logic_error("operands of zeros run faster than any real ones: not measured");
  }
  Memory memory(std::ssize(bytes));
  memory.upload(bytes);
  return memory;
}

void Memory::download(std::span<std::byte> bytes) const {
  check(cudaMemcpy(bytes.data(), start_ + kBand, bytes.size(), cudaMemcpyDeviceToHost),
        "copy from the device");
}

void Memory::poison() {
  check(cudaMemset(start_, 0xff, static_cast<std::size_t>(bytes_ + 2 * kBand)), "fill memory");
  settle();
}

bool Memory::is_intact() const {
  std::vector<std::byte> bands(static_cast<std::size_t>(2 * kBand));
  check(cudaMemcpy(bands.data(), start_, kBand, cudaMemcpyDeviceToHost), "read a guard band");
  check(cudaMemcpy(bands.data() + kBand, start_ + kBand + bytes_, kBand, cudaMemcpyDeviceToHost),
        "read a guard band");
  return std::all_of(bands.begin(), bands.end(), [](std::byte b) { return b == std::byte{0xff}; });
}

}  // namespace pingjia::kernels::cuda
