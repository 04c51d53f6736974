#include "kernels/processor/buffer.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace pingjia::kernels {

Buffer::Buffer(std::int64_t bytes) : bytes_(bytes) {
  constexpr std::size_t kLine = 64;
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  const auto wanted = static_cast<std::size_t>(bytes);
  const std::size_t unit = wanted >= kHugePage ? kHugePage : kLine;
  const std::size_t whole = (wanted / unit + 1) * unit;
  data_.reset(static_cast<std::byte*>(std::aligned_alloc(unit, whole)));
  if (data_ == nullptr) throw std::bad_alloc();
  if (unit == kHugePage) madvise(data_.get(), whole, MADV_HUGEPAGE);
}

void Buffer::Free::operator()(std::byte* data) const {
  std::free(data);
}

}  // namespace pingjia::kernels
