#include "examples/training/Dataset.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "runtime/Status.h"

namespace graphc::examples {

static Tensor gatherRows(const Tensor &column, std::span<const std::int64_t> rows) {
  std::vector<std::int64_t> extents = column.shape().extents();
  const std::size_t row_bytes = column.num_bytes() / static_cast<std::size_t>(extents.front());
  extents.front() = static_cast<std::int64_t>(rows.size());
  Tensor out(column.dtype(), Shape(std::move(extents)));
  auto *to = static_cast<std::byte *>(out.raw_data());
  const auto *from = static_cast<const std::byte *>(column.raw_data());
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::memcpy(to + i * row_bytes, from + static_cast<std::size_t>(rows[i]) * row_bytes,
                row_bytes);
  return out;
}

Dataset rowsOf(std::vector<Tensor> columns) {
  if (columns.empty() || columns.front().shape().rank() == 0)
    throw Error(Code::invalid_argument, "expected columns [rows, ...] of a data set, got none");
  const std::int64_t size = columns.front().shape()[0];
  for (const Tensor &column : columns)
    if (column.shape().rank() == 0 || column.shape()[0] != size)
      throw Error(Code::invalid_argument, "expected columns of " + std::to_string(size) +
                                              " rows, got " + column.shape().to_string());
  return {size, [columns = std::move(columns)](std::span<const std::int64_t> rows) {
            std::vector<Tensor> batch;
            for (const Tensor &column : columns)
              batch.push_back(gatherRows(column, rows));
            return batch;
          }};
}

Dataset selectRows(Dataset from, std::vector<std::int64_t> rows) {
  const auto size = static_cast<std::int64_t>(rows.size());
  return {size,
          [from = std::move(from), rows = std::move(rows)](std::span<const std::int64_t> wanted) {
            std::vector<std::int64_t> there;
            for (std::int64_t row : wanted)
              there.push_back(rows[static_cast<std::size_t>(row)]);
            return from.batch(there);
          }};
}

Dataset rowRange(Dataset from, std::int64_t begin, std::int64_t count) {
  std::vector<std::int64_t> rows(
      static_cast<std::size_t>(std::clamp<std::int64_t>(count, 0, from.size - begin)));
  std::iota(rows.begin(), rows.end(), begin);
  return selectRows(std::move(from), std::move(rows));
}

Tensor oneHot(const Tensor &labels, std::int64_t classes) {
  const Tensor numbers = labels.cast(int64);
  Tensor out = Tensor::zeros(float32, {numbers.num_elements(), classes});
  for (std::int64_t row = 0; row < numbers.num_elements(); ++row)
    out.data<float>()[row * classes + numbers.data<std::int64_t>()[row]] = 1;
  return out;
}

} // namespace graphc::examples
