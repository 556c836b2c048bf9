// TensorFlow's files on the command line, and what they are fed with.
#pragma once

#include <string>
#include <vector>

#include "frontend/Graph.h"
#include "runtime/session/Session.h"

namespace graphc::tools {

/// Whether the name is that of a GraphDef or a MetaGraphDef: .pb, .pbtxt, .meta, each perhaps with
/// .gz.
bool isGraphFile(const std::string &name);

/// Records its nodes; a .meta file is a MetaGraphDef.
void importFile(Graph &graph, const std::string &name);

/// "x:0=values.npy" or "x:0=0.5", which becomes a scalar of the tensor's dtype. Throws Error
/// (invalid_argument) for other texts, not_found for unknown tensors and files.
Feed parseFeed(const Graph &graph, const std::string &text);
std::vector<Feed> parseFeeds(const Graph &graph, const std::vector<std::string> &texts);

} // namespace graphc::tools
