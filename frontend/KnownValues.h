// What is known of a tensor's value while the graph is built. For graphc itself; no MLIR.
#pragma once

#include <optional>
#include <span>
#include <utility>

#include "frontend/Output.h"

namespace graphc {

/// The value where it follows from constants and known extents alone (TensorFlow's constant_value):
/// looks through graph.shape and through pure ops of such values, as long as they are small.
std::optional<Tensor> knownValue(const Output &output);
/// The same where these outputs, such as a region's arguments, are taken to have these values.
std::optional<Tensor> knownValue(const Output &output,
                                 std::span<const std::pair<Output, Tensor>> given);

/// The shape that the one-dimensional integer tensor holds, -1 for extents that are not known; an
/// unknown rank where not even their number is.
Shape knownExtents(const Output &extents);

} // namespace graphc
