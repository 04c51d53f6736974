#include "kernels/measure/family.h"

// A kernel that fails its check, and one that does not: the program must say so by its exit code.
namespace pingjia::kernels {
namespace {

class MadeTrial final : public Trial {
 public:
  explicit MadeTrial(bool right) : right_(right) {}
  void run() override {}
  std::optional<std::string> check() override {
    if (right_) return std::nullopt;
    return "differs from the reference";
  }
  std::vector<std::span<const std::byte>> operands() const override { return {}; }

 private:
  bool right_;
};

Case made_case(const std::string& op, bool right) {
  Case wanted;
  wanted.row.op = op;
  wanted.row.type = "none";
  wanted.row.model = "any";
  wanted.row.implementation = "made";
  wanted.prepare = [right](Threads&) { return std::make_unique<MadeTrial>(right); };
  return wanted;
}

std::vector<Case> cases_of(const ModelShape&) {
  Case absent = made_case("test/absent", true);
  absent.absent = "libnothing.so is not installed";
  return {made_case("test/fails", false), made_case("test/passes", true), absent};
}

[[maybe_unused]] const bool kAdded = add_family({"test", cases_of, false});

}  // namespace
}  // namespace pingjia::kernels
