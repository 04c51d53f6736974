#include "adapters/http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <exception>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "adapters/http/transfer.h"
#include "harness/base/error.h"

namespace pingjia::adapters {

namespace {

using harness::Nanos;

void start_curl_once() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) {
    throw harness::Error("http client", "libcurl does not start", "check the libcurl installation");
  }
}

}  // namespace

struct HttpClient::Impl {
  Impl(harness::Loop& the_loop, HttpSettings the_settings);
  ~Impl();

  Id start(HttpRequest request, HttpListener& listener);
  void cancel(Id id);

  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void*);
  static int on_timer(CURLM*, long timeout_ms, void* user);

  void act(curl_socket_t socket, int bits);
  void settle_soon();
  void settle();
  void collect();
  void flush(Transfer& transfer);
  void end(Transfer& transfer, HttpEnd how, std::string error);
  void detach(Transfer& transfer);
  void check_limits(Id id);
  void arm_limits(Transfer& transfer);
  bool connected(const Transfer& transfer) const;

  harness::Loop& loop;
  HttpSettings settings;
  CURLM* multi = nullptr;
  std::vector<CURL*> spare;
  // Buffers of ended transfers, whose memory is warm.
  std::vector<std::pair<std::string, std::vector<Read>>> spare_buffers;
  std::unordered_map<Id, std::unique_ptr<Transfer>> transfers;
  std::vector<Id> flushes;
  std::vector<Id> ended;
  // Whose socket the loop would not watch, and why.
  std::vector<std::pair<Id, std::string>> unwatched;
  Id next = 1;
  Nanos stamp = 0;
  int attached = 0;
  std::optional<harness::TimerId> curl_timer;
  std::optional<harness::TimerId> settle_timer;
};

HttpClient::Impl::Impl(harness::Loop& the_loop, HttpSettings the_settings)
    : loop(the_loop), settings(std::move(the_settings)) {
  start_curl_once();
  multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(settings.connections + 8));
}

HttpClient::Impl::~Impl() {
  for (auto& [id, transfer] : transfers) {
    detach(*transfer);
    if (transfer->limit) loop.cancel(*transfer->limit);
  }
  for (CURL* easy : spare) curl_easy_cleanup(easy);
  // Closes the pooled connections, whose sockets may still be watched.
  curl_multi_cleanup(multi);
  if (curl_timer) loop.cancel(*curl_timer);
  if (settle_timer) loop.cancel(*settle_timer);
}

int HttpClient::Impl::on_socket(CURL* easy, curl_socket_t socket, int what, void* user, void*) {
  auto& self = *static_cast<Impl*>(user);
  if (what == CURL_POLL_REMOVE) {
    self.loop.unwatch(socket);
    return 0;
  }
  unsigned interest = 0;
  if (what & CURL_POLL_IN) interest |= harness::kReadable;
  if (what & CURL_POLL_OUT) interest |= harness::kWritable;
  const auto ready_now = [&self, socket](unsigned ready) {
    self.stamp = self.loop.now();
    int bits = 0;
    if (ready & harness::kReadable) bits |= CURL_CSELECT_IN;
    if (ready & harness::kWritable) bits |= CURL_CSELECT_OUT;
    // A hang-up must be read to be seen: curl takes the bytes before it, then the end.
    if (ready & harness::kClosed) bits |= CURL_CSELECT_IN;
    self.act(socket, bits);
  };
  try {
    self.loop.watch(socket, interest, ready_now);
  } catch (const std::exception& failed) {
    // Nothing may be thrown through curl's C frames; the request fails once they are left.
    Transfer* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    if (transfer != nullptr) self.unwatched.emplace_back(transfer->id, failed.what());
    self.settle_soon();
  }
  return 0;
}

int HttpClient::Impl::on_timer(CURLM*, long timeout_ms, void* user) {
  auto& self = *static_cast<Impl*>(user);
  if (self.curl_timer) self.loop.cancel(*self.curl_timer);
  self.curl_timer.reset();
  if (timeout_ms < 0) return 0;
  self.curl_timer =
      self.loop.call_at(self.loop.now() + timeout_ms * harness::kMillisecond, [&self] {
        self.curl_timer.reset();
        self.stamp = self.loop.now();
        self.act(CURL_SOCKET_TIMEOUT, 0);
      });
  return 0;
}

void HttpClient::Impl::act(curl_socket_t socket, int bits) {
  int running = 0;
  curl_multi_socket_action(multi, socket, bits, &running);
  if (running < attached) settle_soon();
}

void HttpClient::Impl::settle_soon() {
  // Due now: it runs after the ready list of this turn.
  if (!settle_timer) settle_timer = loop.call_at(stamp, [this] { settle(); });
}

void HttpClient::Impl::settle() {
  settle_timer.reset();
  collect();
  for (auto& [id, why] : std::exchange(unwatched, {})) {
    const auto found = transfers.find(id);
    if (found != transfers.end()) end(*found->second, HttpEnd::kConnectFailed, std::move(why));
  }
  for (const Id id : std::exchange(flushes, {})) {
    const auto found = transfers.find(id);
    if (found == transfers.end()) continue;
    found->second->flushing = false;
    flush(*found->second);
  }
  for (const Id id : std::exchange(ended, {})) {
    const auto found = transfers.find(id);
    if (found == transfers.end()) continue;
    const auto transfer = std::move(found->second);
    transfers.erase(found);
    flush(*transfer);
    spare_buffers.emplace_back(std::move(transfer->bytes), std::move(transfer->reads));
    transfer->listener->done(transfer->reply);
  }
}

void HttpClient::Impl::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    const CURLcode code = message->data.result;
    const auto how = end_of(code, transfer->reply.first_byte.has_value());
    end(*transfer, how, code == CURLE_OK ? "" : curl_easy_strerror(code));
  }
}

void HttpClient::Impl::flush(Transfer& transfer) {
  if (transfer.bytes.empty()) return;
  const auto size = transfer.bytes.size();
  transfer.bytes.append(kReadPadding, '\0');
  transfer.listener->body({transfer.bytes.data(), size}, transfer.reads);
  transfer.bytes.clear();
  transfer.reads.clear();
}

void HttpClient::Impl::end(Transfer& transfer, HttpEnd how, std::string error) {
  if (transfer.ended) return;
  transfer.ended = true;
  HttpReply& reply = transfer.reply;
  reply.end = how;
  reply.error = std::move(error);
  long status = 0;
  long connects = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(transfer.easy, CURLINFO_NUM_CONNECTS, &connects);
  reply.status = static_cast<int>(status);
  reply.reused = connects == 0 && reply.first_byte.has_value();
  // A complete reply ended with its last byte; anything else ended when it was noticed.
  reply.done = how == HttpEnd::kComplete ? transfer.last_byte : loop.now();
  detach(transfer);
  if (transfer.limit) loop.cancel(*transfer.limit);
  transfer.limit.reset();
  ended.push_back(transfer.id);
  settle_soon();
}

void HttpClient::Impl::detach(Transfer& transfer) {
  if (transfer.easy == nullptr) return;
  curl_multi_remove_handle(multi, transfer.easy);
  --attached;
  curl_slist_free_all(transfer.headers);
  transfer.headers = nullptr;
  spare.push_back(transfer.easy);
  transfer.easy = nullptr;
}

bool HttpClient::Impl::connected(const Transfer& transfer) const {
  curl_off_t ready_us = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
  return ready_us > 0;
}

void HttpClient::Impl::arm_limits(Transfer& transfer) {
  const HttpLimits& limits = transfer.request.limits;
  const Nanos sent = transfer.reply.sent;
  Nanos due = 0;
  const auto earliest = [&due](Nanos since, Nanos limit) {
    if (limit > 0 && (due == 0 || since + limit < due)) due = since + limit;
  };
  if (!connected(transfer)) earliest(sent, limits.connect);
  earliest(transfer.last_byte, limits.idle);
  earliest(std::max(sent, transfer.listener->last_content().value_or(sent)), limits.content);
  earliest(sent, limits.total);
  if (due == 0) return;
  transfer.limit = loop.call_at(due, [this, id = transfer.id] { check_limits(id); });
}

// Limits cost nothing while bytes flow: one timer a request, which looks when it rings and sets
// itself anew.
void HttpClient::Impl::check_limits(Id id) {
  const auto found = transfers.find(id);
  if (found == transfers.end() || found->second->ended) return;
  Transfer& transfer = *found->second;
  transfer.limit.reset();
  const HttpLimits& limits = transfer.request.limits;
  const Nanos now = loop.now();
  const Nanos sent = transfer.reply.sent;
  const auto passed = [now](Nanos since, Nanos limit) { return limit > 0 && now >= since + limit; };
  if (passed(sent, limits.total))
    return end(transfer, HttpEnd::kTotalTimeout, "no complete answer");
  if (passed(sent, limits.connect) && !connected(transfer)) {
    return end(transfer, HttpEnd::kConnectTimeout, "no connection");
  }
  if (passed(transfer.last_byte, limits.idle)) {
    return end(transfer, HttpEnd::kIdleTimeout, "no byte came");
  }
  if (limits.content > 0) {
    flush(transfer);
    if (transfer.ended) return;
    if (passed(std::max(sent, transfer.listener->last_content().value_or(sent)), limits.content)) {
      return end(transfer, HttpEnd::kContentTimeout, "the connection lives, but no content came");
    }
  }
  arm_limits(transfer);
}

HttpClient::Id HttpClient::Impl::start(HttpRequest request, HttpListener& listener) {
  auto owned = std::make_unique<Transfer>();
  Transfer& transfer = *owned;
  transfer.id = next++;
  transfer.request = std::move(request);
  transfer.listener = &listener;
  transfer.stamp = &stamp;
  transfer.cap = settings.body_cap;
  transfer.full = [this](Transfer& grown) {
    grown.flushing = true;
    flushes.push_back(grown.id);
    settle_soon();
  };
  if (spare.empty()) {
    transfer.easy = curl_easy_init();
  } else {
    transfer.easy = spare.back();
    spare.pop_back();
    curl_easy_reset(transfer.easy);
  }
  if (!spare_buffers.empty()) {
    std::tie(transfer.bytes, transfer.reads) = std::move(spare_buffers.back());
    spare_buffers.pop_back();
  }
  configure(transfer, settings);
  transfers.emplace(transfer.id, std::move(owned));
  transfer.reply.sent = loop.now();
  transfer.last_byte = transfer.reply.sent;
  ++attached;
  // Sends nothing yet: curl sets its timer to now, so the request leaves with the next turn.
  curl_multi_add_handle(multi, transfer.easy);
  arm_limits(transfer);
  return transfer.id;
}

void HttpClient::Impl::cancel(Id id) {
  const auto found = transfers.find(id);
  if (found == transfers.end() || found->second->ended) return;
  end(*found->second, HttpEnd::kCancelled, "cancelled");
}

HttpClient::HttpClient(harness::Loop& loop, const HttpSettings& settings)
    : impl_(std::make_unique<Impl>(loop, settings)) {}

HttpClient::~HttpClient() = default;

HttpClient::Id HttpClient::start(HttpRequest request, HttpListener& listener) {
  return impl_->start(std::move(request), listener);
}

void HttpClient::cancel(Id id) {
  impl_->cancel(id);
}

std::size_t HttpClient::active() const {
  return impl_->transfers.size();
}

}  // namespace pingjia::adapters
