// A graph's nodes as short lines, and a module in MLIR text as such.
#pragma once

#include <string>

#include "runtime/protos/graph_def.pb.h"

namespace graphc::test {

/// One line a node: `y = Sum(x, y/reduction_indices) Tidx=int32 keep_dims=false`, constants with
/// their values. What only says where a node comes from is left out.
std::string nodeLines(const proto::GraphDef &graph);

/// The type of a placeholder of ExportTesting.cpp, "tensor<?x4xf32>".
std::string typeOf(const std::string &value);

/// The nodes of these ops in a program that has placeholders and variables (see ExportTesting.cpp),
/// without the placeholders and variables. The location of the last op is `y`.
std::string exported(const std::string &ops);
/// All of it, serialized.
std::string exportedBytes(const std::string &ops);

} // namespace graphc::test
