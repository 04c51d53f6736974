#pragma once

#include <functional>
#include <string>

#include "kernels/attention/shape.h"
#include "kernels/cuda/stream.h"
#include "kernels/maker.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels::cuda {

/// Puts one attention call of a known shape on a stream. Pointers are the device's, bf16 by its
/// bits, tensors as AttentionShape says.
using PrefillWork = std::function<void(const std::uint16_t* q, const std::uint16_t* k,
                                       const std::uint16_t* v, std::uint16_t* out, Stream)>;

/// One implementation of prefill: ours or a library's.
struct PrefillMaker {
  std::string implementation;
  bool ours = false;
  std::string absent;  ///< Why it cannot run here, or not this shape; empty: it can.
  std::function<PrefillWork(const AttentionShape&)> make;
};

Case prefill_case(const std::string& op, const std::string& model, const AttentionShape& shape,
                  const PrefillMaker& maker);

/// What decode over a cache in pages reads, the cache aside: the device's addresses, which stay
/// what they are as long as what was made of them is used.
struct PagedCache {
  AttentionShape shape;
  std::int64_t page_size = 64;
  std::int64_t pages_each = 1;  ///< Of a sequence.
  const std::uint16_t* q = nullptr;
  std::uint16_t* out = nullptr;
  const int* pages = nullptr;    ///< [batch, pages_each]
  const int* lengths = nullptr;  ///< [batch]
};

/// Decode of a known shape. key_pages [pages, page_size, kv_heads, key_width], value_pages alike;
/// where the values lie in the keys (latent attention), value_pages is null.
class DeviceDecode {
 public:
  virtual ~DeviceDecode() = default;
  virtual void enqueue(const std::uint16_t* key_pages, const std::uint16_t* value_pages,
                       Stream stream) = 0;
  /// Whether it wrote beside the scratch it has.
  virtual bool is_intact() const { return true; }
};

using DecodeMaker = Maker<DeviceDecode, const PagedCache&>;

/// Decode over a cache in pages of 64 keys that lie in no order; with `values_in_keys`, of latent
/// attention.
Case paged_decode_case(const std::string& op, const std::string& model, const AttentionShape& shape,
                       const DecodeMaker& maker);

/// Ours, as "pingjia sm_80".
DecodeMaker our_decode(const AttentionShape& shape);
/// Ours, as "pingjia sm_80".
PrefillMaker our_prefill();
/// Ours for sm_90a.
PrefillMaker our_hopper_prefill();

}  // namespace pingjia::kernels::cuda
