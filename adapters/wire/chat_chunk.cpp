#include "adapters/wire/chat_chunk.h"

// Errors are codes: nothing here may throw.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include "adapters/http/read.h"
#include "adapters/wire/unescape.h"
#include "harness/base/utf8.h"

namespace pingjia::adapters {

namespace {

namespace od = simdjson::ondemand;

static_assert(kReadPadding >= simdjson::SIMDJSON_PADDING);

// One walk through a chunk. Any structural error ends it; what was read before it stays.
class Walk {
 public:
  Walk(ChatParts& parts, ChunkNews& news) : parts_(parts), news_(news) {}

  simdjson::error_code chunk(od::object root);

 private:
  simdjson::error_code choices(od::value value);
  simdjson::error_code choice(od::object choice);
  // What there was before a choice.
  struct Before {
    std::size_t text, reasoning, refusal;
    std::string finish;
    ChunkNews news;
  };

  void give_back(const Before& before);
  simdjson::error_code delta(od::value value);
  simdjson::error_code field(std::string_view key, od::value value);
  simdjson::error_code parts_list(od::array list, std::string& to, bool& seen);
  simdjson::error_code part(od::object item, std::string& to, bool& seen);
  simdjson::error_code text(od::value value, std::string& to, bool& seen);
  simdjson::error_code string(od::value value, std::string& to, bool& seen);
  static simdjson::error_code keep_object(od::value value, std::string& to);
  static simdjson::error_code keep_string(od::value value, std::string& to);

  ChatParts& parts_;
  ChunkNews& news_;
};

simdjson::error_code Walk::chunk(od::object root) {
  for (auto entry : root) {
    od::field field;
    if (const auto error = std::move(entry).get(field)) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    simdjson::error_code error = simdjson::SUCCESS;
    if (key == "choices") {
      error = choices(field.value());
    } else if (key == "usage") {
      error = keep_object(field.value(), parts_.usage_json);
    } else if (key == "timings") {
      error = keep_object(field.value(), parts_.timings_json);
    } else if (key == "model" && parts_.model.empty()) {
      error = keep_string(field.value(), parts_.model);
    } else if (key == "service_tier") {
      error = keep_string(field.value(), parts_.service_tier);
    } else if (key == "error") {
      od::json_type type{};
      error = field.value().type().get(type);
      news_.error = news_.error || type != od::json_type::null;
    } else if (key == "object") {
      std::string kind;
      error = keep_string(field.value(), kind);
      news_.error = news_.error || kind == "error";
    }
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code Walk::choices(od::value value) {
  od::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type != od::json_type::array) return simdjson::SUCCESS;
  od::array list;
  if (const auto error = value.get_array().get(list)) return error;
  for (auto entry : list) {
    od::object item;
    if (const auto error = entry.get_object().get(item)) return error;
    if (const auto error = choice(item)) return error;
  }
  return simdjson::SUCCESS;
}

// Keys come in any order, so a choice may turn out to be another than the first when its text has
// been taken already: it is then given back.
simdjson::error_code Walk::choice(od::object choice) {
  const Before before{parts_.text.size(), parts_.reasoning.size(), parts_.refusal.size(),
                      parts_.finish, news_};
  news_.choice = true;
  for (auto entry : choice) {
    od::field field;
    if (const auto error = std::move(entry).get(field)) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    simdjson::error_code error = simdjson::SUCCESS;
    if (key == "delta" || key == "message") {
      error = delta(field.value());
    } else if (key == "finish_reason") {
      error = keep_string(field.value(), parts_.finish);
    } else if (key == "index") {
      std::int64_t index = 0;
      od::json_type type{};
      error = field.value().type().get(type);
      if (!error && type == od::json_type::number) error = field.value().get_int64().get(index);
      if (!error && index != 0) {
        give_back(before);
        return simdjson::SUCCESS;
      }
    }
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

void Walk::give_back(const Before& before) {
  parts_.text.resize(before.text);
  parts_.reasoning.resize(before.reasoning);
  parts_.refusal.resize(before.refusal);
  parts_.finish = before.finish;
  news_ = before.news;
}

simdjson::error_code Walk::delta(od::value value) {
  od::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type != od::json_type::object) return simdjson::SUCCESS;
  od::object object;
  if (const auto error = value.get_object().get(object)) return error;
  for (auto entry : object) {
    od::field item;
    if (const auto error = std::move(entry).get(item)) return error;
    std::string_view key;
    if (const auto error = item.unescaped_key().get(key)) return error;
    if (const auto error = field(key, item.value())) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code Walk::field(std::string_view key, od::value value) {
  if (key == "content") return text(value, parts_.text, news_.visible);
  if (key == "refusal") return text(value, parts_.refusal, news_.visible);
  // Two spellings of one thing; a server that sends both sends the same text twice.
  if ((key == "reasoning_content" || key == "reasoning") && !news_.reasoning) {
    return text(value, parts_.reasoning, news_.reasoning);
  }
  return simdjson::SUCCESS;
}

simdjson::error_code Walk::text(od::value value, std::string& to, bool& seen) {
  od::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == od::json_type::string) return string(value, to, seen);
  if (type == od::json_type::array) {
    od::array list;
    if (const auto error = value.get_array().get(list)) return error;
    return parts_list(list, to, seen);
  }
  return simdjson::SUCCESS;
}

simdjson::error_code Walk::parts_list(od::array list, std::string& to, bool& seen) {
  for (auto entry : list) {
    od::object item;
    if (const auto error = entry.get_object().get(item)) return error;
    if (const auto error = part(item, to, seen)) return error;
  }
  return simdjson::SUCCESS;
}

// A part of a content array (Mistral): its text stands under "text", thinking under "thinking",
// itself an array of text parts.
simdjson::error_code Walk::part(od::object item, std::string& to, bool& seen) {
  for (auto entry : item) {
    od::field field;
    if (const auto error = std::move(entry).get(field)) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    simdjson::error_code error = simdjson::SUCCESS;
    if (key == "text") error = text(field.value(), to, seen);
    if (key == "thinking") error = text(field.value(), parts_.reasoning, news_.reasoning);
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code Walk::string(od::value value, std::string& to, bool& seen) {
  const std::string_view raw = value.raw_json_token();
  const std::size_t before = to.size();
  std::string_view plain;
  if (value.get_string().get(plain) == simdjson::SUCCESS) {
    to.append(plain);
  } else {
    // A lone half of a surrogate pair: some servers cut between the two.
    if (!unescape_leniently(raw, to)) return simdjson::STRING_ERROR;
    parts_.broken_surrogates = true;
  }
  seen = seen || to.size() > before;
  return simdjson::SUCCESS;
}

simdjson::error_code Walk::keep_object(od::value value, std::string& to) {
  od::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type != od::json_type::object) return simdjson::SUCCESS;
  od::object object;
  if (const auto error = value.get_object().get(object)) return error;
  std::string_view raw;
  if (const auto error = object.raw_json().get(raw)) return error;
  to = raw;
  return simdjson::SUCCESS;
}

simdjson::error_code Walk::keep_string(od::value value, std::string& to) {
  od::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type != od::json_type::string) return simdjson::SUCCESS;
  std::string_view plain;
  if (const auto error = value.get_string().get(plain)) return error;
  to = plain;
  return simdjson::SUCCESS;
}

}  // namespace

struct ChunkReader::Impl {
  od::parser parser;

  simdjson::error_code read(std::string_view json, ChatParts& parts, ChunkNews& news) {
    od::document document;
    const simdjson::padded_string_view padded(json.data(), json.size(),
                                              json.size() + simdjson::SIMDJSON_PADDING);
    if (const auto error = parser.iterate(padded).get(document)) return error;
    od::object root;
    if (const auto error = document.get_object().get(root)) return error;
    return Walk(parts, news).chunk(root);
  }
};

ChunkReader::ChunkReader() : impl_(std::make_unique<Impl>()) {}
ChunkReader::~ChunkReader() = default;

ChunkNews ChunkReader::read(std::string_view json, ChatParts& parts) {
  ChunkNews news;
  auto error = impl_->read(json, parts, news);
  if (error == simdjson::UTF8_ERROR) {
    // A byte-fallback token cut inside a code point. Found before anything was read.
    std::string mended = harness::valid_utf8(json);
    const auto size = mended.size();
    mended.append(kReadPadding, '\0');
    error = impl_->read({mended.data(), size}, parts, news);
  }
  news.valid = error == simdjson::SUCCESS;
  if (news.error && parts.error_json.empty()) parts.error_json = json;
  return news;
}

}  // namespace pingjia::adapters
