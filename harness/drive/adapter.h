#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/loop.h"
#include "harness/base/table.h"
#include "harness/record/completion.h"
#include "harness/spec/request.h"

namespace pingjia::harness {

/// What a system is, found out when it was opened; kept in run.json.
struct Facts {
  std::string engine;  ///< "llama.cpp", "openai chat", …
  std::string engine_version;
  std::string model;         ///< As the engine names it.
  std::string model_sha256;  ///< Of the weights file where there is one.
  std::string device;        ///< "CPU", "NVIDIA H100", "remote".
  bool generates = true;
  bool scores_continuations = false;
  bool test_double = false;    ///< Results are marked: they measure no model.
  std::string details = "{}";  ///< JSON object of everything else worth keeping.
};

/// What a system used, found out when it was closed.
struct Closing {
  std::optional<double> cpu_seconds;  ///< Of its child processes, user and system.
  std::string details = "{}";         ///< JSON object, such as the engine's own step ledger.
};

/// Receives the one answer to each request, inside a turn of the loop.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void complete(const std::string& request_id, Completion completion) = 0;
};

/// A way to run a model. Everything happens on the loop's thread.
class Adapter {
 public:
  virtual ~Adapter() = default;

  /// Turns the loop until the model is ready to be timed: engine started, weights loaded,
  /// connections warm. Throws Error: this is still before the first request. `connections` is the
  /// most requests that will be in flight.
  virtual Facts open(int connections) = 0;

  /// Never blocks, never throws, gives exactly one answer to `sink`, in a later turn. Fills all of
  /// the timeline but `due`.
  virtual void submit(const Request& request, Sink& sink) = 0;

  /// Asks for an early end; the answer (kCancelled, unless it was already there) still comes.
  virtual void cancel(const std::string& request_id) = 0;

  /// Turns the loop until everything that was started has ended. Requests still in flight, as after
  /// an interrupted warm-up, are dropped: once `close` has begun nothing is delivered, for their
  /// sinks may be gone.
  virtual Closing close() = 0;
};

/// What an adapter may know of the world around it.
struct AdapterContext {
  Loop& loop;
  /// Value of an environment variable; the only way to a key.
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::string where;               ///< Place in the run file, for errors.
  std::filesystem::path base;      ///< Relative paths of the run file start here.
  std::filesystem::path programs;  ///< Folder of pingjia's own programs.
  std::filesystem::path logs;      ///< Folder for the engine's log; may not exist yet.
  std::string system;              ///< The system's name in the run file.
};

/// Makes an adapter of the system's object in the run file. Checks every key: throws Error.
using MakeAdapter = std::unique_ptr<Adapter> (*)(const nlohmann::json& options,
                                                 const AdapterContext& context);

/// Decodes a whole recorded reply body (stream or not) of one provider dialect.
using DecodeBody = Completion (*)(std::string_view body);

}  // namespace pingjia::harness
