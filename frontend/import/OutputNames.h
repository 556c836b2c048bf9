// The names of op types' outputs, by which a function's nodes call them. For graphc itself.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/protos/graph_def.pb.h"

namespace graphc::importing {

/// The number, among all outputs of the node, of the first one that its op type calls `argument`;
/// nothing where it has no such output. Of types with one output, or one list of them, any name is
/// right.
std::optional<int> firstOutput(const proto::NodeDef &node, std::string_view argument);

} // namespace graphc::importing
