#include "harness/base/processor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace pingjia::harness {
namespace {

namespace fs = std::filesystem;

class ProcFolder : public testing::Test {
 protected:
  ProcFolder() { fs::create_directories(root_); }
  ~ProcFolder() override { fs::remove_all(root_); }
  void write(const char* file, const char* text) { std::ofstream(root_ / file) << text; }

  const fs::path root_ = fs::temp_directory_path() / ("pingjia_proc_" + std::to_string(getpid()));
};

TEST_F(ProcFolder, OfTwoThreadsOfOneCore) {
  write("cpuinfo",
        "processor\t: 0\nmodel name\t: A Processor\nphysical id\t: 0\ncore id\t: 0\n"
        "flags\t\t: fpu avx avx2 avx512f amx_bf16 hypervisor\n\n"
        "processor\t: 1\nmodel name\t: A Processor\nphysical id\t: 0\ncore id\t: 0\n"
        "flags\t\t: fpu avx avx2 avx512f amx_bf16 hypervisor\n");
  write("meminfo", "MemTotal:       16777216 kB\nMemFree: 1 kB\n");
  const Processor cpu = read_processor(root_);
  EXPECT_EQ(cpu.model, "A Processor");
  EXPECT_EQ(cpu.logical_cores, 2);
  EXPECT_EQ(cpu.physical_cores, 1);
  EXPECT_EQ(cpu.vector_extensions,
            (std::vector<std::string>{"avx", "avx2", "avx512f", "amx_bf16"}));
  EXPECT_EQ(cpu.memory_gib, 16);
  EXPECT_TRUE(cpu.virtual_machine);
}

TEST_F(ProcFolder, OfArmNamesItsExtensions) {
  write("cpuinfo", "processor : 0\nFeatures : fp asimd sve\n");
  const Processor cpu = read_processor(root_);
  EXPECT_EQ(cpu.vector_extensions, (std::vector<std::string>{"asimd", "sve"}));
  EXPECT_FALSE(cpu.model);
  EXPECT_FALSE(cpu.physical_cores);
}

TEST_F(ProcFolder, IsUnknownWhereNothingIsSaid) {
  const Processor cpu = read_processor(root_ / "nowhere");
  EXPECT_FALSE(cpu.model);
  EXPECT_FALSE(cpu.logical_cores);
  EXPECT_FALSE(cpu.memory_gib);
  EXPECT_TRUE(cpu.vector_extensions.empty());
}

}  // namespace
}  // namespace pingjia::harness
