// Graphs that TensorFlow wrote: GraphDef (.pb, .pbtxt) and MetaGraphDef (.meta) files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "frontend/Graph.h"

namespace graphc {

/// A file, or the bytes of one. A name that ends in `.gz` is unpacked; one that ends in `.pbtxt` or
/// `.pbtxt.gz` holds protobuf's text form, every other the binary one.
class GraphSource {
public:
  GraphSource(const char *path) : path_(path) {}                  // NOLINT: a path is a source
  GraphSource(const std::string &path) : path_(path) {}           // NOLINT
  GraphSource(const std::filesystem::path &path) : path_(path) {} // NOLINT
  /// The serialized message itself; error texts call it `name`.
  static GraphSource bytes(std::string serialized, std::string name = "the graph");

  bool is_file() const { return !path_.empty(); }
  const std::filesystem::path &path() const { return path_; }
  /// The bytes where they were given.
  const std::string &serialized() const { return bytes_; }
  /// What errors call it: the path, or the name given with the bytes.
  std::string name() const { return is_file() ? "'" + path_.string() + "'" : name_; }

private:
  GraphSource() = default;
  std::filesystem::path path_;
  std::string bytes_;
  std::string name_;
};

struct ImportOptions {
  /// Put before every name, with a slash: "import" makes "import/MatMul". Empty: names stay.
  std::string prefix = {};
  /// Tensors of the file ("x:0"; "x" means the same) that are replaced by tensors of the graph. The
  /// nodes that only they needed are imported all the same.
  std::map<std::string, Output> input_map = {};
  /// What to give back: "name" is an op, "name:0" a tensor; names without the prefix.
  std::vector<std::string> return_elements = {};
};

/// One of the elements asked for.
struct ImportedElement {
  Operation operation; ///< the op, or the op that makes the tensor
  Output tensor;       ///< empty where an op was asked for
};

/// Records the nodes of a GraphDef, names kept, as if the program had recorded them here: variables
/// are variables of the graph, and ops run in an order that respects the file's. What TensorFlow
/// only needs to save, restore and check (SaveV2, RestoreV2, Assert) is left out.
///
/// Throws Error: not_found where the file or a name cannot be found, data_loss for bytes that are
/// no such message, unimplemented with the full list where there are op types or dtypes that graphc
/// does not know, invalid_argument for a graph that contradicts itself: each names the file and the
/// node. After an error the graph is what it was before.
std::vector<ImportedElement> import_graph_def(Graph &graph, const GraphSource &source,
                                              const ImportOptions &options = {},
                                              Where where = Where::current());

struct ImportedMetaGraph {
  /// Names by collection ("trainable_variables", "train_op", "summaries", ...), with the prefix:
  /// variables' op names, ops, tensors. Collections of other things are left out.
  std::map<std::string, std::vector<std::string>> collections;
  std::vector<ImportedElement> return_elements;
};

/// The same for the graph of a MetaGraphDef. Which variables are trainable is what its collection
/// says. train::Saver(graph) reads and writes the checkpoints that belong to it.
ImportedMetaGraph import_meta_graph(Graph &graph, const GraphSource &source,
                                    const ImportOptions &options = {},
                                    Where where = Where::current());

} // namespace graphc
