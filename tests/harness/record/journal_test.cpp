#include "harness/record/journal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace pingjia::harness {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("pingjia-journal-" + std::to_string(getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    file_ = folder_ / "records.jsonl";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void append_raw(const std::string& text) {
    std::ofstream(file_, std::ios::app | std::ios::binary) << text;
  }

  static Record record(const std::string& sample) {
    Record record;
    record.key.sample = sample;
    return record;
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

TEST_F(JournalTest, KeepsLinesInOrder) {
  {
    Journal journal(file_);
    EXPECT_TRUE(journal.empty());
    journal.append({{"schema_version", 1}, {"type", "header"}});
    journal.append(to_json(record("a")));
    journal.append(to_json(record("b")));
  }
  const auto contents = read_journal(file_);
  ASSERT_EQ(contents.records.size(), 2U);
  EXPECT_EQ(contents.records[1].key.sample, "b");
  EXPECT_NE(contents.header.find("schema_version"), std::string::npos);
}

TEST_F(JournalTest, CutsOffAPartialLastLine) {
  {
    Journal journal(file_);
    journal.append({{"schema_version", 1}, {"type", "header"}});
    journal.append(to_json(record("a")));
  }
  append_raw(R"({"type":"attempt","sys)");
  EXPECT_EQ(read_journal(file_).records.size(), 1U);
  {
    Journal journal(file_);
    EXPECT_EQ(journal.repaired(), 22U);
    journal.append(to_json(record("b")));
  }
  EXPECT_EQ(read_journal(file_).records.size(), 2U);
}

TEST_F(JournalTest, OfAQuestionAskedAgainTheLatestAttemptCounts) {
  {
    Journal journal(file_);
    Record first = record("a");
    first.completion.failure = Failure{FailureClass::kConnect, 0, "refused", {}};
    journal.append(to_json(first));
    journal.append(to_json(record("b")));
    Record second = record("a");
    second.key.attempt = 1;
    journal.append(to_json(second));
  }
  const auto records = read_journal(file_).records;
  ASSERT_EQ(records.size(), 3U);
  EXPECT_FALSE(records[0].last_attempt);
  EXPECT_TRUE(records[1].last_attempt);
  EXPECT_TRUE(records[2].last_attempt);
}

TEST_F(JournalTest, RepairsAPartialLineLongerThanABlock) {
  append_raw(R"({"schema_version":1})"
             "\n" +
             std::string(200'000, 'x'));
  Journal journal(file_);
  EXPECT_EQ(journal.repaired(), 200'000U);
  EXPECT_FALSE(journal.empty());
}

TEST_F(JournalTest, OneWriterAtATime) {
  Journal journal(file_);
  EXPECT_THROW(Journal second(file_), Error);
}

TEST_F(JournalTest, ABrokenLineBeforeTheLastNamesItsPlace) {
  append_raw("{\"schema_version\":1}\ngarbage\n");
  try {
    read_journal(file_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("records.jsonl line 2"), std::string::npos);
  }
}

TEST_F(JournalTest, ANewerSchemaIsRefused) {
  append_raw("{\"schema_version\":99,\"type\":\"header\"}\n");
  try {
    read_journal(file_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("update pingjia"), std::string::npos);
  }
}

TEST_F(JournalTest, AFullDiskIsAnErrorAndLeavesWholeLines) {
  // /dev/full answers every write with ENOSPC.
  std::filesystem::create_symlink("/dev/full", file_);
  Journal journal(file_);
  try {
    journal.append({{"a", 1}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("No space left"), std::string::npos);
  }
}

TEST_F(JournalTest, WriteFileLeavesNothingHalfWritten) {
  write_file(file_, "whole");
  EXPECT_EQ(read_file(file_), "whole");
  EXPECT_THROW(write_file(folder_ / "no" / "such" / "x", "y"), Error);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

}  // namespace
}  // namespace pingjia::harness
