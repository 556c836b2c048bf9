// What a rule sees of an op, and writes.
#pragma once

#include "frontend/export/GraphWriter.h"
#include "mlir/IR/Operation.h"
#include "runtime/Attributes.h"

namespace graphc::graphdef {

/// A tensor of integers among a node's inputs.
struct Integers {
  std::string input;
  DataType dtype;
};

class OpNodes {
public:
  OpNodes(GraphWriter &graph, mlir::Operation *op);

  GraphWriter &graph() { return graph_; }
  mlir::Operation *op() const { return op_; }
  const std::string &name() const { return name_; }
  const Attributes &attributes() const { return attributes_; }

  unsigned numInputs() const { return op_->getNumOperands(); }
  std::string in(unsigned operand) const { return graph_.input(op_->getOperand(operand)); }
  std::vector<std::string> ins() const;
  ValueType type(unsigned operand) const;
  DataType dtype(unsigned operand) const { return type(operand).dtype; }
  ValueType resultType(unsigned result = 0) const;
  /// Throws Error (unimplemented) that asks for it.
  std::int64_t rank(unsigned operand) const;
  /// The name of the variable that attribute `attribute` names.
  std::string variable(const char *attribute) const { return attributes_.get_symbol(attribute); }

  /// The node that has the op's name and results.
  Node main(llvm::StringRef type, const std::vector<std::string> &inputs);
  /// A node "op/name" with one result.
  Node beside(const std::string &name, llvm::StringRef type, const std::vector<std::string> &inputs,
              const ValueType &result);
  std::string constant(const std::string &name, const Tensor &value);
  /// An int32 scalar or vector; int64 where asked for or where a number needs it.
  Integers scalar(const std::string &name, std::int64_t value);
  Integers vector(const std::string &name, const std::vector<std::int64_t> &values,
                  DataType dtype = int32);
  /// The list that is attribute `name` or operand number `operand`.
  Integers listOrOperand(const std::string &name, unsigned operand);
  /// The same as int32, which some of TensorFlow's ops insist on.
  Integers int32List(const std::string &name, unsigned operand);
  std::string cast(const std::string &name, const std::string &input, const ValueType &from,
                   DataType to);
  /// How long the input is along its first axis, an int32 scalar.
  std::string firstExtent(const std::string &input, const ValueType &type);

  /// Throws Error (unimplemented) in the op's name: it "has no form in TensorFlow: <why>".
  [[noreturn]] void refuse(const std::string &why) const;

private:
  GraphWriter &graph_;
  mlir::Operation *op_;
  std::string name_;
  Attributes attributes_;
};

} // namespace graphc::graphdef
