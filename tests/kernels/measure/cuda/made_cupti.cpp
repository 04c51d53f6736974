// A tracing library in CUPTI's place, without a device: what `made_cupti_run` says of a kernel is
// kept while tracing is on, and handed out as CUPTI does, in buffers asked of its user.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace {

// As long as CUPTI 13's record; only its head is read.
struct Record {
  std::uint32_t kind;
  std::uint32_t ignored[3];
  std::uint64_t begin, end;
  std::uint8_t rest[184];
};

using Request = void (*)(std::uint8_t**, std::size_t*, std::size_t*);
using Complete = void (*)(void*, std::uint32_t, std::uint8_t*, std::size_t, std::size_t);

Request request = nullptr;
Complete complete = nullptr;
bool on = false;
std::vector<Record> kept;
std::size_t lost = 0;

}  // namespace

extern "C" {

void made_cupti_run(std::uint32_t kind, std::uint64_t begin, std::uint64_t end) {
  if (on) kept.push_back({kind, {}, begin, end, {}});
}
void made_cupti_lose(std::size_t count) {
  lost = count;
}

int cuptiActivityRegisterCallbacks(Request on_request, Complete on_complete) {
  request = on_request, complete = on_complete;
  return 0;
}
int cuptiActivityEnable(int kind) {
  on = kind == 10;
  return on ? 0 : 1;
}
int cuptiActivityDisable(int) {
  on = false;
  return 0;
}
// Two records in a buffer, so that there are several.
int cuptiActivityFlushAll(std::uint32_t) {
  for (std::size_t first = 0; first < kept.size(); first += 2) {
    std::uint8_t* buffer = nullptr;
    std::size_t bytes = 0, most = 0;
    request(&buffer, &bytes, &most);
    const std::size_t valid = std::min<std::size_t>(2, kept.size() - first) * sizeof(Record);
    if (buffer == nullptr || bytes < valid) return 1;
    std::memcpy(buffer, &kept[first], valid);
    complete(nullptr, 0, buffer, bytes, valid);
  }
  kept.clear();
  return 0;
}
int cuptiActivityGetNextRecord(std::uint8_t* buffer, std::size_t valid, Record** record) {
  auto* next = *record == nullptr ? reinterpret_cast<Record*>(buffer) : *record + 1;
  if (reinterpret_cast<std::uint8_t*>(next) >= buffer + valid) return 12;  // No more.
  *record = next;
  return 0;
}
int cuptiActivityGetNumDroppedRecords(void*, std::uint32_t, std::size_t* count) {
  *count = lost;
  lost = 0;
  return 0;
}
}
