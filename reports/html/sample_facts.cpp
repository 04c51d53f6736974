#include "reports/html/sample_facts.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <type_traits>

#include "reports/html/json_string.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Completion;
using harness::Nanos;
using harness::Record;
using harness::Request;
using harness::Timeline;
using harness::Usage;

namespace {

constexpr std::size_t kLongestFact = 2'000;  // Bytes; a provider's usage object has some hundreds.

// Writes one JSON object, member by member. A page has 200,000 of them: no tree is built.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  ~Object() { out_ += '}'; }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  void name(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  template <class T>
  void number(std::string_view key, T value) {
    if constexpr (std::is_floating_point_v<T>) {
      if (!std::isfinite(value)) return;  // JSON has no such number.
    }
    name(key);
    fmt::format_to(std::back_inserter(out_), "{}", value);
  }
  template <class T>
  void number(std::string_view key, const std::optional<T>& value) {
    if (value) number(key, *value);
  }
  void text(std::string_view key, std::string_view value) {
    name(key);
    append_json_string(out_, visible_excerpt(value, kLongestFact, Breaks::kKeep).text);
  }
  void text_if_any(std::string_view key, std::string_view value) {
    if (!value.empty()) text(key, value);
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void texts(std::string& out, const std::vector<std::string>& list) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, visible_excerpt(list[i], kLongestFact, Breaks::kKeep).text);
  }
  out += ']';
}

void write_request(std::string& out, const Record& record) {
  const Request& request = record.request;
  Object object(out);
  object.number("attempt", record.key.attempt + 1);
  const bool generates = request.mode == harness::Mode::kGenerate;
  object.text("mode", generates ? "generate" : "loglikelihood");
  if (!generates) return;
  object.number("max_tokens", request.sampling.max_tokens);
  object.number("temperature", request.sampling.temperature);
  object.number("top_p", request.sampling.top_p);
  object.number("top_k", request.sampling.top_k);
  object.number("seed", request.sampling.seed);
  object.name("stop");
  texts(out, request.sampling.stop);
}

void write_usage(std::string& out, const Usage& usage) {
  Object object(out);
  object.text("maker", usage.maker);
  object.number("input", usage.input);
  object.number("cache_read", usage.cache_read);
  object.number("cache_write_5m", usage.cache_write_5m);
  object.number("cache_write_1h", usage.cache_write_1h);
  object.number("input_audio", usage.input_audio);
  object.number("input_image", usage.input_image);
  object.number("output", usage.output);
  object.number("reasoning", usage.reasoning);
  object.number("output_audio", usage.output_audio);
  object.number("output_image", usage.output_image);
  if (!usage.adds_up) object.number("adds_up", false);
  object.text_if_any("reported_usd", usage.reported_usd);
  object.text_if_any("raw", usage.raw);
}

void write_times(std::string& out, const Timeline& timeline) {
  Object object(out);
  const auto at = [&](std::string_view name, const std::optional<Nanos>& when) {
    // Whole microseconds; the journal has the nanoseconds.
    if (when) {
      object.number(name, std::round(static_cast<double>(*when - timeline.due) / 1e3) / 1e3);
    }
  };
  at("sent", timeline.sent);
  at("first_byte", timeline.first_byte);
  at("first_event", timeline.first_event);
  at("first_token", timeline.first_token);
  at("first_visible", timeline.first_visible);
  at("last_token", timeline.last_token);
  at("done", timeline.done);
  object.number("reads_with_text", timeline.arrivals.size());
}

void write_failure(std::string& out, const harness::Failure& failure) {
  Object object(out);
  object.text("class", failure_name(failure.kind));
  if (failure.http_status != 0) object.number("http_status", failure.http_status);
  object.text("message", failure.message);
  object.number("retry_after_s", failure.retry_after_s);
}

void write_server(std::string& out, const harness::ServerTimings& server) {
  Object object(out);
  object.text("maker", server.maker);
  object.number("queue_s", server.queue_s);
  object.number("prefill_s", server.prefill_s);
  object.number("decode_s", server.decode_s);
}

void write_response(std::string& out, const Completion& completion) {
  Object object(out);
  object.text_if_any("model", completion.model);
  object.text("finish", finish_name(completion.finish));
  object.text_if_any("finish_raw", completion.finish_raw);
  object.text_if_any("service_tier", completion.service_tier);
  if (completion.failure) {
    object.name("failure");
    write_failure(out, *completion.failure);
  }
  object.name("usage");
  write_usage(out, completion.usage);
  object.name("ms_since_due");
  write_times(out, completion.timeline);
  if (!completion.server.maker.empty()) {
    object.name("server");
    write_server(out, completion.server);
  }
  if (completion.reused_connection) object.number("reused_connection", true);
  if (!completion.notes.empty()) {
    object.name("notes");
    texts(out, completion.notes);
  }
}

}  // namespace

void append_sample_facts(std::string& out, const Record& record) {
  Object object(out);
  object.name("request");
  write_request(out, record);
  object.name("response");
  write_response(out, record.completion);
}

}  // namespace pingjia::reports
