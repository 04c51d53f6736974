#pragma once

#include <cstdint>

namespace pingjia::adapters::engines {

/// Every step of the engine, counted by the worker itself: llama.cpp's own counters call only
/// batches of one token "eval". A step either reads prompts or continues answers, never both, so
/// its time is of one kind; the sum of `output` over all requests equals `output()` exactly.
class StepLedger {
 public:
  struct Kind {
    std::int64_t steps = 0;
    std::int64_t input = 0;   ///< Tokens decoded.
    std::int64_t output = 0;  ///< Tokens drawn from the results.
    std::int64_t ns = 0;
  };

  void add_prefill(std::int64_t input, std::int64_t output, std::int64_t ns) {
    add(prefill_, input, output, ns);
  }
  void add_decode(std::int64_t input, std::int64_t output, std::int64_t ns) {
    add(decode_, input, output, ns);
  }
  void add_reused(std::int64_t tokens) { reused_ += tokens; }

  const Kind& prefill() const { return prefill_; }
  const Kind& decode() const { return decode_; }
  std::int64_t output() const { return prefill_.output + decode_.output; }
  std::int64_t reused() const { return reused_; }

 private:
  static void add(Kind& kind, std::int64_t input, std::int64_t output, std::int64_t ns) {
    kind.steps += 1;
    kind.input += input;
    kind.output += output;
    kind.ns += ns;
  }

  Kind prefill_;
  Kind decode_;
  std::int64_t reused_ = 0;
};

/// The part of `ns` that falls to tokens [from, to) of `total`; the parts of a partition sum to
/// `ns`.
inline std::int64_t share(std::int64_t ns, std::int64_t from, std::int64_t to, std::int64_t total) {
  return ns / total * (to - from) + ns % total * to / total - ns % total * from / total;
}

}  // namespace pingjia::adapters::engines
