#include "frontend/export/OpNodes.h"

#include <limits>

#include "ir/Conversion.h"
#include "ir/Locations.h"
#include "runtime/Status.h"

namespace graphc::graphdef {

OpNodes::OpNodes(GraphWriter &graph, mlir::Operation *op)
    : graph_(graph), op_(op), name_(graph.nodeName(op)), attributes_(attributesOf(op)) {}

std::vector<std::string> OpNodes::ins() const {
  std::vector<std::string> inputs;
  for (unsigned i = 0; i < numInputs(); ++i)
    inputs.push_back(in(i));
  return inputs;
}

ValueType OpNodes::type(unsigned operand) const {
  return toValueType(op_->getOperand(operand).getType());
}

ValueType OpNodes::resultType(unsigned result) const {
  return toValueType(op_->getResult(result).getType());
}

std::int64_t OpNodes::rank(unsigned operand) const {
  const Shape shape = type(operand).shape;
  if (!shape.has_rank())
    refuse("its operand's rank is not known");
  return shape.rank();
}

Node OpNodes::main(llvm::StringRef type, const std::vector<std::string> &inputs) {
  return graph_.addFor(op_, type, inputs);
}

Node OpNodes::beside(const std::string &name, llvm::StringRef type,
                     const std::vector<std::string> &inputs, const ValueType &result) {
  return graph_.add(name_ + "/" + name, type, inputs, {result});
}

std::string OpNodes::constant(const std::string &name, const Tensor &value) {
  return graph_.constant(name_ + "/" + name, value);
}

Integers OpNodes::scalar(const std::string &name, std::int64_t value) {
  return {constant(name, Tensor(static_cast<std::int32_t>(value))), int32};
}

Integers OpNodes::vector(const std::string &name, const std::vector<std::int64_t> &values,
                         DataType dtype) {
  for (std::int64_t value : values)
    if (value > std::numeric_limits<std::int32_t>::max() ||
        value < std::numeric_limits<std::int32_t>::min())
      dtype = int64;
  const Tensor list = Tensor::of(Shape{static_cast<std::int64_t>(values.size())}, values);
  return {constant(name, list.cast(dtype)), dtype};
}

Integers OpNodes::listOrOperand(const std::string &name, unsigned operand) {
  if (operand < numInputs())
    return {in(operand), dtype(operand)};
  return vector(name, attributes_.get_ints(name));
}

Integers OpNodes::int32List(const std::string &name, unsigned operand) {
  if (operand < numInputs() && dtype(operand) != int32)
    return {cast(name, in(operand), type(operand), int32), int32};
  return listOrOperand(name, operand);
}

std::string OpNodes::cast(const std::string &name, const std::string &input, const ValueType &from,
                          DataType to) {
  return beside(name, "Cast", {input}, {to, from.shape})
      .type("SrcT", from.dtype)
      .type("DstT", to)
      .flag("Truncate", false)
      .output();
}

std::string OpNodes::firstExtent(const std::string &input, const ValueType &type) {
  const std::string shape = beside("Shape", "Shape", {input}, {int32, Shape{type.shape.rank()}})
                                .type("T", type.dtype)
                                .type("out_type", int32)
                                .output();
  const std::string begin = vector("strided_slice/begin", {0}).input;
  const std::string end = vector("strided_slice/end", {1}).input;
  const std::string stride = vector("strided_slice/strides", {1}).input;
  return beside("strided_slice", "StridedSlice", {shape, begin, end, stride}, {int32, Shape{}})
      .type("T", int32)
      .type("Index", int32)
      .integer("shrink_axis_mask", 1)
      .output();
}

void OpNodes::refuse(const std::string &why) const {
  std::string dialect = op_->getName().getStringRef().str();
  throw Error(Code::unimplemented, dialect + " has no form in TensorFlow: " + why,
              opName(op_->getLoc()).str(), sourceLine(op_->getLoc()));
}

} // namespace graphc::graphdef
