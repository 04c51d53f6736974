#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Keeps the answers; each id must come once.
class Answers final : public harness::Sink {
 public:
  void complete(const std::string& request_id, harness::Completion completion) override {
    EXPECT_TRUE(by_id.emplace(request_id, std::move(completion)).second) << request_id;
  }
  std::map<std::string, harness::Completion> by_id;
};

inline harness::Request question(const std::string& id, const std::string& text,
                                 int max_tokens = 64) {
  harness::Request request;
  request.id = id;
  request.messages = {{"user", text}};
  request.sampling.max_tokens = max_tokens;
  return request;
}

}  // namespace pingjia::adapters
