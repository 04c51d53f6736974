#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "adapters/process_session.h"
#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Row "process": a model behind any program that speaks the process protocol of
/// adapters/README.md. Its options:
///   command          the program and its arguments: a list, or one text split as a shell would
///                    (quotes and backslashes; no variables, no patterns, no shell is run)
///   env              names of variables the program may see, beside those all children see
///   hello_timeout_s  5, load_timeout_s 600
///   options          object, handed to the program in `load`
/// It runs in the folder of the run file; its standard error goes to SYSTEM.log.
std::unique_ptr<harness::Adapter> make_process(const nlohmann::json& options,
                                               const harness::AdapterContext& context);

/// The command, environment, folder and log of a system's child, as every adapter here starts it.
ChildCommand child_command(std::vector<std::string> arguments,
                           std::span<const std::string> variables,
                           const harness::AdapterContext& context);

/// An adapter over `spec`. `facts.model_sha256`, where it is set, replaces the child's word.
///
/// A child that dies takes the requests in flight with it (kEngineDied, or kProtocol when it was
/// killed for what it wrote) and is started again, at most `kMostRestarts` times; then every
/// request fails. Requests that come meanwhile wait for it.
std::unique_ptr<harness::Adapter> process_adapter(harness::Loop& loop, const ProcessSpec& spec,
                                                  const std::string& model_sha256 = "");

inline constexpr int kMostRestarts = 3;

}  // namespace pingjia::adapters
