// Reductions over some axes or all of them. Negative axes count from the end.
#pragma once

#include "frontend/Output.h"
#include "frontend/Variable.h"

namespace graphc {

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
/// The index of the largest (smallest) element along `axis`, which vanishes; the first one wins.
Output argmax(const Output &x, std::int64_t axis = 0, std::string_view name = {},
              DataType output_type = int64, Where where = Where::current());
Output argmin(const Output &x, std::int64_t axis = 0, std::string_view name = {},
              DataType output_type = int64, Where where = Where::current());

} // namespace graphc
