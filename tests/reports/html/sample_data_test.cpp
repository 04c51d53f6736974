// What the page carries, unpacked again with zlib itself and compared with the samples.
#include "reports/html/sample_data.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/rng.h"
#include "tests/reports/fixture.h"

namespace pingjia::reports {
namespace {

using harness::RunView;
using nlohmann::json;

std::string from_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (c == '=') break;
    const auto digit = digits.find(c);
    EXPECT_NE(digit, std::string::npos);
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xFF);
  }
  return bytes;
}

std::string unpacked(const std::string& text) {
  const std::string packed = from_base64(text);
  std::string bytes(1'000, '\0');
  for (;;) {
    uLongf size = bytes.size();
    const int code = uncompress(reinterpret_cast<Bytef*>(bytes.data()), &size,
                                reinterpret_cast<const Bytef*>(packed.data()), packed.size());
    if (code == Z_OK) return bytes.substr(0, size);
    EXPECT_EQ(code, Z_BUF_ERROR);
    if (code != Z_BUF_ERROR) return "";
    bytes.resize(2 * bytes.size());
  }
}

struct Opened {
  explicit Opened(const std::vector<RunView>& runs) : who(contestants(runs)) {
    suites = group_answers(who);
    const PackedSamples packed = packed_samples(suites, who);
    names = json::parse(unpacked(packed.names));
    columns = unpacked(packed.columns);
    for (const auto& chunk : packed.chunks) chunks.push_back(json::parse(unpacked(chunk)));
    size = packed.size();
  }
  template <class T>
  T at(const std::string& name, std::size_t sample) const {
    for (const auto& column : names["columns"]) {
      if (column[0] != name) continue;
      T value;
      std::memcpy(&value, columns.data() + column[2].get<std::size_t>() + sample * sizeof(T),
                  sizeof(T));
      return value;
    }
    ADD_FAILURE() << "no column " << name;
    return {};
  }
  std::vector<Contestant> who;
  std::vector<SuiteAnswers> suites;
  json names;
  std::string columns;
  std::vector<json> chunks;
  std::size_t size = 0;
};

TEST(SampleData, EverySampleComesBackFromItsColumns) {
  const std::vector<RunView> runs{fixture::demo(30)};
  const Opened data(runs);
  ASSERT_EQ(data.names["samples"], runs[0].samples.size());
  std::set<std::uint32_t> journal;
  for (std::size_t n = 0; n < runs[0].samples.size(); ++n) {
    journal.insert(data.at<std::uint32_t>("journal", n));
    const auto& sample = runs[0].samples.at(data.at<std::uint32_t>("journal", n));
    const auto& question = data.names["questions"][data.at<std::uint32_t>("question", n)];
    EXPECT_EQ(question[0], sample.record.key.sample);
    EXPECT_EQ(data.names["systems"][data.at<std::uint16_t>("system", n)]["system"],
              sample.record.key.system);
    EXPECT_EQ(data.names["outcomes"][data.at<std::uint8_t>("outcome", n)][0], sample.outcome);
    EXPECT_EQ(data.names["rules"][data.at<std::uint32_t>("rule", n)], sample.rule);
    EXPECT_EQ(data.at<std::uint32_t>("length", n), sample.record.completion.text.size());
    const double cost = data.at<double>("cost", n);
    const auto& timeline = sample.record.completion.timeline;
    if (sample.record.completion.failure) {
      EXPECT_TRUE(std::isnan(cost));
      EXPECT_EQ(data.at<std::int32_t>("output", n), -1);
      EXPECT_EQ(data.names["failures"][data.at<std::uint8_t>("failure", n)], "overloaded");
      EXPECT_TRUE(std::isnan(data.at<float>("ttft", n)));
      continue;
    }
    EXPECT_EQ(cost, sample.cost_usd.value());
    EXPECT_EQ(data.at<std::int32_t>("input", n), *sample.record.completion.usage.input);
    EXPECT_EQ(data.at<std::int32_t>("output", n), *sample.record.completion.usage.output);
    EXPECT_NEAR(data.at<float>("ttft", n), harness::seconds(*timeline.first_token - timeline.due),
                1e-8);
    EXPECT_NEAR(data.at<float>("total", n), harness::seconds(timeline.done - timeline.due), 1e-8);
  }
  EXPECT_EQ(journal.size(), runs[0].samples.size());
}

TEST(SampleData, ChunksHoldTheQuestionsInOrder) {
  const std::vector<RunView> runs{fixture::demo(700)};  // 2,800 questions, 8,400 samples.
  const Opened data(runs);
  ASSERT_EQ(data.names["chunks"].size(), data.chunks.size());
  EXPECT_EQ(data.chunks.size(), 9U);
  std::size_t question = 0;
  std::size_t sample = 0;
  for (std::size_t i = 0; i < data.chunks.size(); ++i) {
    EXPECT_EQ(data.names["chunks"][i], question);
    for (const auto& one : data.chunks[i]) {
      for (const auto& answer : one["a"]) {
        EXPECT_EQ(data.at<std::uint32_t>("question", sample), question);
        const auto& view = runs[0].samples[data.at<std::uint32_t>("journal", sample)];
        EXPECT_EQ(answer["t"], view.record.completion.text);
        EXPECT_EQ(one["g"], view.gold);
        ++sample;
      }
      ++question;
    }
  }
  EXPECT_EQ(sample, runs[0].samples.size());
}

TEST(SampleData, WhatASuitesRequestsShareStandsOnce) {
  const Opened data({fixture::demo(5)});
  ASSERT_EQ(data.names["suites"].size(), 4U);
  EXPECT_EQ(data.names["suites"][1]["first"], 5);
  EXPECT_EQ(data.names["suites"][1]["shared"][0],
            json({"system", "Answer with the result only.", 0}));
  EXPECT_EQ(data.names["suites"][1]["shared"].size(), 3U);
  EXPECT_EQ(data.chunks[0][0]["m"].size(), 1U);
}

TEST(SampleData, SeveralRunsAndRepeatsStayApart) {
  std::vector<RunView> runs{fixture::demo(2), fixture::demo(2)};
  runs[1].name = "second";
  auto again = runs[1].samples[0];
  again.record.key.repeat = 1;
  runs[1].samples.push_back(again);
  const Opened data(runs);
  EXPECT_EQ(data.names["samples"], 49);
  EXPECT_EQ(data.names["systems"][3]["run"], "second");
  EXPECT_EQ(data.names["systems"][3]["system"], "dense");
  EXPECT_EQ(data.names["questions"][2], json({"a0000", 1, "100+7="}));
  EXPECT_EQ(data.at<std::uint32_t>("journal", 12), 48U);
}

TEST(SampleData, AThousandTextsThatDoNotPackStayUnderThreeMegabytes) {
  std::vector<RunView> runs{fixture::demo(84)};
  harness::Rng rng(3, "noise");
  for (auto& sample : runs[0].samples) {
    auto& text = sample.record.completion.text;
    text.clear();
    for (int i = 0; i < 20'000; ++i) text += static_cast<char>('!' + rng.below(90));
  }
  const Opened data(runs);
  EXPECT_LT(data.size, 2'100'000U);
  EXPECT_GT(data.size, 1'200'000U);
  EXPECT_EQ(data.names["cut"][0], runs[0].samples.size());
  EXPECT_EQ(data.names["cut"][1].get<std::size_t>() +
                data.names["limit"].get<std::size_t>() * runs[0].samples.size(),
            20'000 * runs[0].samples.size());
}

TEST(SampleData, HostileTextsAreVisibleAndTheBlocksHoldNoMarkup) {
  const std::vector<RunView> runs{fixture::hostile()};
  const Opened data(runs);
  const std::string texts = data.chunks[0].dump() + data.names.dump();
  EXPECT_EQ(texts.find('\x1b'), std::string::npos);
  EXPECT_EQ(texts.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_NE(texts.find("⟨U+202E⟩desrever"), std::string::npos);
  std::string out;
  write_sample_data(out, data.who);
  EXPECT_EQ(std::count(out.begin(), out.end(), '<'), 2 * 3);
}

TEST(SampleData, NoSampleNoBlock) {
  const std::vector<RunView> runs{fixture::empty()};
  std::string out;
  write_sample_data(out, contestants(runs));
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace pingjia::reports
