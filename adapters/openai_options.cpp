#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "adapters/catalog/providers.h"
#include "adapters/openai.h"
#include "adapters/secret_names.h"
#include "harness/base/error.h"
#include "harness/base/fields.h"

namespace pingjia::adapters {

namespace {

using harness::AdapterContext;
using harness::Error;
using nlohmann::json;

constexpr double kLongestWait = 86'400;
constexpr double kConnectSeconds = 10;
constexpr double kIdleSeconds = 120;
constexpr double kContentSeconds = 600;

harness::Nanos nanos(double seconds) {
  return static_cast<harness::Nanos>(seconds * 1e9);
}

// A value that is fit for a header line; a trailing newline is what `$(cat file)` forgets.
std::string header_value(std::string value, const std::string& name, const std::string& where) {
  while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back()))) value.pop_back();
  const bool control = std::any_of(value.begin(), value.end(),
                                   [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (value.empty() || control) {
    throw Error(where, "environment variable " + name + " holds no usable value",
                "set it to the key, on one line");
  }
  return value;
}

void take_key(const Provider& provider, const std::optional<std::string>& named,
              const AdapterContext& context, OpenAiEndpoint& endpoint) {
  endpoint.key_env = named.value_or(provider.api_key_env);
  if (endpoint.key_env.empty()) return;
  const auto value = context.environment(endpoint.key_env);
  if (!value) {
    // A server on this machine seldom wants one; but whoever names a variable means it.
    if (!named && is_loopback(endpoint.base_url)) return;
    throw Error(context.where, "environment variable " + endpoint.key_env + " is not set",
                "export " + endpoint.key_env +
                    "=… before the run, or name another with \"api_key_env\"; a key never "
                    "stands in a run file");
  }
  const std::string key = header_value(*value, endpoint.key_env, context.where);
  endpoint.headers.push_back(provider.auth == "api-key" ? "api-key: " + key
                                                        : "Authorization: Bearer " + key);
  endpoint.secrets.push_back(key);
}

// A value "$NAME" is read from the environment; what looks like a secret must be.
void take_headers(const json& headers, const std::string& where, const AdapterContext& context,
                  OpenAiEndpoint& endpoint) {
  if (!headers.is_object()) {
    throw Error(where, "expected an object", "write {\"Header-Name\": \"$VARIABLE\"}");
  }
  for (const auto& [name, value] : headers.items()) {
    const bool well_named = !name.empty() && name.find_first_of(": \t\r\n") == std::string::npos;
    if (!well_named || !value.is_string()) {
      throw Error(where, "'" + name + "' is not a header with a text", "write \"Name\": \"text\"");
    }
    std::string text = value.get<std::string>();
    if (text.starts_with('$')) {
      const std::string variable = text.substr(1);
      const auto found = context.environment(variable);
      if (!found) {
        throw Error(where, "environment variable " + variable + " is not set",
                    "export " + variable + "=… before the run");
      }
      text = header_value(*found, variable, where);
      endpoint.secrets.push_back(text);
    } else if (speaks_of_secret(name)) {
      throw Error(where, "header '" + name + "' looks like a secret",
                  "write \"$VARIABLE\" and keep the value in the environment");
    }
    endpoint.headers.push_back(name + ": " + header_value(text, name, where));
  }
}

std::string first_set(std::span<const char* const> names, const AdapterContext& context) {
  for (const char* name : names) {
    if (const auto value = context.environment(name); value && !value->empty()) return *value;
  }
  return "";
}

void take_proxy(const AdapterContext& context, OpenAiEndpoint& endpoint) {
  constexpr std::array kSecure = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  // Never HTTP_PROXY: a CGI's client may set it.
  constexpr std::array kPlain = {"http_proxy", "all_proxy", "ALL_PROXY"};
  constexpr std::array kNone = {"no_proxy", "NO_PROXY"};
  endpoint.proxy = endpoint.base_url.starts_with("https:") ? first_set(kSecure, context)
                                                           : first_set(kPlain, context);
  endpoint.no_proxy = first_set(kNone, context);
}

// Addresses go into run.json and reports.
void refuse_secret(const std::string& url, const std::string& key, const std::string& where) {
  if (!url_holds_secret(url)) return;
  throw Error(where, key + " holds a user name, a password or a key",
              "put the key into an environment variable and name it with \"api_key_env\", or with "
              "\"headers\"");
}

std::string base_url_of(const std::optional<std::string>& given, const Provider& provider,
                        const std::string& where) {
  std::string url = given.value_or(provider.base_url);
  if (url.empty()) {
    throw Error(where, "neither a provider with an address nor a base_url is given",
                "write \"provider\": \"openai\" or \"base_url\": \"http://127.0.0.1:8000/v1\"");
  }
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw Error(where, "base_url '" + url + "' is no http(s) address",
                "write it like http://127.0.0.1:8000/v1");
  }
  refuse_secret(url, "base_url", where);
  return url;
}

std::string extra_body_of(const json* extra, const Provider& provider, const std::string& where) {
  json merged = json::parse(provider.extra_body);
  if (extra == nullptr) return merged.dump();
  if (!extra->is_object()) {
    throw Error(where, "extra_body is not an object", "write {\"field\": value}; null removes one");
  }
  // Not merge_patch: a null must stay, to remove the field from the body.
  for (const auto& [name, value] : extra->items()) merged[name] = value;
  return merged.dump();
}

}  // namespace

OpenAiEndpoint read_openai_options(const json& options, const AdapterContext& context) {
  harness::Fields fields(options, context.where);
  const auto name = fields.optional_text("provider");
  const Provider provider =
      name ? find_provider(*name, fields.where("provider")) : unnamed_provider();
  OpenAiEndpoint endpoint;
  endpoint.provider = provider.name;
  endpoint.base_url = base_url_of(fields.optional_text("base_url"), provider, fields.where());
  endpoint.probe = fields.optional_text("probe").value_or(provider.probe);
  refuse_secret(endpoint.probe, "probe", fields.where());
  take_proxy(context, endpoint);
  endpoint.headers = {"Content-Type: application/json"};

  OpenAiChatStyle& style = endpoint.style;
  style.model = fields.text("model");
  style.max_tokens_field =
      fields.optional_text("max_tokens_field").value_or(provider.max_tokens_field);
  style.seed_field = fields.optional_text("seed_field").value_or(provider.seed_field);
  style.top_k_field = fields.optional_text("top_k_field").value_or(provider.top_k_field);
  style.stream = fields.optional_flag("stream").value_or(true);
  style.include_usage = fields.optional_flag("include_usage").value_or(provider.include_usage);
  style.extra_body = extra_body_of(fields.any("extra_body"), provider, fields.where("extra_body"));

  const auto wait = [&fields](const char* key, double fallback) {
    return nanos(fields.optional_number(key, 0, kLongestWait).value_or(fallback));
  };
  endpoint.limits.connect = wait("connect_timeout_s", kConnectSeconds);
  endpoint.limits.idle = wait("idle_timeout_s", kIdleSeconds);
  endpoint.limits.content = wait("content_timeout_s", kContentSeconds);
  const auto key_env = fields.optional_text("api_key_env");
  const json* headers = fields.any("headers");
  fields.done();

  take_key(provider, key_env, context, endpoint);
  if (headers != nullptr) take_headers(*headers, fields.where("headers"), context, endpoint);
  return endpoint;
}

}  // namespace pingjia::adapters
