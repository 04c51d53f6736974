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

/// The values that all streams of one type and scale take pieces of.
template <class T, class Narrow>
std::vector<T> make_normals(double scale, Narrow narrow) {
  harness::Rng rng(1, "kernels/normals");
  std::vector<T> made(kDistinct);
  for (T& value : made) value = narrow(static_cast<float>(rng.normal() * scale));
  return made;
}

template <class T, class Narrow>
void fill(std::span<T> values, const std::string& stream, double scale, Narrow narrow) {
  static std::map<double, std::vector<T>> made;
  std::vector<T>& from = made[scale];
  if (from.empty()) from = make_normals<T>(scale, narrow);
  harness::Rng rng(1, stream);
  for (std::size_t at = 0; at < values.size();) {
    // A piece of odd length from an odd place: rows of a matrix do not repeat each other.
    const std::size_t first = rng.below(kDistinct);
    const std::size_t piece =
        std::min({kDistinct - first, values.size() - at, std::size_t{1021} + rng.below(8191)});
    std::copy_n(from.data() + first, piece, values.data() + at);
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
  fill(values, stream, scale, [](float value) { return to_bf16(value); });
}

void fill_normals(std::span<float> values, const std::string& stream, double scale) {
  fill(values, stream, scale, [](float value) { return value; });
}

}  // namespace pingjia::kernels
