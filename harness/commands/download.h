#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::harness {

struct DownloadRequest {
  std::string url;
  std::vector<std::string> headers;  ///< "Name: value"; credentials stay with the first host.
  std::uintmax_t from = 0;           ///< Bytes that are here already; the rest is asked for.
};

struct Downloaded {
  int status = 0;  ///< HTTP's, after redirects; 0: `error` says why there was no reply.
  std::string error;
  std::map<std::string, std::string> headers;  ///< Of the last reply; names in lower case.
};

/// One GET, redirects followed, its body given to `sink` in pieces when the status is 200 or 206.
/// Returns when it is over; never throws but what `sink` throws.
using Download = Downloaded (*)(const DownloadRequest& request,
                                const std::function<void(std::string_view)>& sink);

}  // namespace pingjia::harness
