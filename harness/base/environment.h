#pragma once

#include <nlohmann/json_fwd.hpp>

namespace pingjia::harness {

/// This machine and this build, as records.jsonl and reports keep it: host, kernel, CPU, cores,
/// memory, load, GPUs the kernel driver shows, compiler and version. No user names, no
/// environment variables: nothing that could be a secret. What cannot be found out is null, or an
/// empty text.
nlohmann::json describe_environment();

}  // namespace pingjia::harness
