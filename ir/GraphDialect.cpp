#include "ir/GraphDialect.h"

#include "ir/Conversion.h"
#include "ir/GraphBuilder.h"
#include "ir/Locations.h"
#include "llvm/ADT/StringExtras.h"

#include "ir/GraphInterfaces.cpp.inc"

#include "ir/GraphDialect.cpp.inc"

namespace graphc::graph {

void GraphDialect::initialize() {
  registerControlFlowOps();
  registerControlOps();
  registerConvolutionOps();
  registerElementwiseOps();
  registerIndexingOps();
  registerMatmulOps();
  registerNnOps();
  registerRandomOps();
  registerRecurrenceOps();
  registerReductionOps();
  registerShapeOps();
  registerSparseOps();
  registerStateOps();
  registerSummaryOps();
}

mlir::Operation *GraphDialect::materializeConstant(mlir::OpBuilder &builder, mlir::Attribute value,
                                                   mlir::Type type, mlir::Location location) {
  auto elements = llvm::dyn_cast<mlir::ElementsAttr>(value);
  if (!elements || elements.getType() != type || !isGraphType(type))
    return nullptr;
  return ConstantOp::create(builder, location, type, elements);
}

bool areCompatible(mlir::Type a, mlir::Type b) {
  if (a == b)
    return true;
  if (!isGraphType(a) || !isGraphType(b))
    return false;
  const ValueType x = toValueType(a);
  const ValueType y = toValueType(b);
  return x.dtype == y.dtype && x.shape.is_compatible_with(y.shape);
}

std::string toText(mlir::Type type) {
  if (isGraphType(type))
    return toValueType(type).to_string();
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

mlir::LogicalResult verifyInferredTypes(mlir::Operation *op) {
  const llvm::StringRef name = op->getName().stripDialect();
  if (!hasShapeFunction(std::string_view(name.data(), name.size())))
    return mlir::success();
  InferredTypes inferred;
  if (auto constant = llvm::dyn_cast<ConstantOp>(op)) {
    // Without the way through a Tensor, which would copy the elements.
    if (!isGraphType(constant.getValue().getType()))
      return op->emitOpError("expects a tensor of numbers or bools as its value, got ")
             << constant.getValue().getType();
    if (!llvm::isa<mlir::DenseElementsAttr, mlir::DenseResourceElementsAttr>(constant.getValue()))
      return op->emitOpError("expects a dense value, got ") << constant.getValue();
    inferred.results.push_back(toValueType(constant.getValue().getType()));
  } else {
    inferred = inferTypes(name, op->getOperands(), attributesOf(op));
  }
  if (!inferred.ok()) {
    // The diagnostic starts with the op's name already.
    llvm::StringRef message = inferred.error;
    if (message.consume_front(name))
      message = message.ltrim();
    return op->emitOpError(message);
  }
  if (inferred.results.size() != op->getNumResults())
    return op->emitOpError("expects ")
           << inferred.results.size() << " results, got " << op->getNumResults();
  for (auto [index, result] : llvm::enumerate(op->getResults())) {
    const ValueType &expected = inferred.results[index];
    const ValueType found = toValueType(result.getType());
    if (expected.dtype != found.dtype || !expected.shape.is_compatible_with(found.shape))
      return op->emitOpError("expects result ")
             << index << " to be " << expected.to_string() << ", got " << found.to_string();
  }
  return mlir::success();
}

void nameResults(mlir::Operation *op, mlir::OpAsmSetValueNameFn setName) {
  if (op->getNumResults() == 0)
    return;
  std::string name = opName(op->getLoc()).str();
  // What an SSA name may hold as it is; anything else would be printed in hexadecimal.
  for (char &c : name)
    if (!llvm::isAlnum(c) && c != '_' && c != '.' && c != '-')
      c = c == '/' ? '.' : '_';
  if (!name.empty())
    setName(op->getResult(0), name);
}

} // namespace graphc::graph
