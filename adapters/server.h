#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/child_process.h"
#include "adapters/http/client.h"
#include "adapters/openai.h"
#include "adapters/recipe.h"
#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// What the run file says of a managed server.
struct ServerOptions {
  const Recipe* recipe = nullptr;
  std::string program;
  std::string model;                   ///< As the engine is to see it: a whole path for a file.
  int port = 0;                        ///< 0: any free one.
  std::optional<int> parallel;         ///< Else as many as there will be requests in flight.
  std::optional<int> context;          ///< Tokens of one request.
  RecipeValues values;                 ///< Placeholders that are options as they stand.
  std::vector<std::string> arguments;  ///< Appended.
  std::vector<std::string> environment;
  harness::Nanos ready_timeout = 0;
  std::string request = "{}";  ///< Options of the openai adapter, without base_url.
};

/// Throws Error for unknown keys and recipes, and for a model file that is not there.
ServerOptions read_server_options(const nlohmann::json& options,
                                  const harness::AdapterContext& context);

/// The adapter "server": launches an engine by its recipe, waits until it is ready, asks it through
/// the OpenAI dialect, and ends it without orphans.
class ServerAdapter final : public harness::Adapter, private harness::Sink {
 public:
  ServerAdapter(ServerOptions options, const harness::AdapterContext& context);
  ~ServerAdapter() override;

  harness::Facts open(int connections) override;
  void submit(const harness::Request& request, harness::Sink& sink) override;
  void cancel(const std::string& request_id) override;
  harness::Closing close() override;

 private:
  struct Pending {
    harness::Sink* sink = nullptr;
    /// An answer held back to see whether the engine's death explains it, or one of its own.
    std::optional<harness::Completion> held;
    std::optional<harness::TimerId> timer;
  };

  void complete(const std::string& request_id, harness::Completion completion) override;
  void launch(int port, const RecipeValues& values);
  bool wait_ready(const std::string& base);
  void read_facts(const std::string& base, harness::Facts& facts);
  void engine_died();
  void forget_all();
  void deliver(const std::string& request_id);
  std::string metrics_json();

  ServerOptions options_;
  harness::AdapterContext context_;
  std::string base_;
  std::unique_ptr<HttpClient> client_;
  std::unique_ptr<ChildProcess> child_;
  std::unique_ptr<OpenAiAdapter> inner_;
  std::unordered_map<std::string, Pending> pending_;
};

std::unique_ptr<harness::Adapter> make_server(const nlohmann::json& options,
                                              const harness::AdapterContext& context);

}  // namespace pingjia::adapters
