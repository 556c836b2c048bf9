// Ops that follow an order along an axis (running sums, the largest elements), sequences of
// different lengths in one batch, and addresses made of several indices. Axes count from the end
// where negative. Every op throws Error (invalid_argument), naming itself and the user's line, for
// what does not fit.
#pragma once

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc {

struct CumsumOptions {
  bool exclusive = false; ///< without the element itself
  bool reverse = false;   ///< from the end
  std::string_view name = {};
};
/// The sums of all elements up to each one along `axis`, of x's shape.
Output cumsum(const Output &x, std::int64_t axis = 0, const CumsumOptions &options = {},
              Where where = Where::current());

/// The first seq_lengths[b] elements along `seq_axis` in reverse order, the others as they are; `b`
/// is the index along `batch_axis`, seq_lengths [shape(x)[batch_axis]] are int32 or int64.
Output reverse_sequence(const Output &x, const Input &seq_lengths, std::int64_t seq_axis,
                        std::int64_t batch_axis = 0, std::string_view name = {},
                        Where where = Where::current());
/// mask[i..., t] = t < lengths[i...], for t below `maxlen`: a number, or a scalar such as an
/// element of shape(x), of lengths' dtype or another integer one. The extent must be known when the
/// program is compiled, so that it cannot be the largest of fed lengths, TensorFlow's default.
Output sequence_mask(const Output &lengths, const Input &maxlen, DataType dtype = bool_,
                     std::string_view name = {}, Where where = Where::current());

/// params[indices[i..., 0], indices[i..., 1], ...]: the elements, or slices, at the addresses that
/// stand along the last axis of int32 or int64 `indices`.
Output gather_nd(const Output &params, const Input &indices, std::string_view name = {},
                 Where where = Where::current());
/// Zeros of `shape`, with updates[i..., b...] added at the address indices[i..., :].
Output scatter_nd(const Output &indices, const Input &updates, const Dims &shape,
                  std::string_view name = {}, Where where = Where::current());

/// x with x[index] replaced by `row`; `index` is a scalar int32 or int64. A tensor whose rows a
/// loop makes one by one is a loop variable that starts as zeros. An index out of range is an Error
/// (invalid_argument) of the run.
Output update_row(const Output &x, const Input &index, const Input &row, std::string_view name = {},
                  Where where = Where::current());

namespace nn {

struct TopK {
  Output values;  ///< [..., k], of the input's dtype
  Output indices; ///< [..., k], int32
};
/// The k largest elements along the last axis, in descending order; of equal ones the first.
TopK top_k(const Output &input, std::int64_t k = 1, bool sorted = true, std::string_view name = {},
           Where where = Where::current());
/// For each row whether predictions[row, targets[row]] is among the k largest; ties count as in.
/// predictions [batch, classes], targets [batch] of int32 or int64 -> bool [batch].
Output in_top_k(const Output &predictions, const Input &targets, std::int64_t k,
                std::string_view name = {}, Where where = Where::current());

} // namespace nn
} // namespace graphc
