#pragma once

#include <string>

namespace pingjia::adapters {

/// A TCP port of 127.0.0.1 that nothing listens on. `wanted` 0 lets the kernel choose; another is
/// checked, and Error thrown when it is taken. Whoever is to listen may still come too late.
int free_port(int wanted, const std::string& where);

}  // namespace pingjia::adapters
