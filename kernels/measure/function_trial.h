#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kernels/measure/trial.h"

namespace pingjia::kernels {

/// A trial of three functions that share their buffers.
struct TrialFunctions {
  std::function<void()> run;
  std::function<std::optional<std::string>()> check;
  std::function<std::vector<std::span<const std::byte>>()> operands;
};

class FunctionTrial final : public Trial {
 public:
  explicit FunctionTrial(TrialFunctions functions) : functions_(std::move(functions)) {}

  void run() override { functions_.run(); }
  std::optional<std::string> check() override { return functions_.check(); }
  std::vector<std::span<const std::byte>> operands() const override {
    return functions_.operands();
  }

 private:
  TrialFunctions functions_;
};

}  // namespace pingjia::kernels
