#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "adapters/conformance.h"
#include "adapters/conformance/probe.h"

namespace pingjia::adapters {

struct Verdict {
  ConformanceState state = ConformanceState::kPass;
  std::string detail;
};

inline Verdict passes(std::string detail = "") {
  return {ConformanceState::kPass, std::move(detail)};
}
inline Verdict fails(std::string detail) {
  return {ConformanceState::kFail, std::move(detail)};
}
inline Verdict cannot_tell(std::string detail) {
  return {ConformanceState::kNotApplicable, std::move(detail)};
}

/// One named check of a program that is ready.
struct Check {
  std::string_view name;
  std::string_view needs;  ///< A capability; empty: none.
  Verdict (*run)(Probe& probe);
};

/// Of any program: ids, broken lines, unknown types, stats.
std::span<const Check> line_checks();
/// Of "generate".
std::span<const Check> generate_checks();
/// Of token counts and times in answers to "generate".
std::span<const Check> account_checks();
/// Of "loglikelihood".
std::span<const Check> score_checks();

/// A greedy generate request with a new id, to be changed as a check needs.
nlohmann::json generate_request(Probe& probe, const std::string& prompt, int max_tokens);

/// A loglikelihood request with a new id.
nlohmann::json score_request(Probe& probe, const std::vector<std::string>& continuations);

/// What every program has words for, long enough to be cut.
inline constexpr const char* kPrompt =
    "Repeat after me: one two three four five six seven eight nine ten";

}  // namespace pingjia::adapters
