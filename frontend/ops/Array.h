// Shapes, slices, and tensors made of nothing. Axes count from the end where negative. Every op
// throws Error (invalid_argument), naming itself and the user's line, for what does not fit.
#pragma once

#include <optional>
#include <utility>

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc {

/// y[i[perm[0]], i[perm[1]], ...] = x[i...]; without `perm` the axes are reversed.
Output transpose(const Output &x, const Axes &perm = {}, std::string_view name = {},
                 Where where = Where::current());
/// The same elements in row-major order under another shape; one extent may be -1.
Output reshape(const Output &x, const Dims &shape, std::string_view name = {},
               Where where = Where::current());
/// A new axis of extent 1; `axis` in [-rank - 1, rank].
Output expand_dims(const Output &x, std::int64_t axis, std::string_view name = {},
                   Where where = Where::current());
/// Without the given axes, which have extent 1; by default without all of extent 1.
Output squeeze(const Output &x, const Axes &axes = {}, std::string_view name = {},
               Where where = Where::current());
/// One after another along `axis`; all other extents agree.
Output concat(const std::vector<Output> &values, std::int64_t axis, std::string_view name = {},
              Where where = Where::current());
/// `num` equal parts along `axis`.
std::vector<Output> split(const Output &value, std::int64_t num, std::int64_t axis = 0,
                          std::string_view name = {}, Where where = Where::current());
/// Parts of the given sizes; one may be -1 where the extent is known.
std::vector<Output> split(const Output &value, const std::vector<std::int64_t> &sizes,
                          std::int64_t axis = 0, std::string_view name = {},
                          Where where = Where::current());
/// Tensors of one shape along a new axis.
Output stack(const std::vector<Output> &values, std::int64_t axis = 0, std::string_view name = {},
             Where where = Where::current());
/// The slices along an axis whose extent is known or given as `num`; the axis vanishes.
std::vector<Output> unstack(const Output &value, std::optional<std::int64_t> num = {},
                            std::int64_t axis = 0, std::string_view name = {},
                            Where where = Where::current());
/// `size` elements from `begin` along each axis; a size of -1 is the rest.
Output slice(const Output &x, const Dims &begin, const Dims &size, std::string_view name = {},
             Where where = Where::current());

struct StridedSliceOptions {
  /// Bit i: begin[i] / end[i] does not limit; an ellipsis, a new axis, or an axis that vanishes
  /// stands at i.
  std::int64_t begin_mask = 0;
  std::int64_t end_mask = 0;
  std::int64_t ellipsis_mask = 0;
  std::int64_t new_axis_mask = 0;
  std::int64_t shrink_axis_mask = 0;
  std::string_view name = {};
};
/// x[begin : end : strides], NumPy's slicing; without strides, steps of one.
Output strided_slice(const Output &x, const Dims &begin, const Dims &end, const Dims &strides = {},
                     const StridedSliceOptions &options = {}, Where where = Where::current());
/// Repeats x multiples[i] times along axis i.
Output tile(const Output &x, const Dims &multiples, std::string_view name = {},
            Where where = Where::current());
/// paddings[i] = {before, after}: how many elements `value` are put around axis i.
Output pad(const Output &x, const std::vector<std::pair<std::int64_t, std::int64_t>> &paddings,
           double value = 0, std::string_view name = {}, Where where = Where::current());
/// x broadcast to `shape`.
Output broadcast_to(const Output &x, const Dims &shape, std::string_view name = {},
                    Where where = Where::current());
/// The elements along the given axes in reverse order.
Output reverse(const Output &x, const Axes &axes, std::string_view name = {},
               Where where = Where::current());
/// params[..., indices[...], ...]: the slices along `axis` that int32 or int64 `indices` name.
Output gather(const Output &params, const Input &indices, std::int64_t axis = 0,
              std::string_view name = {}, Where where = Where::current());

struct OneHotOptions {
  Input on_value = 1;
  Input off_value = 0;
  std::int64_t axis = -1;
  DataType dtype = float32; ///< where the values are numbers
  std::string_view name = {};
};
/// A new axis of extent `depth` at `axis`, on_value where its index is the element, off_value
/// elsewhere (everywhere for an element outside of [0, depth)).
Output one_hot(const Output &indices, std::int64_t depth, const OneHotOptions &options = {},
               Where where = Where::current());

/// The shape, the number of elements and the rank, known when the graph runs.
Output shape(const Output &x, std::string_view name = {}, DataType out_type = int32,
             Where where = Where::current());
Output size(const Output &x, std::string_view name = {}, DataType out_type = int32,
            Where where = Where::current());
Output rank(const Output &x, std::string_view name = {}, Where where = Where::current());

/// A constant, in a graph: `constant(g, 1.5f)`.
Output constant(Graph &graph, const Tensor &value, std::string_view name = {},
                Where where = Where::current());
/// A tensor of `dims` filled with one scalar.
Output fill(Graph &graph, const Dims &dims, const Input &value, std::string_view name = {},
            Where where = Where::current());
Output zeros(Graph &graph, const Dims &shape, DataType dtype = float32, std::string_view name = {},
             Where where = Where::current());
Output ones(Graph &graph, const Dims &shape, DataType dtype = float32, std::string_view name = {},
            Where where = Where::current());
Output zeros_like(const Output &x, std::string_view name = {}, Where where = Where::current());
Output ones_like(const Output &x, std::string_view name = {}, Where where = Where::current());
/// start, start + delta, ... below limit (above, for a negative delta).
Output range(Graph &graph, const Input &start, const Input &limit, const Input &delta = 1,
             std::string_view name = {}, Where where = Where::current());
/// 0, 1, ... below limit.
Output range(Graph &graph, const Input &limit, std::string_view name = {},
             Where where = Where::current());

} // namespace graphc
