// slice and strided_slice, with TensorFlow's masks.
#include <algorithm>

#include "runtime/reference/Indexing.h"
#include "runtime/reference/OpTable.h"
#include "runtime/reference/Parameters.h"

namespace graphc::reference {
namespace {

using Results = std::vector<Tensor>;

Results slice(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  Parameters parameters(call, 1);
  const std::vector<int64_t> begin = parameters.next("begin");
  std::vector<int64_t> size = parameters.next("size");
  const Shape &shape = x.shape();
  if (static_cast<int64_t>(begin.size()) != shape.rank() || size.size() != begin.size())
    invalid(call, "expects begin and size for each axis of " + shape.to_string() + ", got " +
                      std::to_string(begin.size()) + " and " + std::to_string(size.size()));
  View view{0, rowMajorStrides(shape)};
  for (int64_t axis = 0; axis < shape.rank(); ++axis) {
    if (begin[axis] < 0 || begin[axis] > shape[axis])
      invalid(call, "expects begin in [0," + std::to_string(shape[axis]) + "] at axis " +
                        std::to_string(axis) + ", got " + std::to_string(begin[axis]));
    const int64_t rest = shape[axis] - begin[axis];
    if (size[axis] == -1)
      size[axis] = rest;
    if (size[axis] < 0 || size[axis] > rest)
      invalid(call, "expects size in [-1," + std::to_string(rest) + "] at axis " +
                        std::to_string(axis) + ", got " + std::to_string(size[axis]));
    view.start += begin[axis] * view.strides[axis];
  }
  return {pick(x, Shape(size), view)};
}

/// What strided_slice takes of a shape: begin:end:stride entries, one bit of each mask an entry.
struct StridedSlice {
  View view;                    ///< one stride for each axis of the input
  std::vector<int64_t> extents; ///< of the input's axes, before any is dropped or added
  Shape result;

  StridedSlice(const OpCall &call, const Shape &shape, const std::vector<int64_t> &begin,
               const std::vector<int64_t> &end, const std::vector<int64_t> &strides)
      : call_(call), shape_(shape), view_strides_(rowMajorStrides(shape)) {
    if (end.size() != begin.size() || strides.size() != begin.size())
      invalid(call, "expects begin, end and strides of one length, got " +
                        std::to_string(begin.size()) + ", " + std::to_string(end.size()) + " and " +
                        std::to_string(strides.size()));
    const auto entries = static_cast<int64_t>(begin.size());
    bool ellipsis = false;
    int64_t consumed = 0; // axes of the input that entries stand for
    for (int64_t i = 0; i < entries; ++i) {
      if (mask("ellipsis_mask", i) && std::exchange(ellipsis, true))
        invalid(call, "expects at most one ellipsis, got more");
      consumed += !mask("ellipsis_mask", i) && !mask("new_axis_mask", i);
    }
    if (consumed > shape.rank())
      invalid(call, "expects at most " + std::to_string(shape.rank()) + " entries for shape " +
                        shape.to_string() + ", got " + std::to_string(consumed));

    std::vector<int64_t> kept;
    auto takeWholeAxes = [&] {
      for (int64_t left = shape.rank() - consumed; left > 0; --left) {
        kept.push_back(shape[axis()]);
        take(0, shape[axis()], 1);
      }
    };
    for (int64_t i = 0; i < entries; ++i) {
      if (mask("ellipsis_mask", i)) {
        takeWholeAxes();
      } else if (mask("new_axis_mask", i)) {
        kept.push_back(1);
      } else if (mask("shrink_axis_mask", i)) {
        takeOne(begin[i], strides[i]);
      } else {
        takeRange(begin[i], mask("begin_mask", i), end[i], mask("end_mask", i), strides[i]);
        kept.push_back(extents.back());
      }
    }
    if (!ellipsis)
      takeWholeAxes();
    result = Shape(kept);
  }

private:
  bool mask(std::string_view name, int64_t entry) const {
    return call_.attributes.int_or(name, 0) >> entry & 1;
  }

  /// The input's axis that the next entry is for.
  int64_t axis() const { return static_cast<int64_t>(extents.size()); }

  void take(int64_t first, int64_t count, int64_t stride) {
    if (count > 0)
      view.start += first * view_strides_[axis()];
    view.strides.push_back(stride * view_strides_[axis()]);
    extents.push_back(count);
  }

  void takeOne(int64_t index, int64_t stride) {
    const int64_t extent = shape_[axis()];
    if (stride <= 0)
      invalid(call_, "expects stride 1 where an axis is dropped, got " + std::to_string(stride));
    if (index < -extent || index >= extent)
      invalid(call_, "expects an index in [" + std::to_string(-extent) + "," +
                         std::to_string(extent) + ") at axis " + std::to_string(axis()) + ", got " +
                         std::to_string(index));
    take(index < 0 ? index + extent : index, 1, 1);
  }

  /// Python's slices: bounds count from the end where negative and are cut to the axis.
  void takeRange(int64_t begin, bool from_first, int64_t end, bool to_last, int64_t stride) {
    const int64_t extent = shape_[axis()];
    if (stride == 0)
      invalid(call_, "expects strides other than 0, got 0");
    const int64_t lowest = stride > 0 ? 0 : -1, highest = stride > 0 ? extent : extent - 1;
    auto bound = [&](int64_t i) { return std::clamp(i < 0 ? i + extent : i, lowest, highest); };
    const int64_t first = from_first ? (stride > 0 ? lowest : highest) : bound(begin);
    const int64_t last = to_last ? (stride > 0 ? highest : lowest) : bound(end);
    const int64_t distance = stride > 0 ? last - first : first - last;
    const int64_t pace = stride > 0 ? stride : -stride;
    take(first, distance <= 0 ? 0 : (distance + pace - 1) / pace, stride);
  }

  const OpCall &call_;
  const Shape &shape_;
  std::vector<int64_t> view_strides_;
};

Results stridedSlice(const OpCall &call) {
  const Tensor &x = call.inputs[0];
  Parameters parameters(call, 1);
  const std::vector<int64_t> begin = parameters.next("begin");
  const std::vector<int64_t> end = parameters.next("end");
  const std::vector<int64_t> strides = parameters.next("strides");
  const StridedSlice taken(call, x.shape(), begin, end, strides);
  return {pick(x, Shape(taken.extents), taken.view).reshaped(taken.result)};
}

/// Zeros of `shape`, but dy where strided_slice would have read.
Results stridedSliceGrad(const OpCall &call) {
  const Tensor &dy = call.inputs[0];
  Parameters parameters(call, 1);
  const Shape shape(parameters.next("shape"));
  const std::vector<int64_t> begin = parameters.next("begin");
  const std::vector<int64_t> end = parameters.next("end");
  const std::vector<int64_t> strides = parameters.next("strides");
  const StridedSlice taken(call, shape, begin, end, strides);
  if (dy.shape() != taken.result)
    invalid(call, "expects a gradient of shape " + taken.result.to_string() + ", got " +
                      dy.shape().to_string());
  Tensor dx = Tensor::zeros(dy.dtype(), shape);
  place(dy.reshaped(Shape(taken.extents)), dx, taken.view);
  return {dx};
}

constexpr Entry kOps[] = {
    {"slice", slice},
    {"strided_slice", stridedSlice},
    {"strided_slice_grad", stridedSliceGrad},
};

} // namespace

std::span<const Entry> sliceOps() { return kOps; }

} // namespace graphc::reference
