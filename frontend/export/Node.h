// One node of a GraphDef while it is written.
#pragma once

#include <string>
#include <vector>

#include "ir/ShapeFunctions.h"
#include "runtime/protos/graph_def.pb.h"

namespace graphc::graphdef {

/// Sets a node's attributes, in a chain.
class Node {
public:
  explicit Node(proto::NodeDef &def) : def_(&def) {}

  const std::string &name() const { return def_->name(); }
  /// How other nodes name result `index`: "name", "name:1".
  std::string output(unsigned index = 0) const;

  Node &type(const char *name, DataType dtype);
  Node &type(const char *name, proto::DataType dtype);
  Node &types(const char *name, const std::vector<DataType> &dtypes);
  Node &integer(const char *name, std::int64_t value);
  Node &integers(const char *name, const std::vector<std::int64_t> &values);
  Node &flag(const char *name, bool value);
  Node &real(const char *name, double value);
  Node &text(const char *name, const std::string &value);
  Node &shape(const char *name, const Shape &shape);
  Node &tensor(const char *name, const Tensor &value);
  /// What TensorBoard shows, and what TensorFlow checks while it loads the graph.
  Node &resultShapes(const std::vector<Shape> &shapes);

  proto::NodeDef &def() { return *def_; }

private:
  proto::AttrValue &attribute(const char *name) { return (*def_->mutable_attr())[name]; }
  proto::NodeDef *def_;
};

} // namespace graphc::graphdef
