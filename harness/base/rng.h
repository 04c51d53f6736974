#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace pingjia::harness {

/// Random numbers that are the same on every platform: xoshiro256** (Blackman and Vigna,
/// "Scrambled linear pseudorandom number generators", 2021) seeded by splitmix64 from one run
/// seed and the name of a stream, so that each dimension of randomness can be changed alone.
/// The standard library's distributions are not used: the standard does not fix their numbers.
class Rng {
 public:
  Rng(std::uint64_t seed, std::string_view stream);

  std::uint64_t next();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform in [0, bound), without modulo bias; `bound` > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Exponential with the given rate (1/mean).
  double exponential(double rate);
  /// Standard normal (Marsaglia's polar method).
  double normal();

  /// Fisher–Yates.
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(i)]);
    }
  }

 private:
  std::uint64_t state_[4];
};

/// 64-bit FNV-1a of a text, the key of named random streams and of shuffles by name.
std::uint64_t hash_name(std::string_view text);

}  // namespace pingjia::harness
