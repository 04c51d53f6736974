#include "kernels/memory/bandwidth.h"

#include <cassert>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace pingjia::kernels {
namespace {

#ifdef __SSE2__
// Two elements; `to` stands on 16 bytes.
using Pair = __m128d;
constexpr std::size_t kPair = 2;
Pair load(const double* from) {
  return _mm_loadu_pd(from);
}
void store(double* to, Pair pair) {
  _mm_stream_pd(to, pair);
}
// Streaming stores are ordered with nothing; the next reader must see them.
void finish_stores() {
  _mm_sfence();
}
Pair plus_times(Pair a, Pair b, double scalar) {
  return _mm_add_pd(a, _mm_mul_pd(_mm_set1_pd(scalar), b));
}
#else
using Pair = double;
constexpr std::size_t kPair = 1;
Pair load(const double* from) {
  return *from;
}
void store(double* to, Pair pair) {
  *to = pair;
}
void finish_stores() {}
Pair plus_times(Pair a, Pair b, double scalar) {
  return a + scalar * b;
}
#endif

}  // namespace

void copy(std::span<const double> in, std::span<double> out) {
  assert(in.size() == out.size());
  std::size_t i = 0;
  for (; i + kPair <= out.size(); i += kPair) store(&out[i], load(&in[i]));
  for (; i < out.size(); ++i) out[i] = in[i];
  finish_stores();
}

void triad(std::span<const double> a, std::span<const double> b, double scalar,
           std::span<double> out) {
  assert(a.size() == out.size() && b.size() == out.size());
  std::size_t i = 0;
  for (; i + kPair <= out.size(); i += kPair) {
    store(&out[i], plus_times(load(&a[i]), load(&b[i]), scalar));
  }
  for (; i < out.size(); ++i) out[i] = a[i] + scalar * b[i];
  finish_stores();
}

bool stores_bypass_caches() {
  return kPair == 2;
}

}  // namespace pingjia::kernels
