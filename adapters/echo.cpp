#include "adapters/echo.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/timed_flights.h"
#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/utf8.h"
#include "harness/base/version.h"

namespace pingjia::adapters {

using harness::Completion;
using harness::FailureClass;
using harness::Nanos;

namespace {

constexpr double kLongestDelay = 3.6e6;

struct EchoOptions {
  std::string text = "{question}";
  std::optional<std::int64_t> tokens;
  Nanos delay = 0;
  Nanos interval = 0;
  std::int64_t choose = 0;
  std::int64_t fail_every = 0;
  FailureClass fail_class = FailureClass::kOverloaded;
};

std::string replaced(std::string text, std::string_view mark, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += by.size()) {
    text.replace(at, mark.size(), by);
  }
  return text;
}

// Where each word ends, blanks after it included, so that the pieces join to the whole.
std::vector<std::size_t> word_ends(std::string_view text) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    const bool blank = text[i - 1] == ' ' || text[i - 1] == '\n';
    if (i == text.size() || (blank && text[i] != ' ' && text[i] != '\n')) ends.push_back(i);
  }
  return ends;
}

// The text in pieces of whole code points: its words, or `count` pieces of about one size.
std::vector<std::string> pieces_of(const std::string& text, std::optional<std::int64_t> count) {
  std::vector<std::size_t> ends = word_ends(text);
  if (count) {
    ends.clear();
    for (std::int64_t i = 1; i <= *count; ++i) {
      const auto end = text.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(*count);
      ends.push_back(harness::whole_code_points(std::string_view(text).substr(0, end)));
    }
  }
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    pieces.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return pieces;
}

// What is still to be said.
struct Speech {
  std::vector<std::string> pieces;
  std::size_t next = 0;

  bool over() const { return next == pieces.size(); }
};

class Echo final : public harness::Adapter {
 public:
  Echo(harness::Loop& loop, EchoOptions options)
      : loop_(loop), options_(std::move(options)), flights_(loop) {}

  harness::Facts open(int) override;
  void submit(const harness::Request& request, harness::Sink& sink) override;
  void cancel(const std::string& request_id) override { flights_.cancel(request_id); }
  harness::Closing close() override;

 private:
  void prepare(const harness::Request& request, Completion& completion) const;
  std::vector<std::string> answer_pieces(const harness::Request& request, Completion& into) const;
  void step(const std::string& id, const std::shared_ptr<Speech>& speech);
  void say(const std::string& piece, Completion& completion) const;

  harness::Loop& loop_;
  EchoOptions options_;
  std::int64_t submitted_ = 0;
  TimedFlights flights_;
};

harness::Facts Echo::open(int) {
  harness::Facts facts;
  facts.engine = "echo";
  facts.engine_version = harness::kVersion;
  facts.model = "echo";
  facts.device = "none";
  facts.scores_continuations = true;
  facts.test_double = true;
  return facts;
}

void Echo::prepare(const harness::Request& request, Completion& completion) const {
  completion.model = "echo";
  completion.usage.maker = "echo";
  completion.usage.input = 0;
  for (const auto& message : request.messages) {
    *completion.usage.input += static_cast<std::int64_t>(word_ends(message.content).size());
  }
  completion.usage.output = 0;
  completion.finish = harness::Finish::kStop;
  for (std::size_t i = 0; i < request.continuations.size(); ++i) {
    const bool chosen = static_cast<std::int64_t>(i) == options_.choose;
    const std::string& text = request.continuations[i];
    completion.scores.push_back({chosen ? -1.0 : -2.0, static_cast<int>(word_ends(text).size()),
                                 static_cast<int>(text.size()), chosen});
  }
}

std::vector<std::string> Echo::answer_pieces(const harness::Request& request,
                                             Completion& into) const {
  std::string question;
  for (const auto& message : request.messages) {
    if (message.role == "user") question = message.content;
  }
  std::string text = replaced(options_.text, "{question}", question);
  for (const std::string& stop : request.sampling.stop) {
    if (!stop.empty()) text.resize(std::min(text.size(), text.find(stop)));
  }
  auto pieces = pieces_of(text, options_.tokens);
  const auto most = static_cast<std::size_t>(std::max(0, request.sampling.max_tokens));
  if (pieces.size() > most) {
    pieces.resize(most);
    into.finish = harness::Finish::kLength;
  }
  return pieces;
}

void Echo::submit(const harness::Request& request, harness::Sink& sink) {
  const std::string id = request.id;
  Completion& completion = flights_.begin(id, sink);
  prepare(request, completion);
  const auto speech = std::make_shared<Speech>();
  if (request.mode == harness::Mode::kGenerate) {
    speech->pieces = answer_pieces(request, completion);
  }
  ++submitted_;
  const bool fails = options_.fail_every > 0 && submitted_ % options_.fail_every == 0;
  flights_.call_at(id, completion.timeline.sent + options_.delay, [this, id, fails, speech] {
    if (fails) {
      flights_.fail(id, options_.fail_class, "fails as its options say");
    } else {
      step(id, speech);
    }
  });
  flights_.limit(id, request.timeout);
}

void Echo::step(const std::string& id, const std::shared_ptr<Speech>& speech) {
  Completion& completion = flights_.completion(id);
  auto& timeline = completion.timeline;
  const Nanos now = loop_.now();
  if (!timeline.first_byte) timeline.first_byte = timeline.first_event = now;
  do {
    if (!speech->over()) say(speech->pieces[speech->next++], completion);
  } while (options_.interval == 0 && !speech->over());
  if (!speech->over()) {
    flights_.call_at(id, now + options_.interval, [this, id, speech] { step(id, speech); });
    return;
  }
  completion.finish_raw = harness::finish_name(completion.finish);
  timeline.done = loop_.now();
  flights_.answer(id);
}

void Echo::say(const std::string& piece, Completion& completion) const {
  auto& timeline = completion.timeline;
  const Nanos now = loop_.now();
  completion.text += piece;
  ++*completion.usage.output;
  if (piece.empty()) return;
  if (!timeline.first_token) timeline.first_token = timeline.first_visible = now;
  timeline.last_token = now;
  if (timeline.arrivals.empty() || timeline.arrivals.back().at != now) {
    timeline.arrivals.push_back({now, 0});
  }
  ++timeline.arrivals.back().events;
}

harness::Closing Echo::close() {
  flights_.forget_all();
  return {};
}

FailureClass fail_class_of(harness::Fields& fields) {
  const auto name = fields.optional_text("fail_class");
  if (!name) return FailureClass::kOverloaded;
  const auto kind = harness::failure_class(*name);
  if (!kind) {
    throw harness::Error(fields.where("fail_class"), "unknown failure class '" + *name + "'",
                         "pingjia help records lists them");
  }
  return *kind;
}

}  // namespace

std::unique_ptr<harness::Adapter> make_echo(const nlohmann::json& options,
                                            const harness::AdapterContext& context) {
  harness::Fields fields(options, context.where);
  const auto nanos = [&](const char* key) {
    return static_cast<Nanos>(fields.optional_number(key, 0, kLongestDelay).value_or(0) * 1e6);
  };
  EchoOptions echo;
  echo.text = fields.optional_text("text").value_or(echo.text);
  echo.tokens = fields.optional_integer("tokens", 1, 1'000'000);
  echo.delay = nanos("delay_ms");
  echo.interval = nanos("interval_ms");
  echo.choose = fields.optional_integer("choose", 0).value_or(0);
  echo.fail_every = fields.optional_integer("fail_every", 0).value_or(0);
  echo.fail_class = fail_class_of(fields);
  fields.done();
  return std::make_unique<Echo>(context.loop, echo);
}

}  // namespace pingjia::adapters
