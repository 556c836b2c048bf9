#include "frontend/export/Node.h"

#include "runtime/protos/TensorMessages.h"

namespace graphc::graphdef {

std::string Node::output(unsigned index) const {
  return index == 0 ? name() : name() + ":" + std::to_string(index);
}

Node &Node::type(const char *name, DataType dtype) {
  attribute(name).set_type(to_tensorflow(dtype));
  return *this;
}

Node &Node::type(const char *name, proto::DataType dtype) {
  attribute(name).set_type(dtype);
  return *this;
}

Node &Node::types(const char *name, const std::vector<DataType> &dtypes) {
  proto::AttrValue::ListValue &list = *attribute(name).mutable_list();
  for (DataType dtype : dtypes)
    list.add_type(to_tensorflow(dtype));
  return *this;
}

Node &Node::integer(const char *name, std::int64_t value) {
  attribute(name).set_i(value);
  return *this;
}

Node &Node::integers(const char *name, const std::vector<std::int64_t> &values) {
  proto::AttrValue::ListValue &list = *attribute(name).mutable_list();
  for (std::int64_t value : values)
    list.add_i(value);
  return *this;
}

Node &Node::flag(const char *name, bool value) {
  attribute(name).set_b(value);
  return *this;
}

Node &Node::real(const char *name, double value) {
  attribute(name).set_f(static_cast<float>(value));
  return *this;
}

Node &Node::text(const char *name, const std::string &value) {
  attribute(name).set_s(value);
  return *this;
}

Node &Node::shape(const char *name, const Shape &shape) {
  set_shape(*attribute(name).mutable_shape(), shape);
  return *this;
}

Node &Node::tensor(const char *name, const Tensor &value) {
  set_tensor(*attribute(name).mutable_tensor(), value);
  return *this;
}

Node &Node::resultShapes(const std::vector<Shape> &shapes) {
  proto::AttrValue::ListValue &list = *attribute("_output_shapes").mutable_list();
  list.clear_shape();
  for (const Shape &shape : shapes)
    set_shape(*list.add_shape(), shape);
  return *this;
}

} // namespace graphc::graphdef
