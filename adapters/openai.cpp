#include "adapters/openai.h"

#include <sys/resource.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/catalog/providers.h"
#include "harness/base/error.h"
#include "harness/base/version.h"

namespace pingjia::adapters {

namespace {

using harness::Completion;
using harness::FailureClass;
using harness::Nanos;

// How long opening the connections may take on the whole.
constexpr Nanos kWarmTime = 30 * harness::kSecond;
// Standard streams, files, the loop's own; each request needs one descriptor more.
constexpr rlim_t kOtherDescriptors = 128;

void allow_descriptors(int connections) {
  rlimit limit{};
  const rlim_t wanted = static_cast<rlim_t>(connections) + kOtherDescriptors;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
  // Refused: the loop says what is wrong when descriptors run out.
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Swallows the answer to a probe.
class Probe final : public HttpListener {
 public:
  Probe(int& open, std::vector<HttpReply>& replies) : open_(open), replies_(replies) {}
  void body(std::string_view, std::span<const Read>) override {}
  void done(const HttpReply& reply) override {
    --open_;
    replies_.push_back(reply);
  }

 private:
  int& open_;
  std::vector<HttpReply>& replies_;
};

std::optional<FailureClass> failure_of(HttpEnd end) {
  switch (end) {
    case HttpEnd::kComplete:
    case HttpEnd::kCut:
      return std::nullopt;
    case HttpEnd::kConnectFailed:
    case HttpEnd::kReset:
      return FailureClass::kConnect;
    case HttpEnd::kMalformed:
    case HttpEnd::kTooLarge:
      return FailureClass::kProtocol;
    case HttpEnd::kConnectTimeout:
      return FailureClass::kTimeoutConnect;
    case HttpEnd::kIdleTimeout:
    case HttpEnd::kContentTimeout:
      return FailureClass::kTimeoutIdle;
    case HttpEnd::kTotalTimeout:
      return FailureClass::kTimeoutTotal;
    case HttpEnd::kCancelled:
      return FailureClass::kCancelled;
  }
  return FailureClass::kProtocol;
}

// A server that keeps the connection open after its last word has answered all the same.
bool answered_in_time(HttpEnd end, const OpenAiChatDecoder& decoder) {
  return decoder.terminated() && (end == HttpEnd::kIdleTimeout || end == HttpEnd::kContentTimeout ||
                                  end == HttpEnd::kTotalTimeout);
}

void replace_all(std::string& text, const std::string& what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
}

}  // namespace

std::string url_under(const std::string& base_url, const std::string& path) {
  const auto question = base_url.find('?');
  std::string url = base_url.substr(0, question);
  while (url.ends_with('/')) url.pop_back();
  url += path;
  if (question != std::string::npos) url += base_url.substr(question);
  return url;
}

class OpenAiAdapter::Exchange final : public HttpListener {
 public:
  Exchange(OpenAiAdapter& owner, std::string id, harness::Sink& sink)
      : owner_(owner), id_(std::move(id)), sink_(sink), decoder_(owner.reader_) {}

  void body(std::string_view bytes, std::span<const Read> reads) override {
    decoder_.feed(bytes, reads);
  }

  std::optional<Nanos> last_content() const override { return decoder_.last_content(); }

  void done(const HttpReply& reply) override {
    Completion completion = decode(reply);
    completion.timeline.sent = reply.sent;
    completion.timeline.first_byte = reply.first_byte;
    completion.timeline.done = reply.done;
    completion.reused_connection = reply.reused;
    owner_.redact(completion);
    const std::string id = id_;
    harness::Sink& sink = sink_;
    // Forgets this exchange first: the sink may submit the next request at once.
    const auto self = owner_.exchanges_.extract(id);
    sink.complete(id, std::move(completion));
  }

  HttpClient::Id http = 0;

 private:
  Completion decode(const HttpReply& reply) {
    const ReplyHead head{reply.status, reply.retry_after, reply.retry_after_ms, reply.date,
                         reply.location};
    const bool in_time = answered_in_time(reply.end, decoder_);
    Completion completion = decoder_.finish(head, reply.end != HttpEnd::kComplete);
    const auto failure = failure_of(reply.end);
    if (failure && !in_time) {
      completion.failure =
          harness::Failure{*failure, reply.status, reply.error, retry_after_seconds(head)};
    }
    if (completion.failure && !reply.request_id.empty()) {
      completion.notes.push_back("x-request-id " + reply.request_id);
    }
    return completion;
  }

  OpenAiAdapter& owner_;
  std::string id_;
  harness::Sink& sink_;
  OpenAiChatDecoder decoder_;
};

OpenAiAdapter::OpenAiAdapter(OpenAiEndpoint endpoint, const harness::AdapterContext& context)
    : endpoint_(std::move(endpoint)),
      loop_(context.loop),
      where_(context.where),
      url_(url_under(endpoint_.base_url, "/chat/completions")) {}

OpenAiAdapter::~OpenAiAdapter() {
  close();
}

harness::Facts OpenAiAdapter::open(int connections) {
  allow_descriptors(connections);
  HttpSettings settings;
  settings.connections = static_cast<std::size_t>(std::max(connections, 1));
  settings.proxy = endpoint_.proxy;
  settings.no_proxy = endpoint_.no_proxy;
  settings.user_agent = std::string("pingjia/") + harness::kVersion;
  client_ = std::make_unique<HttpClient>(loop_, settings);
  const int warmed = warm(std::max(connections, 1));
  harness::Facts facts;
  facts.engine = "openai chat";
  facts.model = endpoint_.style.model;
  facts.device = "remote";
  facts.details = nlohmann::json{
      {"provider", endpoint_.provider},
      {"base_url", endpoint_.base_url},
      {"stream", endpoint_.style.stream},
      {"connections_warmed",
       warmed}}.dump();
  return facts;
}

// As many cheap requests at once as there will be requests in flight, so that every handshake is
// done before the clock starts.
int OpenAiAdapter::warm(int connections) {
  int open = connections;
  std::vector<HttpReply> replies;
  Probe probe(open, replies);
  HttpRequest request;
  request.method = "GET";
  request.url = url_under(endpoint_.base_url, endpoint_.probe);
  request.headers = endpoint_.headers;
  request.limits = endpoint_.limits;
  request.limits.content = 0;
  request.limits.total = kWarmTime;
  for (int i = 0; i < connections; ++i) client_->start(request, probe);
  // The probe counts `open` down as its answers come in.
  while (open > 0) loop_.turn(loop_.now() + kWarmTime);  // NOLINT(bugprone-infinite-loop)
  int warmed = 0;
  const HttpReply* failed = nullptr;
  for (const auto& reply : replies) {
    if (reply.status == 401 && !endpoint_.key_env.empty()) {
      throw harness::Error(where_, "the key in " + endpoint_.key_env + " was refused (401)",
                           "set it to a valid key of " + endpoint_.base_url);
    }
    if (reply.status > 0) ++warmed;
    if (reply.status == 0) failed = &reply;
  }
  if (warmed == 0 && failed != nullptr) {
    throw harness::Error(where_, "cannot reach " + endpoint_.base_url + ": " + failed->error,
                         "start the server, or correct base_url");
  }
  return warmed;
}

void OpenAiAdapter::submit(const harness::Request& request, harness::Sink& sink) {
  if (request.mode == harness::Mode::kLoglikelihood) {
    return refuse(request, sink, "the OpenAI chat dialect scores no continuations");
  }
  if (request.sampling.top_k != 0 && request.sampling.temperature > 0 &&
      endpoint_.style.top_k_field.empty()) {
    return refuse(request, sink, "this endpoint knows no top_k; set \"top_k_field\" if it does");
  }
  auto exchange = std::make_unique<Exchange>(*this, request.id, sink);
  HttpRequest http;
  http.url = url_;
  http.headers = endpoint_.headers;
  http.body = encode_openai_chat(request, endpoint_.style);
  http.limits = endpoint_.limits;
  http.limits.total = request.timeout;
  // A reply in one piece has no content before its end.
  if (!endpoint_.style.stream) http.limits.content = 0;
  Exchange& listener = *exchange;
  exchanges_.emplace(request.id, std::move(exchange));
  listener.http = client_->start(std::move(http), listener);
}

void OpenAiAdapter::refuse(const harness::Request& request, harness::Sink& sink,
                           const std::string& why) {
  const Nanos now = loop_.now();
  const auto answer = [this, id = request.id, &sink, now, why] {
    refusals_.erase(id);
    Completion completion;
    completion.timeline.sent = now;
    completion.timeline.done = loop_.now();
    completion.usage.maker = "none";
    completion.failure = harness::Failure{FailureClass::kUnsupported, 0, why, std::nullopt};
    sink.complete(id, std::move(completion));
  };
  refusals_[request.id] = loop_.call_at(now, answer);
}

void OpenAiAdapter::cancel(const std::string& request_id) {
  const auto found = exchanges_.find(request_id);
  if (found != exchanges_.end()) client_->cancel(found->second->http);
}

harness::Closing OpenAiAdapter::close() {
  client_.reset();
  exchanges_.clear();
  for (const auto& [id, timer] : refusals_) loop_.cancel(timer);
  refusals_.clear();
  return {};
}

// An error text may repeat the request's headers, and a server in a test all of them.
void OpenAiAdapter::redact(Completion& completion) const {
  for (const auto& secret : endpoint_.secrets) {
    for (auto* text : {&completion.text, &completion.reasoning, &completion.finish_raw,
                       &completion.usage.raw, &completion.model}) {
      replace_all(*text, secret, "[key]");
    }
    if (completion.failure) replace_all(completion.failure->message, secret, "[key]");
    for (auto& note : completion.notes) replace_all(note, secret, "[key]");
  }
}

std::unique_ptr<harness::Adapter> make_openai(const nlohmann::json& options,
                                              const harness::AdapterContext& context) {
  return std::make_unique<OpenAiAdapter>(read_openai_options(options, context), context);
}

}  // namespace pingjia::adapters
