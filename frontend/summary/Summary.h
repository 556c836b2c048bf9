// TensorFlow's tf.summary: what TensorBoard shows, as ops of the graph. A fetched summary is a
// uint8 vector, a serialized Summary message, which FileWriter::add_summary takes.
#pragma once

#include <string_view>
#include <vector>

#include "frontend/Output.h"

namespace graphc {
class Graph;
}

namespace graphc::summary {

/// A curve: `tensor`, of one element and any numeric dtype, as float32. The tag is the op's name,
/// scopes included; characters that no op name may have become "_".
Output scalar(std::string_view name, const Output &tensor, Where where = Where::current());

/// How `values`, of any shape and numeric dtype, are distributed. A run in which one is not finite
/// throws Error (invalid_argument).
Output histogram(std::string_view name, const Output &values, Where where = Where::current());

/// The values of all of `inputs`, in order. Throws Error (invalid_argument) where there are none.
Output merge(const std::vector<Output> &inputs, std::string_view name = {},
             Where where = Where::current());

/// All scalars and histograms that the graph has now; an empty Output where there are none.
Output merge_all(Graph &graph, Where where = Where::current());

/// A summary of a number that the program computed itself, such as the accuracy of an epoch: what
/// tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=value)]) is.
Tensor scalar_value(const std::string &tag, float value);

} // namespace graphc::summary
