#include "suites/math/sample_point.h"

#include <cstdint>

namespace pingjia::suites {

int sample_value(std::string_view symbol, Region region, int trial) {
  // FNV-1a, then the finaliser of MurmurHash3, both in the public domain.
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3U; };
  for (const char c : symbol) mix(static_cast<unsigned char>(c));
  mix(static_cast<unsigned char>(region));
  mix(static_cast<unsigned char>(trial));
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdU;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53U;
  hash ^= hash >> 33;
  const auto draw = static_cast<int>(hash % 100'003);
  const bool negative = (hash >> 40) % 2 == 1;
  switch (region) {
    case Region::kWhole:
      return (1 + draw % 11) * 1024;
    case Region::kSmall:
    case Region::kSmallSigned:
      return (31 + draw % 950) * (region == Region::kSmallSigned && negative ? -1 : 1);
    case Region::kNegative:
      return -(1'031 + draw % 4'099);
    case Region::kPositive:
    case Region::kSigned:
      return (1'031 + draw % 4'099) * (region == Region::kSigned && negative ? -1 : 1);
  }
  return 1024;
}

}  // namespace pingjia::suites
