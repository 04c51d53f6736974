#pragma once

#include "harness/score/thinking.h"

namespace pingjia::suites {

using harness::without_thinking;

}  // namespace pingjia::suites
