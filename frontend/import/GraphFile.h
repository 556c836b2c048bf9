// Bytes on disk to the messages they hold. For graphc itself.
#pragma once

#include "frontend/import/ImportGraphDef.h"
#include "runtime/protos/meta_graph.pb.h"

namespace graphc::importing {

/// Throws Error: not_found where the file cannot be opened, data_loss where it holds something
/// else.
proto::GraphDef readGraphDef(const GraphSource &source);
proto::MetaGraphDef readMetaGraphDef(const GraphSource &source);

} // namespace graphc::importing
