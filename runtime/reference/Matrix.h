// The one matrix product of the reference.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace graphc::reference {

/// Rows and columns of a matrix, transposed or not, as two strides.
template <typename T> struct Matrix {
  const T *data;
  int64_t row_stride;
  int64_t column_stride;

  /// The transpose of a dense matrix swaps its strides; `columns` is the stored row length.
  static Matrix dense(const T *data, int64_t columns, bool transposed = false) {
    return transposed ? Matrix{data, 1, columns} : Matrix{data, columns, 1};
  }
};

/// Calls store(i, row) with each row of the product [m, k] x [k, n], summed up in A. Rows of `b`
/// are read in the innermost loop, so a transposed `b` is copied first.
template <typename A, typename T, typename Store>
void multiply(int64_t m, int64_t k, int64_t n, Matrix<T> a, Matrix<T> b, Store &&store) {
  std::vector<T> turned;
  if (b.column_stride != 1) {
    turned.resize(static_cast<std::size_t>(k * n));
    for (int64_t j = 0; j < n; ++j)
      for (int64_t p = 0; p < k; ++p)
        turned[p * n + j] = b.data[p * b.row_stride + j * b.column_stride];
    b = {turned.data(), n, 1};
  }
  std::vector<A> row(static_cast<std::size_t>(n));
  for (int64_t i = 0; i < m; ++i) {
    std::fill(row.begin(), row.end(), A{0});
    for (int64_t p = 0; p < k; ++p) {
      const A factor = static_cast<A>(a.data[i * a.row_stride + p * a.column_stride]);
      const T *b_row = b.data + p * b.row_stride;
      for (int64_t j = 0; j < n; ++j)
        row[j] += factor * static_cast<A>(b_row[j]);
    }
    store(i, row.data());
  }
}

} // namespace graphc::reference
