#include "adapters/telemetry/rapl.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "adapters/telemetry/sampler.h"

namespace pingjia::adapters {
namespace {

namespace fs = std::filesystem;

class Rapl : public testing::Test {
 protected:
  ~Rapl() override { fs::remove_all(root_); }

  void zone(const std::string& path, const std::string& name, const std::string& energy,
            const std::string& range = "1000000") {
    fs::create_directories(root_ / path);
    write(path + "/name", name);
    write(path + "/energy_uj", energy);
    if (!range.empty()) write(path + "/max_energy_range_uj", range);
  }

  void write(const std::string& path, const std::string& text) {
    std::ofstream(root_ / path) << text << "\n";
  }

  Sampler sampler() {
    std::vector<std::unique_ptr<Meter>> meters;
    meters.push_back(std::make_unique<RaplMeter>(root_));
    return {std::move(meters), [this] { return now_; }, false};
  }

  const fs::path root_ = fs::temp_directory_path() / ("pingjia_rapl_" + std::to_string(getpid()));
  harness::Nanos now_ = 0;
};

TEST_F(Rapl, SumsTopLevelPackagesAndMemoryApart) {
  zone("intel-rapl:0", "package-0", "5");
  zone("intel-rapl:0/intel-rapl:0:0", "core", "5");
  zone("intel-rapl:0/intel-rapl:0:1", "dram", "5");
  zone("intel-rapl:1", "package-1", "5");
  zone("intel-rapl:2", "psys", "5");
  zone("intel-rapl-mmio:0", "package-0", "5");
  const RaplMeter meter(root_);
  std::string found;
  for (const auto& device : meter.devices()) found += device.id + " " + device.scope + "; ";
  EXPECT_EQ(found, "intel-rapl:0 CPU package; intel-rapl:0:1 DRAM; intel-rapl:1 CPU package; ");
  EXPECT_TRUE(meter.devices()[0].fake);
}

TEST_F(Rapl, UndoesAWrap) {
  zone("intel-rapl:0", "package-0", "900000");
  Sampler meter = sampler();
  meter.start();
  for (const int uj : {900'000, 990'000, 80'000, 170'000}) {
    write("intel-rapl:0/energy_uj", std::to_string(uj));
    meter.mark();
    now_ += harness::kSecond;
  }
  const auto energy = harness::energy_of(meter.traces().at(0), 0, 3 * harness::kSecond);
  ASSERT_TRUE(energy.joules) << energy.unknown;
  EXPECT_NEAR(*energy.joules, 0.27, 1e-12);
  EXPECT_EQ(energy.method, "RAPL energy counter");
}

TEST_F(Rapl, SaysWhyItCannotBeRead) {
  zone("intel-rapl:0", "package-0", "5");
  fs::remove(root_ / "intel-rapl:0/energy_uj");
  const RaplMeter gone(root_);
  EXPECT_EQ(gone.devices().at(0).unknown, "energy_uj cannot be read: No such file or directory");
  if (geteuid() != 0) {
    write("intel-rapl:0/energy_uj", "5");
    fs::permissions(root_ / "intel-rapl:0/energy_uj", fs::perms::none);
    const RaplMeter closed(root_);
    EXPECT_EQ(closed.devices().at(0).unknown,
              "energy_uj cannot be read: Permission denied (the kernel lets root alone read it)");
  }
}

TEST_F(Rapl, IsUnknownWhereItsWrapIs) {
  zone("intel-rapl:0", "package-0", "5", "");
  EXPECT_FALSE(RaplMeter(root_).devices().at(0).unknown.empty());
}

TEST_F(Rapl, IsAbsentInMostVirtualMachines) {
  const RaplMeter meter(root_);
  EXPECT_TRUE(meter.devices().empty());
  EXPECT_NE(meter.missing().find("no package"), std::string::npos);
}

}  // namespace
}  // namespace pingjia::adapters
