#pragma once

#include "harness/commands/download.h"

namespace pingjia::adapters {

/// One GET by libcurl: redirects followed, credentials sent to the first host only, no reply for a
/// minute is an error; proxies as libcurl's environment variables say.
harness::Downloaded download(const harness::DownloadRequest& request,
                             const std::function<void(std::string_view)>& sink);

}  // namespace pingjia::adapters
