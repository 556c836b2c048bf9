// Reductions over some axes or all of them. Negative axes count from the end.
#pragma once

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc {

/// The arguments of a reduction by name: `reduce_mean(x, {.axes = 1, .name = "cost"})`.
struct ReduceOptions {
  /// Nothing to be set: keeps a list of numbers from being taken for options.
  struct ByName {
  } by_name = {};
  Axes axes = {};
  bool keep_dims = false;
  std::string_view name = {};
};

/// The sum over `axes` (default: all); with `keep_dims` they stay, with extent 1.
Output reduce_sum(const Output &x, const Axes &axes = {}, bool keep_dims = false,
                  std::string_view name = {}, Where where = Where::current());
/// The mean; of integers, rounded toward zero. Over no elements: NaN.
Output reduce_mean(const Output &x, const Axes &axes = {}, bool keep_dims = false,
                   std::string_view name = {}, Where where = Where::current());
Output reduce_max(const Output &x, const Axes &axes = {}, bool keep_dims = false,
                  std::string_view name = {}, Where where = Where::current());
Output reduce_min(const Output &x, const Axes &axes = {}, bool keep_dims = false,
                  std::string_view name = {}, Where where = Where::current());
Output reduce_prod(const Output &x, const Axes &axes = {}, bool keep_dims = false,
                   std::string_view name = {}, Where where = Where::current());
/// Of bools: whether all, or any, are true.
Output reduce_all(const Output &x, const Axes &axes = {}, bool keep_dims = false,
                  std::string_view name = {}, Where where = Where::current());
Output reduce_any(const Output &x, const Axes &axes = {}, bool keep_dims = false,
                  std::string_view name = {}, Where where = Where::current());
/// log(sum(exp(x))) over `axes`, computed around the largest element so that nothing overflows.
Output reduce_logsumexp(const Output &x, const Axes &axes = {}, bool keep_dims = false,
                        std::string_view name = {}, Where where = Where::current());
/// The index of the largest (smallest) element along `axis`, which vanishes; the first one wins.
Output argmax(const Output &x, std::int64_t axis = 0, std::string_view name = {},
              DataType output_type = int64, Where where = Where::current());
Output argmin(const Output &x, std::int64_t axis = 0, std::string_view name = {},
              DataType output_type = int64, Where where = Where::current());

/// The same, with arguments by name.
inline Output reduce_sum(const Output &x, const ReduceOptions &options,
                         Where where = Where::current()) {
  return reduce_sum(x, options.axes, options.keep_dims, options.name, where);
}
inline Output reduce_mean(const Output &x, const ReduceOptions &options,
                          Where where = Where::current()) {
  return reduce_mean(x, options.axes, options.keep_dims, options.name, where);
}
inline Output reduce_max(const Output &x, const ReduceOptions &options,
                         Where where = Where::current()) {
  return reduce_max(x, options.axes, options.keep_dims, options.name, where);
}
inline Output reduce_min(const Output &x, const ReduceOptions &options,
                         Where where = Where::current()) {
  return reduce_min(x, options.axes, options.keep_dims, options.name, where);
}
inline Output reduce_prod(const Output &x, const ReduceOptions &options,
                          Where where = Where::current()) {
  return reduce_prod(x, options.axes, options.keep_dims, options.name, where);
}
inline Output reduce_logsumexp(const Output &x, const ReduceOptions &options,
                               Where where = Where::current()) {
  return reduce_logsumexp(x, options.axes, options.keep_dims, options.name, where);
}
inline Output reduce_all(const Output &x, const ReduceOptions &options,
                         Where where = Where::current()) {
  return reduce_all(x, options.axes, options.keep_dims, options.name, where);
}
inline Output reduce_any(const Output &x, const ReduceOptions &options,
                         Where where = Where::current()) {
  return reduce_any(x, options.axes, options.keep_dims, options.name, where);
}

} // namespace graphc
