#include "adapters/http/sse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "adapters/http/client.h"
#include "harness/base/rng.h"

namespace pingjia::adapters {
namespace {

using namespace std::string_literals;

struct Event {
  std::string data;
  std::string type;
  std::size_t end = 0;  // In the whole stream.
  bool unterminated = false;
  bool operator==(const Event&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Event& event) {
  return out << "{" << event.type << "|" << event.data << "|" << event.end
             << (event.unterminated ? "|tail" : "") << "}";
}

struct Parsed {
  std::vector<Event> events;
  std::int64_t comments = 0;
};

// Feeds each piece from a buffer of its own, gone before the next: a view kept too long shows.
Parsed parse_pieces(const std::vector<std::string>& pieces) {
  SseParser parser;
  Parsed parsed;
  std::size_t before = 0;
  SseEvent event;
  const auto keep = [&] {
    parsed.events.push_back(
        {std::string(event.data), std::string(event.type), before + event.end, event.unterminated});
  };
  for (const auto& piece : pieces) {
    std::string padded = piece + std::string(kReadPadding, '\0');
    parser.feed({padded.data(), piece.size()});
    while (parser.next(event)) keep();
    before += piece.size();
    std::fill(padded.begin(), padded.end(), '#');
  }
  if (parser.finish(event)) keep();
  parsed.comments = parser.comments();
  return parsed;
}

Parsed parse(const std::string& text) {
  return parse_pieces({text});
}

std::vector<std::string> data_of(const Parsed& parsed) {
  std::vector<std::string> data;
  for (const auto& event : parsed.events) data.push_back(event.data);
  return data;
}

using Texts = std::vector<std::string>;

TEST(Sse, DataLinesAreJoinedByNewlines) {
  EXPECT_EQ(data_of(parse("data: one\ndata: two\ndata:\ndata:three\n\n")),
            Texts{"one\ntwo\n\nthree"});
}

TEST(Sse, OneSpaceAfterTheColonIsNotPartOfTheValue) {
  EXPECT_EQ(data_of(parse("data:a\n\ndata: a\n\ndata:  a\n\ndata:\ta\n\n")),
            (Texts{"a", "a", " a", "\ta"}));
}

TEST(Sse, EmptyDataLinesMakeEvents) {
  // From web-platform-tests, eventsource/format-field-data.
  EXPECT_EQ(data_of(parse("data:\n\ndata\ndata\n\ndata:test\n\n")), (Texts{"", "\n", "test"}));
}

TEST(Sse, LineEndsMayBeLfCrOrBoth) {
  const Texts expected{"a\nb", "c"};
  EXPECT_EQ(data_of(parse("data:a\ndata:b\n\ndata:c\n\n")), expected);
  EXPECT_EQ(data_of(parse("data:a\rdata:b\r\rdata:c\r\r")), expected);
  EXPECT_EQ(data_of(parse("data:a\r\ndata:b\r\n\r\ndata:c\r\n\r\n")), expected);
  EXPECT_EQ(data_of(parse("data:a\ndata:b\r\n\rdata:c\n\r")), expected);
}

TEST(Sse, CrAndLfInDifferentPiecesAreOneLineEnd) {
  EXPECT_EQ(data_of(parse_pieces({"data:a\r", "\ndata:b\r", "\n\r", "\ndata:c\r\n", "\r\n"})),
            (Texts{"a\nb", "c"}));
}

TEST(Sse, OneByteOrderMarkAtTheStartIsDropped) {
  EXPECT_EQ(data_of(parse("\xEF\xBB\xBF"
                          "data:a\n\n")),
            Texts{"a"});
  EXPECT_EQ(data_of(parse_pieces({"\xEF", "\xBB", "\xBF", "data:a\n\n"})), Texts{"a"});
  // A second one, or one later, is text, and so spoils the field's name.
  EXPECT_EQ(data_of(parse("\xEF\xBB\xBF\xEF\xBB\xBF"
                          "data:a\n\ndata:b\n\n")),
            Texts{"b"});
  EXPECT_EQ(data_of(parse("data:a\n\n\xEF\xBB\xBF"
                          "data:b\n\n")),
            Texts{"a"});
}

TEST(Sse, StartOfAMarkThatIsNoneIsText) {
  EXPECT_EQ(data_of(parse_pieces({"\xEF\xBB", "data:a\n\ndata:b\n\n"})), Texts{"b"});
}

TEST(Sse, CommentsAreCountedAndCarryNothing) {
  const Parsed parsed = parse(": OPENROUTER PROCESSING\n\n:\n: x\ndata:a\n:in between\ndata:b\n\n");
  EXPECT_EQ(data_of(parsed), Texts{"a\nb"});
  EXPECT_EQ(parsed.comments, 4);
}

TEST(Sse, TypeMayStandBeforeOrAfterTheData) {
  const Parsed parsed = parse("event: ping\ndata:a\n\ndata:b\nevent:pong\n\ndata:c\n\n");
  ASSERT_EQ(parsed.events.size(), 3U);
  EXPECT_EQ(parsed.events[0].type, "ping");
  EXPECT_EQ(parsed.events[1].type, "pong");
  EXPECT_EQ(parsed.events[2].type, "");
}

TEST(Sse, TypeWithoutDataIsForgotten) {
  const Parsed parsed = parse("event: ping\n\ndata:a\n\n");
  ASSERT_EQ(parsed.events.size(), 1U);
  EXPECT_EQ(parsed.events[0].type, "");
}

TEST(Sse, IdAndRetryAreReadOver) {
  const Parsed parsed = parse("id: 1\nretry: 1500\ndata:a\n\nid\ndata:b\n\n");
  EXPECT_EQ(data_of(parsed), (Texts{"a", "b"}));
}

TEST(Sse, UnknownFieldsAndBadNamesAreIgnored) {
  EXPECT_EQ(data_of(parse("foo: bar\n data:x\nDATA:x\ndata :x\ndata:a\n:HTTP_STATUS/200\n\n")),
            Texts{"a"});
}

TEST(Sse, NulInDataIsData) {
  EXPECT_EQ(data_of(parse("data:\0a\n\n"s)), Texts{"\0a"s});
}

TEST(Sse, TailWithoutBlankLineIsGivenAndFlagged) {
  for (const std::string end : {"", "\n", "\r", "\r\n"}) {
    const Parsed parsed = parse("data:a\n\ndata:b\ndata: c" + end);
    ASSERT_EQ(parsed.events.size(), 2U);
    EXPECT_FALSE(parsed.events[0].unterminated);
    EXPECT_EQ(parsed.events[1].data, "b\nc");
    EXPECT_TRUE(parsed.events[1].unterminated);
  }
  EXPECT_TRUE(parse("event: x\nid: 3").events.empty());
}

TEST(Sse, EventsKnowWhereTheyEnd) {
  const Parsed parsed = parse_pieces({"data:a\n", "\ndata:b\n\nda", "ta:c\n\n"});
  ASSERT_EQ(parsed.events.size(), 3U);
  EXPECT_EQ(parsed.events[0].end, 8U);
  EXPECT_EQ(parsed.events[1].end, 16U);
  EXPECT_EQ(parsed.events[2].end, 24U);
}

TEST(Sse, LongLinesComeWhole) {
  const std::string line(100'000, 'x');
  std::string text = "data:" + line + "\n\n";
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size(); at += 1000) pieces.push_back(text.substr(at, 1000));
  EXPECT_EQ(data_of(parse_pieces(pieces)), Texts{line});
}

// A stream of every construct, in random order, with random line ends.
std::string random_stream(harness::Rng& rng) {
  const Texts lines{"data: {\"a\":1}",
                    "data:",
                    "data",
                    "data:  two",
                    ": comment",
                    ":",
                    "event: error",
                    "id: 7",
                    "id",
                    "id: a\0b"s,
                    "retry: 10",
                    "retry: x",
                    "unknown: y",
                    "",
                    "",
                    "",
                    "data: \xC3\xA9\xF0\x9F\x98\x80"};
  const Texts ends{"\n", "\r", "\r\n"};
  std::string text = rng.below(4) == 0 ? "\xEF\xBB\xBF" : "";
  const auto count = rng.below(40);
  for (std::uint64_t i = 0; i < count; ++i) {
    text += lines[rng.below(lines.size())] + ends[rng.below(ends.size())];
  }
  if (rng.below(2) == 0) text += lines[rng.below(lines.size())];
  return text;
}

std::vector<std::string> random_pieces(const std::string& text, harness::Rng& rng) {
  std::vector<std::string> pieces;
  const auto longest = 1 + rng.below(rng.below(2) == 0 ? 4 : 60);
  for (std::size_t at = 0; at < text.size();) {
    const auto size = rng.below(longest + 1);
    pieces.push_back(text.substr(at, size));
    at += pieces.back().size();
  }
  return pieces;
}

// `end` is left out: the CR and LF of the last line may lie on two sides of a cut.
std::vector<Event> without_end(std::vector<Event> events) {
  for (auto& event : events) event.end = 0;
  return events;
}

TEST(SseFuzz, AnyCutGivesTheSameEvents) {
  harness::Rng rng(1, "sse cuts");
  for (int round = 0; round < 4000; ++round) {
    const std::string text = random_stream(rng);
    const Parsed whole = parse(text);
    const Parsed cut = parse_pieces(random_pieces(text, rng));
    ASSERT_EQ(without_end(whole.events), without_end(cut.events)) << text;
    ASSERT_EQ(whole.comments, cut.comments);
  }
}

TEST(SseFuzz, MutationsNeverCrashAndCutsStillAgree) {
  harness::Rng rng(2, "sse mutations");
  for (int round = 0; round < 4000; ++round) {
    std::string text = random_stream(rng);
    for (std::uint64_t flips = rng.below(8); flips > 0 && !text.empty(); --flips) {
      text[rng.below(text.size())] = static_cast<char>(rng.below(256));
    }
    ASSERT_EQ(without_end(parse(text).events),
              without_end(parse_pieces(random_pieces(text, rng)).events));
  }
}

// Counts instead of timing: an event's worth of work may not grow with the stream.
TEST(SseFuzz, StreamOfCrLinesIsNotSearchedToItsEndForEachLine) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "data:x\r\r";
  EXPECT_EQ(parse(text).events.size(), 200'000U);
}

}  // namespace
}  // namespace pingjia::adapters
