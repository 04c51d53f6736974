#include "reports/html/sample_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/base/base64.h"
#include "reports/html/deflate.h"
#include "reports/html/sample_columns.h"

namespace pingjia::reports {

namespace {

constexpr std::size_t kChunkSamples = 1'000;
constexpr std::size_t kChunkBytes = 1'000'000;
constexpr std::size_t kLongestText = 20'000;
constexpr std::size_t kShortestText = 100;
// Of the packed data. What texts take before packing is twice that: prose packs to less.
constexpr std::size_t kUnpacked = 2;
constexpr std::size_t kSampleBudget = 2'000;
constexpr std::size_t kLeastBudget = 1'500'000;
constexpr std::size_t kMostBudget = 96'000'000;

std::string packed(const std::string& bytes) {
  return harness::base64(deflate(bytes));
}

std::string list_of(const std::vector<std::size_t>& numbers) {
  return fmt::format("[{}]", fmt::join(numbers, ","));
}

void write_block(std::string& out, std::string_view id, const std::string& base64) {
  out += fmt::format("<script type=\"application/octet-stream\" id=\"{}\">", id);
  out += base64;
  out += "</script>\n";
}

}  // namespace

std::size_t PackedSamples::size() const {
  std::size_t sum = names.size() + columns.size();
  for (const auto& chunk : chunks) sum += chunk.size();
  return sum;
}

SampleData sample_data(const std::vector<SuiteAnswers>& suites,
                       const std::vector<Contestant>& contestants, std::size_t limit) {
  SampleData data;
  std::vector<std::size_t> starts;  // The first question of each chunk.
  TextCut cut;
  std::size_t number = 0;
  std::size_t samples = kChunkSamples;  // In the last chunk; there is none yet.
  for (const auto& suite : suites) {
    for (const auto& question : suite.questions) {
      if (samples >= kChunkSamples || data.chunks.back().size() >= kChunkBytes) {
        if (!data.chunks.empty()) data.chunks.back() += ']';
        data.chunks.emplace_back("[");
        starts.push_back(number);
        samples = 0;
      } else {
        data.chunks.back() += ',';
      }
      append_question(data.chunks.back(), question, suite.shared, limit, cut);
      samples += question.answers.size();
      ++number;
    }
  }
  if (!data.chunks.empty()) data.chunks.back() += ']';
  SampleColumns columns = sample_columns(suites, contestants);
  data.columns = std::move(columns.bytes);
  data.names = fmt::format("{{{},\"chunks\":{},\"limit\":{},\"cut\":[{},{}]}}", columns.names,
                           list_of(starts), limit, cut.texts, cut.bytes);
  return data;
}

PackedSamples pack(const SampleData& data) {
  PackedSamples out{packed(data.names), packed(data.columns), {}};
  out.chunks.reserve(data.chunks.size());
  for (const auto& chunk : data.chunks) out.chunks.push_back(packed(chunk));
  return out;
}

PackedSamples packed_samples(const std::vector<SuiteAnswers>& suites,
                             const std::vector<Contestant>& contestants) {
  std::size_t samples = 0;
  for (const auto& suite : suites) {
    for (const auto& question : suite.questions) samples += question.answers.size();
  }
  const std::size_t budget = std::clamp(samples * kSampleBudget, kLeastBudget, kMostBudget);
  const auto lengths = text_lengths(suites);
  std::size_t room =
      std::min(std::accumulate(lengths.begin(), lengths.end(), std::size_t{0}), kUnpacked * budget);
  for (;;) {
    const std::size_t limit = std::max(text_limit(lengths, room, kLongestText), kShortestText);
    PackedSamples out = pack(sample_data(suites, contestants, limit));
    if (out.size() <= budget || limit == kShortestText) return out;
    // Texts that hardly pack (base64, noise) are cut once more.
    const double fits = static_cast<double>(budget) / static_cast<double>(out.size());
    room = static_cast<std::size_t>(0.9 * fits * static_cast<double>(room));
  }
}

void write_sample_data(std::string& out, const std::vector<Contestant>& contestants) {
  const auto suites = group_answers(contestants);
  if (suites.empty()) return;
  const PackedSamples data = packed_samples(suites, contestants);
  out.reserve(out.size() + data.size() + 100 * (data.chunks.size() + 2));
  write_block(out, "sample-names", data.names);
  write_block(out, "sample-columns", data.columns);
  for (std::size_t i = 0; i < data.chunks.size(); ++i) {
    write_block(out, fmt::format("sample-chunk-{}", i), data.chunks[i]);
  }
}

}  // namespace pingjia::reports
