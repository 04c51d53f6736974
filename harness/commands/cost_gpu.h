#pragma once

#include <vector>

#include "harness/commands/arguments.h"
#include "harness/commands/world.h"
#include "harness/money/assumption.h"

namespace pingjia::harness {

/// `--gpu NAME`, `--tier NAME`: what the hardware catalogue knows of a card.
std::vector<OptionHelp> gpu_options();

/// Sets the inputs that such a card answers, of those that the calculator has: "gpu-hour" is its
/// tier's rent with its band as range, "watts" its TDP, "peak-tflops" its dense bf16 rate. Nothing
/// without `--gpu`. Throws Error for a card or tier that the catalogue does not have.
void set_gpu(const World& world, const Arguments& arguments, Assumptions& assumptions);

/// `--owned FILE`: the "owned" object of a run file. "gpu-hour" is then what an hour of the card
/// costs idle, and "joules-per-token" what it draws above that, over the rate of its replica; with
/// the electricity price and PUE of the object. Nothing without `--owned`.
void set_owned(const World& world, const Arguments& arguments, Assumptions& assumptions);

}  // namespace pingjia::harness
