#pragma once

// Functions of lanes V (lanes_portable.h says what they have). Always inlined, and over types of
// anonymous namespaces: nothing compiled for one instruction set is shared with another.

namespace pingjia::kernels {

/// 2^x for -127 <= x <= 127 with a relative error of 7.5e-5, under the 2e-3 of a rounding to bf16:
/// 2^(whole part) times the cubic that is best on [-1/2, 1/2] by Remez's exchange. 0 under -126.5.
template <class V>
[[gnu::always_inline]] inline typename V::Type power_of_two(typename V::Type x) {
  const auto whole = V::round(x);
  const auto rest = V::fma(whole, V::all(-1.0F), x);
  auto value = V::fma(V::all(0.0551716691F), rest, V::all(0.242611122F));
  value = V::fma(value, rest, V::all(0.693260985F));
  value = V::fma(value, rest, V::all(0.999928074F));
  return V::mul(value, V::power_of_whole(whole));
}

/// The same for every x <= 0, with minus infinity.
template <class V>
[[gnu::always_inline]] inline typename V::Type power_of_two_up_to_one(typename V::Type x) {
  return power_of_two<V>(V::max(x, V::all(-127.0F)));
}

/// x / (1 + e^-x), the SiLU (Elfwing et al., 2017).
template <class V>
[[gnu::always_inline]] inline typename V::Type silu(typename V::Type x) {
  constexpr float kLog2E = 1.44269504F;
  const auto exponent = V::max(V::min(V::mul(x, V::all(-kLog2E)), V::all(126.0F)), V::all(-127.0F));
  return V::div(x, V::add(V::all(1.0F), power_of_two<V>(exponent)));
}

}  // namespace pingjia::kernels
