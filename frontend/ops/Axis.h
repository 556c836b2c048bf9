// The axis of an op on one tensor. For graphc itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "frontend/Recorder.h"

namespace graphc {

/// The axis counted from the front where x's rank is known, else as it is; nothing, after fail(),
/// where it lies outside of [-rank, rank).
std::optional<std::int64_t> axisOf(Graph &graph, const Output &x, std::int64_t axis,
                                   std::string_view name, Where where);

} // namespace graphc
