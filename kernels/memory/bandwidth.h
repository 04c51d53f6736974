#pragma once

#include <cstdint>
#include <span>

namespace pingjia::kernels {

/// STREAM's copy and triad (McCalpin, "Memory bandwidth and machine balance in current high
/// performance computers", 1995), with stores that go around the caches where the processor has
/// them. An ordinary store first reads the line it overwrites, traffic that STREAM's count leaves
/// out; without it the bytes counted below are the bytes moved. Arrays begin on 16 bytes and have
/// equal lengths.

/// out[i] = in[i]
void copy(std::span<const double> in, std::span<double> out);
/// out[i] = a[i] + scalar * b[i]
void triad(std::span<const double> a, std::span<const double> b, double scalar,
           std::span<double> out);

constexpr std::int64_t copy_bytes(std::int64_t elements) {
  return elements * 16;
}
constexpr std::int64_t triad_bytes(std::int64_t elements) {
  return elements * 24;
}

/// Whether the stores above go around the caches on the machine this was compiled for.
bool stores_bypass_caches();

}  // namespace pingjia::kernels
