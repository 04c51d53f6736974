#include "kernels/measure/guarded.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "harness/base/rng.h"

namespace pingjia::kernels {
namespace {

// Every width of float reads this byte, repeated, as a NaN.
constexpr int kNanByte = 0xff;
constexpr std::size_t kDistinct = std::size_t{1} << 20;

/// Shared by all streams, which begin at places of their own.
const std::vector<float>& normals() {
  static const std::vector<float> values = [] {
    harness::Rng rng(1, "kernels/normals");
    std::vector<float> made(kDistinct);
    for (float& value : made) value = static_cast<float>(rng.normal());
    return made;
  }();
  return values;
}

template <class T, class Narrow>
void fill(std::span<T> values, const std::string& stream, Narrow narrow) {
  const std::vector<float>& from = normals();
  harness::Rng rng(1, stream);
  for (std::size_t at = 0; at < values.size();) {
    // A piece of odd length from an odd place: rows of a matrix do not repeat each other.
    const std::size_t first = rng.below(kDistinct);
    const std::size_t piece =
        std::min({kDistinct - first, values.size() - at, std::size_t{1021} + rng.below(8191)});
    for (std::size_t i = 0; i < piece; ++i) values[at + i] = narrow(from[first + i]);
    at += piece;
  }
}

}  // namespace

Guarded::Guarded(std::int64_t bytes) : bytes_(bytes), memory_(bytes + 2 * kBand) {
  std::memset(memory_.data(), kNanByte, static_cast<std::size_t>(memory_.bytes()));
}

bool Guarded::is_intact() const {
  const auto untouched = [](std::byte value) { return value == std::byte{kNanByte}; };
  const std::byte* end = memory_.data() + kBand + bytes_;
  return std::all_of(memory_.data(), memory_.data() + kBand, untouched) &&
         std::all_of(end, end + kBand, untouched);
}

void fill_normals(std::span<Bf16> values, const std::string& stream, double scale) {
  const auto factor = static_cast<float>(scale);
  fill(values, stream, [factor](float value) { return to_bf16(value * factor); });
}

void fill_normals(std::span<float> values, const std::string& stream, double scale) {
  const auto factor = static_cast<float>(scale);
  fill(values, stream, [factor](float value) { return value * factor; });
}

}  // namespace pingjia::kernels
