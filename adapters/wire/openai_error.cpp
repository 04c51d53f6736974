#include "adapters/wire/openai_error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

#include "harness/base/utf8.h"

namespace pingjia::adapters {

namespace {

using harness::FailureClass;
using nlohmann::json;

constexpr std::size_t kMessageBytes = 2000;

// A provider's error in its own words.
struct Words {
  std::string code;  // code, type and status, joined: which of them speaks differs.
  std::string message;
  int status = 0;  // A number that some put where OpenAI has a word.
};

struct Sign {
  std::string_view text;  // Looked for in the code, lower case.
  FailureClass kind;
};

// The first that occurs in the code wins, so the narrow ones come first.
constexpr auto kCodes = std::to_array<Sign>({
    {"insufficient_quota", FailureClass::kQuotaExhausted},
    {"insufficient_balance", FailureClass::kQuotaExhausted},
    {"exceeded_current_quota", FailureClass::kQuotaExhausted},
    {"billing", FailureClass::kQuotaExhausted},
    {"arrearage", FailureClass::kQuotaExhausted},
    {"accountoverdue", FailureClass::kQuotaExhausted},
    {"allocationquota", FailureClass::kQuotaExhausted},
    {"context_length_exceeded", FailureClass::kContextOverflow},
    {"exceed_context_size", FailureClass::kContextOverflow},
    {"content_filter", FailureClass::kContentFilter},
    {"content_policy", FailureClass::kContentFilter},
    {"datainspectionfailed", FailureClass::kContentFilter},
    {"data_inspection_failed", FailureClass::kContentFilter},
    {"responsibleai", FailureClass::kContentFilter},
    {"sensitivecontent", FailureClass::kContentFilter},
    {"invalid_api_key", FailureClass::kAuth},
    {"authentication", FailureClass::kAuth},
    {"permission", FailureClass::kPermission},
    {"model_not_found", FailureClass::kNotFound},
    {"deploymentnotfound", FailureClass::kNotFound},
    {"overloaded", FailureClass::kOverloaded},
    {"insufficient_system_resource", FailureClass::kOverloaded},
    {"not_supported_error", FailureClass::kUnsupported},
});

// Codes that also appear under a 413 or 400, where waiting would not help.
constexpr auto kRateCodes = std::to_array<std::string_view>(
    {"rate_limit", "ratelimit", "ratequota", "throttling", "too_many_requests"});

// Words of a message, for servers that say 400 and no more.
constexpr auto kMessages = std::to_array<Sign>({
    {"maximum context length", FailureClass::kContextOverflow},
    {"context length", FailureClass::kContextOverflow},
    {"context window", FailureClass::kContextOverflow},
    {"context size", FailureClass::kContextOverflow},
    {"incorrect api key", FailureClass::kAuth},
    {"invalid api key", FailureClass::kAuth},
});

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

void take_word(const json& object, const char* key, Words& words) {
  const auto found = object.find(key);
  if (found == object.end()) return;
  if (found->is_string()) {
    const auto text = found->get<std::string>();
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) words.status = number;
    words.code += " " + lower(text);
  } else if (found->is_number_integer()) {
    words.status = found->get<int>();
  }
}

void take_object(const json& object, Words& words) {
  for (const char* key : {"code", "type", "error_type", "status"}) take_word(object, key, words);
  for (const char* key : {"message", "msg", "detail"}) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null() || !words.message.empty()) continue;
    words.message = found->is_string()
                        ? found->get<std::string>()
                        : found->dump(-1, ' ', false, json::error_handler_t::replace);
  }
}

Words words_of(std::string_view body) {
  Words words;
  json parsed = json::parse(body, nullptr, false);
  if (parsed.is_array() && parsed.size() == 1) parsed = json(parsed.front());
  if (!parsed.is_object()) {
    words.message = body;
    return words;
  }
  const auto error = parsed.find("error");
  if (error != parsed.end() && error->is_object()) {
    take_object(*error, words);
  } else if (error != parsed.end() && error->is_string()) {
    words.message = error->get<std::string>();
    take_object(parsed, words);
  } else {
    take_object(parsed, words);
  }
  if (words.message.empty()) words.message = body;
  return words;
}

FailureClass class_of_status(int status) {
  switch (status) {
    case 401:
      return FailureClass::kAuth;
    case 402:
      return FailureClass::kQuotaExhausted;
    case 403:
      return FailureClass::kPermission;
    case 404:
      return FailureClass::kNotFound;
    case 429:
      return FailureClass::kRateLimit;
    case 498:  // Groq: no flexible capacity left.
    case 503:
    case 529:
      return FailureClass::kOverloaded;
    case 408:  // Worth another attempt, like the server errors.
    case 409:
    case 424:
      return FailureClass::kServer;
    default:
      break;
  }
  if (status >= 300 && status < 400) return FailureClass::kProtocol;
  if (status >= 400 && status < 500) return FailureClass::kBadRequest;
  return FailureClass::kServer;
}

FailureClass class_of(const Words& words, int status) {
  for (const auto& sign : kCodes) {
    if (words.code.find(sign.text) != std::string::npos) return sign.kind;
  }
  if (status == 429 || status < 400) {
    for (const auto code : kRateCodes) {
      if (words.code.find(code) != std::string::npos) return FailureClass::kRateLimit;
    }
  }
  if (status == 400 || status == 413 || status == 422 || status < 300) {
    const std::string message = lower(words.message.substr(0, kMessageBytes));
    for (const auto& sign : kMessages) {
      if (message.find(sign.text) != std::string::npos) return sign.kind;
    }
  }
  return class_of_status(status);
}

std::optional<std::time_t> http_date(const std::string& text) {
  std::tm parts{};
  // The one form that RFC 9110 allows to be sent; always GMT.
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr) return std::nullopt;
  return timegm(&parts);
}

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::string cut(std::string text) {
  if (text.size() > kMessageBytes) text.resize(kMessageBytes);
  text = harness::valid_utf8(text);
  // Cutting inside a code point leaves replacement characters, which are longer.
  while (text.size() > kMessageBytes) text.resize(text.size() - 3);
  return text;
}

}  // namespace

std::optional<double> retry_after_seconds(const ReplyHead& head) {
  if (const auto ms = number(head.retry_after_ms)) return *ms / 1000;
  if (const auto seconds = number(head.retry_after)) return seconds;
  const auto until = http_date(head.retry_after);
  const auto now = http_date(head.date);
  if (!until || !now) return std::nullopt;
  return std::max(0.0, std::difftime(*until, *now));
}

harness::Failure openai_failure(const ReplyHead& head, std::string_view body) {
  const Words words = words_of(body);
  harness::Failure failure;
  failure.http_status = head.status;
  // Inside a stream of status 200 the body's own number says what went wrong.
  const bool own = (head.status < 300) && words.status >= 400 && words.status < 600;
  const int status = own ? words.status : head.status;
  failure.kind = class_of(words, status);
  failure.message = cut(words.message);
  if (head.status >= 300 && head.status < 400) {
    failure.message = "redirects are not followed; it leads to " + cut(head.location);
  }
  if (failure.message.empty()) failure.message = "no error text came";
  failure.retry_after_s = retry_after_seconds(head);
  return failure;
}

}  // namespace pingjia::adapters
