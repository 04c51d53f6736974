#pragma once

#include <cmath>
#include <limits>

#include "kernels/processor/bf16.h"

// Lanes V: so many floats that one instruction takes together. Templates over V are written once
// and instantiated by the files compiled for each instruction set. The types stand in anonymous
// namespaces, one for each such file, because an instantiation that two files shared could crash
// an older processor. V has
//   Type, kLanes, load, load_bf16, store, all (one value in every lane), max, min, add, mul, div,
//   fma (a b + c), round (to the nearest whole number), power_of_whole (2^n for whole n from -127,
//   which gives 0, to 127), store_bf16 (rounded, ties to even), store_int8 (of whole
//   numbers), highest and total (over the lanes).

namespace pingjia::kernels {
namespace {

/// One float.
struct One {
  using Type = float;
  static constexpr int kLanes = 1;
  static float load(const float* from) { return *from; }
  static float load_bf16(const Bf16* from) { return to_float(*from); }
  static float all(float value) { return value; }
  static void store(float value, float* to) { *to = value; }
  static float max(float a, float b) { return a > b ? a : b; }
  static float min(float a, float b) { return a < b ? a : b; }
  static float add(float a, float b) { return a + b; }
  static float mul(float a, float b) { return a * b; }
  static float div(float a, float b) { return a / b; }
  static float fma(float a, float b, float c) { return a * b + c; }
  static float round(float value) { return std::nearbyint(value); }
  static float power_of_whole(float whole) {
    return whole <= -127 ? 0.0F : std::ldexp(1.0F, static_cast<int>(whole));
  }
  static void store_bf16(float value, Bf16* to) { *to = to_bf16(value); }
  static void store_int8(float value, std::int8_t* to) { *to = static_cast<std::int8_t>(value); }
  static float highest(float value) { return value; }
  static float total(float value) { return value; }
};

}  // namespace
}  // namespace pingjia::kernels
