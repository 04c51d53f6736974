#include "kernels/memory/caches.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace pingjia::kernels {
namespace {

namespace fs = std::filesystem;

class Caches : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "caches_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// Describes a cache of one processor as Linux does.
  void describe(const std::string& cpu, const std::string& index, const std::string& level,
                const std::string& type, const std::string& size, const std::string& shared) {
    const fs::path cache = folder_ / cpu / "cache" / index;
    fs::create_directories(cache);
    std::ofstream(cache / "level") << level << '\n';
    std::ofstream(cache / "type") << type << '\n';
    std::ofstream(cache / "size") << size << '\n';
    std::ofstream(cache / "shared_cpu_list") << shared << '\n';
  }

  fs::path folder_;
};

// Two dies of two processors, 32 MiB of level 3 each.
TEST_F(Caches, CountsEachCacheOfTheLastLevelOnce) {
  for (const auto& [cpu, shared] :
       {std::pair{"cpu0", "0-1"}, {"cpu1", "0-1"}, {"cpu2", "2-3"}, {"cpu3", "2-3"}}) {
    describe(cpu, "index0", "1", "Data", "32K", cpu + 3);
    describe(cpu, "index2", "2", "Unified", "1M", cpu + 3);
    describe(cpu, "index3", "3", "Unified", "32768K", shared);
  }
  fs::create_directories(folder_ / "cpufreq");
  EXPECT_EQ(last_level_cache_bytes(folder_), std::int64_t{64} << 20);
}

TEST_F(Caches, LeavesOutCachesOfInstructionsAndWithoutSize) {
  describe("cpu0", "index0", "1", "Data", "32K", "0");
  describe("cpu0", "index1", "9", "Instruction", "64K", "0");
  describe("cpu0", "index2", "3", "Unified", "0K", "0");
  EXPECT_EQ(last_level_cache_bytes(folder_), 32 << 10);
}

TEST_F(Caches, UnknownWhereNothingIsDescribed) {
  EXPECT_EQ(last_level_cache_bytes(folder_), std::nullopt);
  EXPECT_EQ(last_level_cache_bytes(folder_ / "missing"), std::nullopt);
}

TEST(ArrayBytes, FourTimesTheCachesButNoMoreThanAQuarterOfMemory) {
  constexpr std::int64_t kMiB = 1 << 20;
  EXPECT_EQ(array_bytes(32 * kMiB, 65'536 * kMiB, 3), 128 * kMiB);
  EXPECT_EQ(array_bytes(1 * kMiB, 65'536 * kMiB, 3), 64 * kMiB);
  EXPECT_EQ(array_bytes(480 * kMiB, 12'000 * kMiB, 3), 1000 * kMiB);
}

}  // namespace
}  // namespace pingjia::kernels
