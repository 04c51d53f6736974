#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// One implementation of a call: ours for an instruction set, or a library's. What `make` gives is
/// ready to run and keeps what it needs: weights that were handed to it may be gone then, and
/// packing them belongs to the making, as an engine packs when it loads a model.
template <class Made, class... Arguments>
struct Maker {
  std::string implementation;  ///< "pingjia amx", "onednn"
  bool ours = false;
  std::string absent;  ///< Why it cannot run here; empty: it can.
  std::function<std::unique_ptr<Made>(Arguments...)> make;
};

/// Ours, by `make_for(isa)`, for those of `isas` that are here, in their order.
template <class AMaker, class MakeFor>
std::vector<AMaker> our_makers(MakeFor make_for,
                               std::initializer_list<Isa> isas = {Isa::kAmx, Isa::kAvx512,
                                                                  Isa::kAvx2, Isa::kPortable}) {
  std::vector<AMaker> makers;
  for (const Isa isa : isas) {
    if (is_here(isa)) {
      makers.push_back({"pingjia " + std::string(name(isa)), true, "", make_for(isa)});
    }
  }
  return makers;
}

}  // namespace pingjia::kernels
