#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/http/client.h"
#include "adapters/wire/chat_chunk.h"
#include "adapters/wire/openai_chat.h"
#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// One endpoint of the OpenAI chat dialect, ready to be asked.
struct OpenAiEndpoint {
  std::string provider;              ///< Row of catalog/providers.json, or empty.
  std::string base_url;              ///< /chat/completions is appended to its path.
  std::string probe;                 ///< Path of a cheap GET that opens connections.
  std::vector<std::string> headers;  ///< Whole lines, the key's among them.
  std::vector<std::string> secrets;  ///< Values that must never leave in an answer.
  std::string key_env;               ///< Where the key came from, for errors.
  std::string proxy;                 ///< Of the environment, for this address; empty: none.
  std::string no_proxy;              ///< Hosts reached without it, as no_proxy lists them.
  OpenAiChatStyle style;
  HttpLimits limits;  ///< `total` is the request's own.
};

/// Reads the options of an "openai" system. Throws Error for an unknown key or provider, and for a
/// key whose environment variable is not set.
OpenAiEndpoint read_openai_options(const nlohmann::json& options,
                                   const harness::AdapterContext& context);

/// The URL of `path` under a base URL, whose own query stays at the end.
std::string url_under(const std::string& base_url, const std::string& path);

/// The adapter "openai": any server that speaks the OpenAI chat dialect over HTTP.
class OpenAiAdapter final : public harness::Adapter {
 public:
  OpenAiAdapter(OpenAiEndpoint endpoint, const harness::AdapterContext& context);
  ~OpenAiAdapter() override;

  harness::Facts open(int connections) override;
  void submit(const harness::Request& request, harness::Sink& sink) override;
  void cancel(const std::string& request_id) override;
  harness::Closing close() override;

 private:
  class Exchange;

  int warm(int connections);
  void refuse(const harness::Request& request, harness::Sink& sink, const std::string& why);
  void redact(harness::Completion& completion) const;

  OpenAiEndpoint endpoint_;
  harness::Loop& loop_;
  std::string where_;
  std::string url_;
  ChunkReader reader_;
  std::unordered_map<std::string, std::unique_ptr<Exchange>> exchanges_;
  std::unordered_map<std::string, harness::TimerId> refusals_;
  // Last, so that it ends before the exchanges that listen to it.
  std::unique_ptr<HttpClient> client_;
};

std::unique_ptr<harness::Adapter> make_openai(const nlohmann::json& options,
                                              const harness::AdapterContext& context);

}  // namespace pingjia::adapters
