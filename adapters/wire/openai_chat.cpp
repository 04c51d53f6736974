#include "adapters/wire/openai_chat.h"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/wire/openai_usage.h"
#include "adapters/wire/unescape.h"
#include "harness/base/utf8.h"

namespace pingjia::adapters {

namespace {

using harness::FailureClass;
using harness::Finish;
using nlohmann::json;

// Enough of a body that is neither a stream nor JSON to say what it was.
constexpr std::size_t kHeadBytes = 4096;

std::string_view without_space(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

Finish finish_of_openai(std::string_view reason) {
  if (reason == "stop" || reason == "eos_token" || reason == "stop_sequence") return Finish::kStop;
  if (reason == "length" || reason == "model_length") return Finish::kLength;
  if (reason == "tool_calls" || reason == "function_call") return Finish::kToolCalls;
  if (reason == "content_filter") return Finish::kContentFilter;
  return Finish::kUnknown;
}

// Finish reasons by which an engine says that it gave up.
std::optional<FailureClass> failure_of_finish(std::string_view reason) {
  if (reason == "error" || reason == "abort" || reason == "parse_error") {
    return FailureClass::kServer;
  }
  if (reason == "insufficient_system_resource") return FailureClass::kOverloaded;
  return std::nullopt;
}

std::string beginning(std::string_view bytes) {
  constexpr std::size_t kShown = 120;
  return harness::valid_utf8(bytes.substr(0, kShown)) + (bytes.size() > kShown ? "…" : "");
}

}  // namespace

std::string encode_openai_chat(const harness::Request& request, const OpenAiChatStyle& style) {
  const harness::Sampling& sampling = request.sampling;
  json body = {{"model", style.model}, {"messages", json::array()}};
  for (const auto& message : request.messages) {
    body["messages"].push_back({{"role", message.role}, {"content", message.content}});
  }
  if (!style.max_tokens_field.empty()) body[style.max_tokens_field] = sampling.max_tokens;
  body["temperature"] = sampling.temperature;
  if (sampling.top_p != 1) body["top_p"] = sampling.top_p;
  if (sampling.top_k != 0 && !style.top_k_field.empty()) body[style.top_k_field] = sampling.top_k;
  // Seeds are kept to 31 bits: some servers hold them in an int.
  if (!style.seed_field.empty()) body[style.seed_field] = sampling.seed & 0x7fffffffU;
  if (!sampling.stop.empty()) body["stop"] = sampling.stop;
  if (style.stream) body["stream"] = true;
  if (style.stream && style.include_usage) body["stream_options"] = {{"include_usage", true}};
  body.merge_patch(json::parse(style.extra_body));
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

void OpenAiChatDecoder::sniff(std::string_view piece) {
  std::string_view seen = without_space(piece);
  if (seen.starts_with("\xEF\xBB\xBF")) seen = without_space(seen.substr(3));
  if (seen.empty()) return;
  form_ = seen.front() == '{' || seen.front() == '[' ? Form::kJson : Form::kStream;
}

void OpenAiChatDecoder::feed(std::string_view piece, std::span<const Read> reads) {
  if (!reads.empty()) last_read_ = reads.back().at;
  if (form_ == Form::kUnknown) sniff(piece);
  if (form_ == Form::kJson) {
    whole_.append(piece);
    return;
  }
  if (whole_.size() < kHeadBytes) whole_.append(piece.substr(0, kHeadBytes - whole_.size()));
  feed_stream(piece, reads);
}

void OpenAiChatDecoder::feed_stream(std::string_view piece, std::span<const Read> reads) {
  parser_.feed(piece);
  SseEvent event;
  std::size_t read = 0;
  while (parser_.next(event)) {
    while (read + 1 < reads.size() && reads[read].end < event.end) ++read;
    feed_event(event.data, event.type, reads.empty() ? 0 : reads[read].at);
  }
}

void OpenAiChatDecoder::feed_event(std::string_view json, std::string_view type,
                                   harness::Nanos at) {
  if (form_ == Form::kUnknown) form_ = Form::kStream;
  ++events_;
  if (json.starts_with("[DONE]")) {
    done_seen_ = true;
    return;
  }
  // An empty event carries nothing; some proxies send them to keep a connection open.
  if (json.empty()) return;
  const ChunkNews news = reader_.read(json, parts_);
  if (!news.valid && bad_event_.empty()) bad_event_ = beginning(json);
  if (type == "error" && parts_.error_json.empty()) parts_.error_json = json;
  stamp(news, at);
}

void OpenAiChatDecoder::stamp(const ChunkNews& news, harness::Nanos at) {
  if (news.choice && !timeline_.first_event) timeline_.first_event = at;
  if (!news.visible && !news.reasoning) return;
  if (!timeline_.first_token) timeline_.first_token = at;
  if (news.visible && !timeline_.first_visible) timeline_.first_visible = at;
  timeline_.last_token = at;
  if (timeline_.arrivals.empty() || timeline_.arrivals.back().at != at) {
    timeline_.arrivals.push_back({at, 0});
  }
  ++timeline_.arrivals.back().events;
}

void OpenAiChatDecoder::fail(harness::Completion& completion, FailureClass kind, int status,
                             const std::string& message) const {
  harness::Failure failure;
  failure.kind = kind;
  failure.http_status = status;
  failure.message = message;
  completion.failure = std::move(failure);
}

void OpenAiChatDecoder::fill(harness::Completion& completion) {
  if (parts_.broken_surrogates) {
    for (auto* text : {&parts_.text, &parts_.reasoning, &parts_.refusal}) mend_surrogates(*text);
  }
  completion.text = std::move(parts_.text);
  completion.reasoning = std::move(parts_.reasoning);
  completion.model = std::move(parts_.model);
  completion.service_tier = std::move(parts_.service_tier);
  completion.finish_raw = parts_.finish;
  completion.finish = finish_of_openai(parts_.finish);
  if (!parts_.refusal.empty()) {
    completion.finish = Finish::kRefusal;
    if (completion.text.empty()) completion.text = std::move(parts_.refusal);
  }
  OpenAiUsage counted = read_openai_usage(parts_.usage_json, parts_.timings_json);
  completion.usage = std::move(counted.usage);
  completion.server = std::move(counted.timings);
  completion.notes = std::move(counted.notes);
  completion.timeline = std::move(timeline_);
}

void OpenAiChatDecoder::finish_json(const ReplyHead& head, bool cut,
                                    harness::Completion& completion) {
  const auto size = whole_.size();
  whole_.append(kReadPadding, '\0');
  const std::string_view json(whole_.data(), size);
  const ChunkNews news = reader_.read(json, parts_);
  stamp(news, last_read_);
  fill(completion);
  if (!parts_.error_json.empty()) {
    completion.failure = openai_failure(head, parts_.error_json);
  } else if (!news.valid) {
    fail(completion, cut ? FailureClass::kTruncatedStream : FailureClass::kProtocol, head.status,
         (cut ? "the reply was cut short: " : "the reply is not valid JSON: ") + beginning(json));
  } else if (!news.choice) {
    // Some say what went wrong without the word "error": {"code":…,"message":…} under status 200.
    completion.failure = openai_failure(head, json);
    completion.failure->kind = FailureClass::kProtocol;
  }
}

void OpenAiChatDecoder::finish_stream(const ReplyHead& head, bool cut,
                                      harness::Completion& completion) {
  SseEvent tail;
  if (parser_.finish(tail)) {
    unterminated_ = true;
    // A tail that is no JSON is an event the end of the stream cut in two, not a bad one.
    const bool bad_before = !bad_event_.empty();
    feed_event(tail.data, tail.type, last_read_);
    if (!bad_before) bad_event_.clear();
  }
  const bool finished = done_seen_ || !parts_.finish.empty();
  const std::string error = parts_.error_json;
  fill(completion);
  if (!error.empty()) {
    completion.failure = openai_failure(head, error);
  } else if (!bad_event_.empty()) {
    fail(completion, FailureClass::kProtocol, head.status, "an event is not JSON: " + bad_event_);
  } else if (const auto given_up = failure_of_finish(parts_.finish)) {
    fail(completion, *given_up, head.status,
         "the server ended with finish_reason '" + parts_.finish + "'");
  } else if (!finished && events_ == 0 && parser_.fields() == 0 && !cut && !whole_.empty() &&
             parser_.comments() == 0) {
    fail(completion, FailureClass::kProtocol, head.status,
         "neither events nor JSON: " + beginning(whole_));
  } else if (!finished) {
    fail(completion, FailureClass::kTruncatedStream, head.status,
         "the stream ended without [DONE] or a finish reason after " + std::to_string(events_) +
             " events");
  }
  if (unterminated_) completion.notes.push_back("the last event had no blank line");
  if (finished && !done_seen_) completion.notes.push_back("no [DONE]");
  if (finished && parts_.finish.empty()) completion.notes.push_back("no finish reason");
  if (finished && cut) completion.notes.push_back("the connection was cut after the finish");
}

harness::Completion OpenAiChatDecoder::finish(const ReplyHead& head, bool cut) {
  harness::Completion completion;
  if (head.status < 200 || head.status >= 300) {
    completion.failure = openai_failure(head, without_space(whole_));
    completion.usage.maker = "none";
    return completion;
  }
  if (form_ == Form::kJson) {
    finish_json(head, cut, completion);
  } else {
    finish_stream(head, cut, completion);
  }
  return completion;
}

harness::Completion decode_openai(std::string_view body) {
  ChunkReader reader;
  OpenAiChatDecoder decoder(reader);
  std::string padded(body);
  padded.append(kReadPadding, '\0');
  const std::string_view bytes(padded.data(), body.size());
  const auto start = without_space(bytes);
  const auto first_line = start.substr(0, start.find('\n'));
  // One event a line, its framing stripped: the first line is a whole value, and more follows.
  const bool lines = start.starts_with('{') && json::accept(first_line) &&
                     !without_space(start.substr(first_line.size())).empty();
  if (!lines) {
    const Read read{0, bytes.size()};
    decoder.feed(bytes, {&read, 1});
    return decoder.finish({}, false);
  }
  for (std::size_t at = 0; at < start.size();) {
    const auto line = start.substr(at, start.find('\n', at) - at);
    at += line.size() + 1;
    const auto event = without_space(line);
    if (!event.empty()) decoder.feed_event(event, "", 0);
  }
  auto completion = decoder.finish({}, false);
  // What was stripped with the framing is not missing.
  std::erase(completion.notes, "no [DONE]");
  return completion;
}

}  // namespace pingjia::adapters
