// Rows to train or test on, given out in batches.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "runtime/Tensor.h"

namespace graphc::examples {

struct Dataset {
  std::int64_t size = 0;
  /// Tensors [rows, ...] of the given rows, in the order of the program's fed rows.
  std::function<std::vector<Tensor>(std::span<const std::int64_t> rows)> batch = {};

  bool empty() const { return size == 0; }
};

/// Rows that lie in memory: columns [size, ...], of as many rows each.
Dataset rowsOf(std::vector<Tensor> columns);
/// The given rows of another data set.
Dataset selectRows(Dataset from, std::vector<std::int64_t> rows);
/// Rows [begin, begin + count) of another data set, or as many of them as there are.
Dataset rowRange(Dataset from, std::int64_t begin, std::int64_t count);

/// float32 [labels, classes] of integer labels [labels].
Tensor oneHot(const Tensor &labels, std::int64_t classes);

} // namespace graphc::examples
