// A trained graph without its variables: what is deployed. No MLIR, no protobuf.
#pragma once

#include <string>
#include <vector>

namespace graphc {

/// The GraphDef `graph` (serialized) with its variables, ref and resource ones, as constants from
/// the checkpoint PREFIX, and of its nodes only those that `fetches` ("logits/BiasAdd:0", or an
/// op's name) need: initializers, training and saving go. Node names stay; nothing in the result is
/// left that changes a variable.
///
/// Throws Error: invalid_argument where nothing is fetched, a fetch needs an op that changes a
/// variable, or a variable's dtype or shape is not the checkpoint's; not_found for an unknown
/// fetch, an input that is no node, and a variable that the checkpoint has not; data_loss for
/// damaged bytes and files; unimplemented for an op that takes a resource variable and is neither a
/// read nor a gather.
std::string freeze_graph_def(const std::string &graph, const std::string &checkpoint,
                             const std::vector<std::string> &fetches);

/// The serialized GraphDef in a file: .pb, .pbtxt, or the graph of a .meta, each also with .gz.
/// Throws Error: not_found where it cannot be opened, data_loss where it holds something else.
std::string read_graph_def(const std::string &path);

} // namespace graphc
