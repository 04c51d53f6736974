#include "kernels/measure/cuda/cupti.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>

#if __has_include(<cupti.h>)
#include <cupti.h>
#endif

namespace pingjia::kernels::cuda {
namespace {

// CUPTI's own prototypes and the head of its record of a kernel, in part (cupti_activity.h): the
// same since CUDA 9, so that neither its header nor its stub is needed to build.
constexpr int kConcurrentKernel = 10;
constexpr std::uint32_t kFlushForced = 1;
constexpr std::size_t kBufferBytes = std::size_t{1} << 20, kAlignment = 8;

struct KernelRecord {
  std::uint32_t kind;
  std::uint32_t ignored[3];
  std::uint64_t begin;
  std::uint64_t end;
};

#if __has_include(<cupti.h>)
static_assert(kConcurrentKernel == CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL);
static_assert(kFlushForced == CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
static_assert(kAlignment == ACTIVITY_RECORD_ALIGNMENT);
static_assert(offsetof(KernelRecord, begin) == offsetof(CUpti_ActivityKernel10, start));
static_assert(offsetof(KernelRecord, end) == offsetof(CUpti_ActivityKernel10, end));
#endif

using Next = int (*)(std::uint8_t*, std::size_t, KernelRecord**);
using Dropped = int (*)(void*, std::uint32_t, std::size_t*);

// Callbacks get no pointer of their owner's.
struct Trace {
  Next next = nullptr;
  Dropped dropped = nullptr;
  std::vector<KernelSpan> spans;
  std::size_t lost = 0;
} the_trace;

void give_buffer(std::uint8_t** buffer, std::size_t* bytes, std::size_t* most_records) {
  *buffer = static_cast<std::uint8_t*>(std::aligned_alloc(kAlignment, kBufferBytes));
  *bytes = *buffer == nullptr ? 0 : kBufferBytes;
  *most_records = 0;
}

void take_buffer(void* context, std::uint32_t stream, std::uint8_t* buffer, std::size_t /*bytes*/,
                 std::size_t valid_bytes) {
  KernelRecord* record = nullptr;
  while (valid_bytes > 0 && the_trace.next(buffer, valid_bytes, &record) == 0) {
    if (record->kind == kConcurrentKernel) the_trace.spans.push_back({record->begin, record->end});
  }
  std::size_t lost = 0;
  if (the_trace.dropped(context, stream, &lost) == 0) the_trace.lost += lost;
  std::free(buffer);
}

}  // namespace

struct Cupti::Library {
  void* handle = nullptr;
  int (*register_callbacks)(decltype(&give_buffer), decltype(&take_buffer)) = nullptr;
  int (*enable)(int) = nullptr;
  int (*disable)(int) = nullptr;
  int (*flush)(std::uint32_t) = nullptr;

  ~Library() {
    if (handle != nullptr) dlclose(handle);
  }
  template <class Function>
  bool find(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    return function != nullptr;
  }
  bool find_all() {
    return find(register_callbacks, "cuptiActivityRegisterCallbacks") &&
           find(enable, "cuptiActivityEnable") && find(disable, "cuptiActivityDisable") &&
           find(flush, "cuptiActivityFlushAll") &&
           find(the_trace.next, "cuptiActivityGetNextRecord") &&
           find(the_trace.dropped, "cuptiActivityGetNumDroppedRecords");
  }
  /// Whether the library traces here, tried once.
  bool starts() const {
    return register_callbacks(give_buffer, take_buffer) == 0 && enable(kConcurrentKernel) == 0 &&
           disable(kConcurrentKernel) == 0;
  }
};

double busy_seconds(std::vector<KernelSpan> spans) {
  std::sort(spans.begin(), spans.end(),
            [](const KernelSpan& a, const KernelSpan& b) { return a.begin < b.begin; });
  std::uint64_t busy = 0, until = 0;
  for (const KernelSpan& span : spans) {
    const std::uint64_t from = std::max(span.begin, until);
    if (span.end <= from) continue;
    busy += span.end - from;
    until = span.end;
  }
  return static_cast<double>(busy) * 1e-9;
}

std::unique_ptr<Cupti> Cupti::open(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    auto library = std::make_unique<Library>();
    library->handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library->handle == nullptr) continue;
    if (library->find_all() && library->starts()) {
      return std::unique_ptr<Cupti>(new Cupti(std::move(library)));
    }
  }
  return nullptr;
}

Cupti::Cupti(std::unique_ptr<Library> library) : library_(std::move(library)) {}
Cupti::~Cupti() = default;

std::vector<KernelSpan> Cupti::trace(const std::function<void()>& work) {
  // What an earlier trace left unfinished is not this one's.
  library_->flush(kFlushForced);
  the_trace.spans.clear();
  the_trace.lost = 0;
  if (library_->enable(kConcurrentKernel) != 0) {
    throw std::runtime_error("CUPTI does not trace kernels any more");
  }
  try {
    work();
  } catch (...) {
    library_->disable(kConcurrentKernel);
    throw;
  }
  // Without the flag: records that are not whole would count as spans of length 0.
  const int flushed = library_->flush(0);
  library_->disable(kConcurrentKernel);
  if (flushed != 0) throw std::runtime_error("CUPTI did not hand out its records");
  if (the_trace.lost > 0) {
    throw std::runtime_error("CUPTI lost " + std::to_string(the_trace.lost) + " kernels");
  }
  return std::move(the_trace.spans);
}

}  // namespace pingjia::kernels::cuda
