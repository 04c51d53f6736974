#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kernels/catalog/model_shape.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels {

/// All cases of one op: the shapes of a model that it is timed on, and for each shape every
/// implementation, ours first, side by side, so that what is compared ran within seconds of each
/// other.
struct Family {
  std::string op;  ///< "attention/prefill", as in the rows.
  std::function<std::vector<Case>(const ModelShape&)> cases;
  /// False: the op knows no model; asked once, with a shape of no widths.
  bool per_model = true;
  std::string device = "cpu";  ///< Measured with --device of that name.
};

/// Adds one; called before main by the files named X_benchmark.cpp. True, so that a variable can
/// hold the call.
bool add_family(Family family);

/// In the order of their ops.
std::vector<Family> families();

}  // namespace pingjia::kernels
