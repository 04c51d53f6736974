#pragma once

#include <string>

#include "adapters/http/client.h"

namespace pingjia::adapters {

/// A whole reply.
struct Fetched {
  HttpReply reply;
  std::string body;
};

/// One GET, waited for by turning the loop; for probes and facts, outside the timed part.
Fetched fetch(harness::Loop& loop, HttpClient& client, const std::string& url,
              harness::Nanos limit);

}  // namespace pingjia::adapters
