#include "harness/commands/data_origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_file.h"
#include "harness/spec/data_rows.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;
using Path = std::filesystem::path;

constexpr int kMostAttempts = 6;
// Of the rows API: more is refused (MAX_NUM_ROWS_PER_PAGE).
constexpr std::size_t kPage = 100;

std::string url_part(const std::string& text) {
  std::string escaped;
  for (const unsigned char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    escaped += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return escaped;
}

bool may_pass(int status) {
  return status == 0 || status == 408 || status == 429 || status >= 500;
}

class OriginReader {
 public:
  OriginReader(const World& world, const DataOrigin& origin, Path part)
      : world_(world), origin_(origin), part_(std::move(part)) {}

  OriginFile read() {
    if (!origin_.url.empty()) return read_file_at(origin_.url, "", false);
    if (origin_.path.empty()) return read_rows();
    const auto commit = resolve();
    const auto url =
        fmt::format("{}/datasets/{}/resolve/{}/{}", hub(), origin_.hub, commit, origin_.path);
    return read_file_at(url, commit, true);
  }

 private:
  std::string endpoint(const char* variable, const char* usual) const {
    auto url = world_.environment(variable).value_or(usual);
    while (url.ends_with('/')) url.pop_back();
    return url;
  }
  std::string hub() const { return endpoint("HF_ENDPOINT", "https://huggingface.co"); }

  std::vector<std::string> headers() const {
    if (origin_.token_env.empty()) return {};
    const auto token = world_.environment(origin_.token_env);
    if (!token) {
      throw Error(origin_.hub, "is gated: its publisher asks you to accept terms",
                  "accept them at " + hub() + "/datasets/" + origin_.hub +
                      " and put your token "
                      "into the environment variable " +
                      origin_.token_env);
    }
    return {"Authorization: Bearer " + *token};
  }

  // Waits on the loop, so that time is the world's.
  void wait(Nanos duration) const {
    bool over = false;
    world_.loop.call_at(world_.loop.now() + duration, [&over] { over = true; });
    while (!over) world_.loop.turn(world_.loop.now() + duration);
  }

  static Nanos pause_after(const Downloaded& reply, int attempt) {
    const auto hint = reply.headers.find("retry-after");
    if (hint != reply.headers.end() && !hint->second.empty() && hint->second.size() < 4 &&
        hint->second.find_first_not_of("0123456789") == std::string::npos) {
      return std::min(std::stoll(hint->second), 120LL) * kSecond;
    }
    return kSecond << attempt;
  }

  [[noreturn]] void refuse(const std::string& url, const Downloaded& reply) const {
    std::string mend = "check the connection and fetch again: it goes on where it stopped";
    if (reply.status == 401 || reply.status == 403) {
      mend = origin_.token_env.empty() ? "the data set may be gated: ask its publisher"
                                       : "check the token in " + origin_.token_env +
                                             ", and that its account accepted the terms";
    }
    if (reply.status == 404) mend = "the publisher has moved it: use --from with a copy you have";
    throw Error(url, reply.status == 0 ? reply.error : fmt::format("HTTP {}", reply.status), mend);
  }

  // Status 200 or 206; `restart` is called before every attempt and says how much is here.
  Downloaded get(const std::string& url, const std::function<std::uintmax_t()>& restart,
                 const std::function<void(std::string_view)>& sink) const {
    for (int attempt = 0;; ++attempt) {
      const auto reply = world_.download({url, headers(), restart()}, sink);
      if (reply.status == 200 || reply.status == 206) return reply;
      if (!may_pass(reply.status) || attempt + 1 == kMostAttempts) refuse(url, reply);
      wait(pause_after(reply, attempt));
    }
  }

  std::string get_text(const std::string& url, Downloaded* reply = nullptr) const {
    std::string body;
    const auto restart = [&body] {
      body.clear();
      return std::uintmax_t{0};
    };
    const auto got = get(url, restart, [&](std::string_view piece) { body += piece; });
    if (reply != nullptr) *reply = got;
    return body;
  }

  // The commit that the revision is today.
  std::string resolve() const {
    const auto url = fmt::format("{}/api/datasets/{}/revision/{}", hub(), origin_.hub,
                                 url_part(origin_.revision));
    const auto info = parse_json(get_text(url), url);
    const auto sha = info.find("sha");
    if (sha == info.end() || !sha->is_string()) {
      throw Error(url, "names no commit", "use --from with a copy you have");
    }
    return *sha;
  }

  // A file goes on from its part only where its URL can mean nothing else: at a commit.
  OriginFile read_file_at(const std::string& url, const std::string& commit, bool fixed) {
    Path part = part_;
    if (fixed) part += "." + commit.substr(0, 16);
    std::error_code ignored;
    if (!fixed) std::filesystem::remove(part, ignored);
    std::uintmax_t begin = 0;
    bool first = true;
    std::ofstream out;
    const auto restart = [&] {
      out.close();
      const auto size = std::filesystem::file_size(part, ignored);
      begin = fixed && !ignored ? size : 0;
      first = true;
      return begin;
    };
    const auto reply = get(url, restart, [&](std::string_view piece) {
      // Opened with the first piece: 200 is the whole file, whatever was asked for.
      if (first) out.open(part, std::ios::binary | (begin > 0 ? std::ios::app : std::ios::trunc));
      first = false;
      out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    });
    out.close();
    if (begin > 0 && reply.status == 200) {
      std::filesystem::remove(part, ignored);
      throw Error(url, "sent the whole file where the rest was asked for", "fetch again");
    }
    OriginFile file{read_file(part), url, commit};
    std::filesystem::remove(part, ignored);
    return file;
  }

  OriginFile read_rows();
  struct Rows;
  bool read_page(Rows& rows);

  const World& world_;
  const DataOrigin& origin_;
  Path part_;
};

// The part of a set read by the rows API: a line that says what, then a line for each row.
struct OriginReader::Rows {
  std::string revision;
  std::size_t total = 0;
  std::size_t count = 0;
  std::string lines;

  void load(const Path& part) {
    std::ifstream in(part, std::ios::binary);
    std::string line;
    if (!std::getline(in, line)) return;
    const auto head = json::parse(line, nullptr, false);
    if (!head.is_object()) return;
    revision = head.value("revision", "");
    total = head.value("total", std::size_t{0});
    // A partial last line has no end of line.
    while (std::getline(in, line) && !in.eof()) {
      lines += line + "\n";
      ++count;
    }
  }

  void save(const Path& part) const {
    write_file(part, json{{"revision", revision}, {"total", total}}.dump() + "\n" + lines);
  }
};

bool OriginReader::read_page(Rows& rows) {
  const auto url = fmt::format(
      "{}/rows?dataset={}&config={}&split={}&offset={}&length={}",
      endpoint("PINGJIA_ROWS_ENDPOINT", "https://datasets-server.huggingface.co"),
      url_part(origin_.hub), url_part(origin_.config), url_part(origin_.split), rows.count, kPage);
  Downloaded reply;
  const auto page = parse_json(get_text(url, &reply), url);
  const std::string revision =
      reply.headers.contains("x-revision") ? reply.headers.at("x-revision") : "";
  const auto total = page.value("num_rows_total", std::size_t{0});
  if (origin_.revision != "main" && !revision.empty() && revision != origin_.revision) {
    throw Error(origin_.hub,
                "is at revision " + revision + ", the suite expects " + origin_.revision,
                "use --from with a copy of that revision");
  }
  if (rows.count > 0 && (revision != rows.revision || total != rows.total)) return false;
  if (page.value("partial", false)) {
    throw Error(url, "the server holds a part of the data set only", "use --from with a copy");
  }
  rows.revision = revision;
  rows.total = total;
  for (const auto& row : page.at("rows")) {
    if (row.at("row_idx") != rows.count || !row.value("truncated_cells", json::array()).empty()) {
      throw Error(url, fmt::format("row {} is out of order or cut", rows.count), "fetch again");
    }
    rows.lines += row.at("row").dump() + "\n";
    ++rows.count;
  }
  if (page.at("rows").empty() && rows.count < rows.total) {
    throw Error(url, "sent no rows where there are more", "fetch again");
  }
  rows.save(part_);
  return true;
}

OriginFile OriginReader::read_rows() {
  Rows rows;
  rows.load(part_);
  const auto begun = rows.count;
  do {
    if (read_page(rows)) continue;
    std::error_code ignored;
    std::filesystem::remove(part_, ignored);
    if (begun == 0 || rows.count > begun) {
      throw Error(origin_.hub, "changed while it was read (revision " + rows.revision + " before)",
                  "fetch again");
    }
    // It has changed since the fetch that was broken off.
    rows = Rows();
  } while (rows.count == 0 || rows.count < rows.total);
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
  return {std::move(rows.lines),
          fmt::format("{} {} {}", origin_.hub, origin_.config, origin_.split), rows.revision};
}

}  // namespace

OriginFile fetch_origin(const World& world, DataOrigin origin, const std::string& subject,
                        const std::filesystem::path& part) {
  for (auto* text : {&origin.url, &origin.path, &origin.config}) {
    *text = with_subject(*text, subject);
  }
  try {
    return OriginReader(world, origin, part).read();
  } catch (const nlohmann::json::exception& broken) {
    throw Error(origin.hub + origin.url, std::string("answered in another shape: ") + broken.what(),
                "use --from with a copy you have");
  }
}

}  // namespace pingjia::harness
