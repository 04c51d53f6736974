#include "adapters/http/fetch.h"

#include <utility>

namespace pingjia::adapters {

namespace {

class Collector final : public HttpListener {
 public:
  void body(std::string_view bytes, std::span<const Read>) override { fetched.body += bytes; }
  void done(const HttpReply& reply) override {
    fetched.reply = reply;
    ended = true;
  }

  Fetched fetched;
  bool ended = false;
};

}  // namespace

Fetched fetch(harness::Loop& loop, HttpClient& client, const std::string& url,
              harness::Nanos limit) {
  Collector collector;
  HttpRequest request;
  request.method = "GET";
  request.url = url;
  request.limits.total = limit;
  client.start(std::move(request), collector);
  while (!collector.ended) loop.turn(loop.now() + limit);
  return std::move(collector.fetched);
}

}  // namespace pingjia::adapters
