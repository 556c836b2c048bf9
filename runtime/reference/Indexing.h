// Walking over tensors by strides: broadcasting, permuting and slicing are all the same loop.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/Shape.h"
#include "runtime/Tensor.h"

namespace graphc::reference {

/// How positions of an iteration map to elements of one tensor.
struct View {
  int64_t start = 0;
  std::vector<int64_t> strides; ///< in elements, one an axis of the iteration
};

inline std::vector<int64_t> rowMajorStrides(const Shape &shape) {
  std::vector<int64_t> strides(static_cast<std::size_t>(shape.rank()));
  int64_t stride = 1;
  for (int64_t axis = shape.rank(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/// `operand` as if broadcast to `shape`: stride zero where its element is repeated.
inline View broadcastView(const Shape &operand, const Shape &shape) {
  View view{0, std::vector<int64_t>(static_cast<std::size_t>(shape.rank()), 0)};
  const std::vector<int64_t> strides = rowMajorStrides(operand);
  const int64_t missing = shape.rank() - operand.rank();
  for (int64_t axis = 0; axis < operand.rank(); ++axis)
    if (operand[axis] != 1)
      view.strides[axis + missing] = strides[axis];
  return view;
}

/// Calls `visit` for all positions of `shape` in row-major order, with the offset of the element
/// of each view.
template <std::size_t N, typename Function>
void walk(const Shape &shape, const std::array<View, N> &views, Function &&visit) {
  if (shape.num_elements() == 0)
    return;
  const int64_t rank = shape.rank();
  const int64_t row_length = rank == 0 ? 1 : shape[rank - 1];
  std::array<int64_t, N> row;
  std::array<int64_t, N> step{};
  for (std::size_t n = 0; n < N; ++n) {
    row[n] = views[n].start;
    if (rank > 0)
      step[n] = views[n].strides[rank - 1];
  }
  std::vector<int64_t> index(static_cast<std::size_t>(rank), 0);
  for (;;) {
    std::array<int64_t, N> offset = row;
    for (int64_t i = 0; i < row_length; ++i) {
      visit(offset);
      for (std::size_t n = 0; n < N; ++n)
        offset[n] += step[n];
    }
    int64_t axis = rank - 2;
    for (; axis >= 0; --axis) {
      for (std::size_t n = 0; n < N; ++n)
        row[n] += views[n].strides[axis];
      if (++index[axis] < shape[axis])
        break;
      for (std::size_t n = 0; n < N; ++n)
        row[n] -= views[n].strides[axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis < 0)
      return;
  }
}

/// A new tensor of `shape` whose elements `view` picks from `source`.
inline Tensor pick(const Tensor &source, const Shape &shape, const View &view) {
  Tensor result(source.dtype(), shape);
  dispatch(source.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T *in = source.data<T>();
    T *out = result.data<T>();
    walk<1>(shape, {view}, [&](std::array<int64_t, 1> at) { *out++ = in[at[0]]; });
  });
  return result;
}

/// The inverse: stores all elements of `source` where `view` of `target` says.
inline void place(const Tensor &source, Tensor &target, const View &view) {
  dispatch(source.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T *in = source.data<T>();
    T *out = target.data<T>();
    walk<1>(source.shape(), {view}, [&](std::array<int64_t, 1> at) { out[at[0]] = *in++; });
  });
}

/// A shape seen from one axis: elements lie at (outer * extent + i) * inner + rest.
struct AxisSplit {
  int64_t outer = 1;
  int64_t extent = 1;
  int64_t inner = 1;

  AxisSplit(const Shape &shape, int64_t axis) : extent(shape[axis]) {
    for (int64_t before = 0; before < axis; ++before)
      outer *= shape[before];
    for (int64_t after = axis + 1; after < shape.rank(); ++after)
      inner *= shape[after];
  }
};

/// `axis`, counted from the end where negative.
inline int64_t resolveAxis(int64_t axis, int64_t rank) { return axis < 0 ? axis + rank : axis; }

} // namespace graphc::reference
