#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/score/scorer.h"

namespace pingjia::suites {

/// One answer and what a scorer must say of it.
struct Case {
  std::string_view answer;
  std::string_view gold;
  std::string_view verdict;
  std::string_view extracted;  ///< Empty: nothing extracted.
  std::string_view rule;       ///< Empty: not looked at.
};

inline void expect_cases(const harness::Scorer& scorer, std::span<const Case> cases,
                         std::span<const std::string> choices = {}) {
  for (const auto& row : cases) {
    const auto grade = scorer.grade({std::string(row.gold), choices}, row.answer);
    const auto place = "answer: " + std::string(row.answer) + "\ngold: " + std::string(row.gold);
    EXPECT_EQ(harness::verdict_name(grade.verdict), row.verdict) << place;
    EXPECT_EQ(grade.extracted.value_or(""), row.extracted) << place;
    if (!row.rule.empty()) {
      EXPECT_EQ(grade.rule, row.rule) << place;
    }
  }
}

}  // namespace pingjia::suites
