#include "harness/commands/energy_recorder.h"

#include <algorithm>
#include <ostream>

namespace pingjia::harness {

namespace {

// Why nothing can be measured; empty where something can.
std::string unknown_of(Telemetry& telemetry) {
  std::string why = telemetry.missing();
  for (const auto& device : telemetry.devices()) {
    if (device.unknown.empty()) return "";
    why += (why.empty() ? "" : "; ") + device.name + ": " + device.unknown;
  }
  return why.empty() ? "no meter" : why;
}

}  // namespace

EnergyRecorder::EnergyRecorder(World& world) : world_(world) {
  if (world.telemetry == nullptr) {
    unknown_ = "no meter was asked";
    return;
  }
  telemetry_ = world.telemetry(world.environment);
  unknown_ = unknown_of(*telemetry_);
  if (!unknown_.empty()) telemetry_.reset();
}

EnergyRecorder::~EnergyRecorder() = default;

std::vector<DeviceEnergy> EnergyRecorder::measure(Nanos begin, Nanos end) {
  std::vector<DeviceEnergy> devices;
  for (const auto& trace : telemetry_->traces()) devices.push_back(energy_of(trace, begin, end));
  for (std::size_t i = 0; i < devices.size() && i < busy_.size(); ++i) {
    if (!busy_[i].empty()) devices[i].flags.emplace_back(flag::kContended);
  }
  return devices;
}

void EnergyRecorder::watch_idle(double idle_s, const std::function<bool()>& going) {
  if (!telemetry_ || idle_s <= 0) return;
  busy_ = telemetry_->busy();
  telemetry_->start();
  const Nanos begin = telemetry_->mark();
  const Nanos deadline = world_.loop.now() + static_cast<Nanos>(idle_s * 1e9);
  // A timer, so that the loop has something to wait for.
  const TimerId timer = world_.loop.call_at(deadline, [] {});
  while (world_.loop.now() < deadline && going()) world_.loop.turn(deadline);
  world_.loop.cancel(timer);
  const Nanos end = telemetry_->mark();
  idle_ = measure(begin, end);
  idle_s_ = seconds(end - begin);
  telemetry_->stop();
}

void EnergyRecorder::open() {
  session_ = {};
  session_.unknown = unknown_;
  session_.idle = idle_;
  session_.idle_s = idle_s_;
  if (!telemetry_) return;
  busy_ = telemetry_->busy();
  const auto devices = telemetry_->devices();
  for (std::size_t i = 0; i < busy_.size() && i < devices.size(); ++i) {
    if (busy_[i].empty()) continue;
    world_.err << "pingjia: " << devices[i].name << " is in use (" << busy_[i]
               << "): energy and speed will be theirs too\n";
  }
  telemetry_->start();
}

void EnergyRecorder::begin() {
  if (!telemetry_) return;
  begun_ = telemetry_->mark();
  telemetry_->forget(begun_);
}

void EnergyRecorder::end(const std::string& suite) {
  if (!telemetry_) return;
  const Nanos ended = telemetry_->mark();
  session_.windows.push_back({suite, begun_, ended, measure(begun_, ended)});
}

void EnergyRecorder::remote() {
  session_ = {};
  session_.unknown = "the model runs elsewhere: no meter of this machine sees it";
}

SessionEnergy EnergyRecorder::close() {
  if (!telemetry_) return session_;
  const double share = telemetry_->stop();
  if (session_.unknown.empty()) session_.poll_share = share;
  return session_;
}

}  // namespace pingjia::harness
