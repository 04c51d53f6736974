#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "kernels/cuda/stream.h"

namespace cudnn_frontend::graph {
class Graph;
}

namespace pingjia::kernels::cuda {

/// Why cuDNN cannot be used here; empty: it can.
std::string cudnn_absent();

/// A graph without operations, of bf16 tensors, computed in fp32.
std::shared_ptr<cudnn_frontend::graph::Graph> cudnn_graph();

/// Puts a graph on a stream, with the device's address of each tensor by its number.
using CudnnPlan = std::function<void(std::unordered_map<std::int64_t, void*>, Stream)>;

/// The engine that the library's heuristics put first for this graph. Throws Unsupported
/// (measure/trial.h) when it has none.
CudnnPlan cudnn_plan(const std::shared_ptr<cudnn_frontend::graph::Graph>& graph);

}  // namespace pingjia::kernels::cuda
