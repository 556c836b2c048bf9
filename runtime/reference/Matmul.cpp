// Matrix products, single and in batches.
#include <algorithm>

#include "runtime/reference/Epilogue.h"
#include "runtime/reference/Indexing.h"
#include "runtime/reference/Matrix.h"
#include "runtime/reference/OpTable.h"

namespace graphc::reference {
namespace {

Shape leading(const Shape &shape) {
  return Shape(std::vector<int64_t>(shape.extents().begin(), shape.extents().end() - 2));
}

Tensor product(const OpCall &call) {
  const Tensor &a = call.inputs[0], &b = call.inputs[1];
  if (a.shape().rank() < 2 || b.shape().rank() < 2)
    invalid(call, "expects operands of rank 2 or more, got " + a.shape().to_string() + " and " +
                      b.shape().to_string());
  const bool transpose_a = call.attributes.bool_or("transpose_a", false);
  const bool transpose_b = call.attributes.bool_or("transpose_b", false);
  const int64_t a_columns = a.shape()[a.shape().rank() - 1],
                a_rows = a.shape()[a.shape().rank() - 2];
  const int64_t b_columns = b.shape()[b.shape().rank() - 1],
                b_rows = b.shape()[b.shape().rank() - 2];
  const int64_t m = transpose_a ? a_columns : a_rows, k = transpose_a ? a_rows : a_columns;
  const int64_t n = transpose_b ? b_rows : b_columns;
  if (k != (transpose_b ? b_columns : b_rows))
    invalid(call, "expects equal inner extents, got " + a.shape().to_string() + " and " +
                      b.shape().to_string());
  const Shape a_batch = leading(a.shape()), b_batch = leading(b.shape());
  std::optional<Shape> batch = Shape::broadcast(a_batch, b_batch);
  if (!batch)
    invalid(call, "expects leading extents that broadcast, got " + a.shape().to_string() + " and " +
                      b.shape().to_string());
  std::vector<int64_t> extents = batch->extents();
  extents.insert(extents.end(), {m, n});
  Tensor c(a.dtype(), Shape(extents));
  dispatchNumeric(call, a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using A = Accumulator<T>;
    const T *a_data = a.data<T>();
    const T *b_data = b.data<T>();
    T *out = c.data<T>();
    // Offsets count whole matrices.
    walk<2>(*batch, {broadcastView(a_batch, *batch), broadcastView(b_batch, *batch)},
            [&](std::array<int64_t, 2> at) {
              multiply<A, T>(
                  m, k, n, Matrix<T>::dense(a_data + at[0] * m * k, a_columns, transpose_a),
                  Matrix<T>::dense(b_data + at[1] * k * n, b_columns, transpose_b),
                  [&](int64_t, const A *row) {
                    out = std::transform(row, row + n, out, [](A x) { return static_cast<T>(x); });
                  });
            });
  });
  return c;
}

std::vector<Tensor> matmul(const OpCall &call) { return {product(call)}; }

std::vector<Tensor> fusedMatmul(const OpCall &call) { return withEpilogue(call, product(call)); }

constexpr Entry kOps[] = {
    {"matmul", matmul},
    {"fused_matmul", fusedMatmul},
};

} // namespace

std::span<const Entry> matmulOps() { return kOps; }

} // namespace graphc::reference
