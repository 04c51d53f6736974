#include "reports/html/deflate.h"

#include <zlib.h>

#include <new>

namespace pingjia::reports {

std::string deflate(std::string_view bytes) {
  std::string packed;
  uLongf size = compressBound(bytes.size());
  packed.resize(size);
  // The buffer holds whatever comes out, so only memory can be wanting.
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_BEST_SPEED) != Z_OK) {
    throw std::bad_alloc();
  }
  packed.resize(size);
  return packed;
}

}  // namespace pingjia::reports
