#include "passes/GraphOps.h"

#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringSet.h"

namespace graphc {

using namespace mlir;

StringRef graphName(Operation *op) {
  if (!op)
    return {};
  StringRef name = op->getName().getStringRef();
  return name.consume_front("graph.") ? name : StringRef();
}

bool isGraphOp(Operation *op, StringRef name) { return op && graphName(op) == name; }

Operation *definedBy(Value value, StringRef name) {
  Operation *op = value.getDefiningOp();
  return isGraphOp(op, name) ? op : nullptr;
}

SmallVector<Operation *> findOps(Operation *root, StringRef name) {
  SmallVector<Operation *> found;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isGraphOp(op, name))
      found.push_back(op);
  });
  return found;
}

bool isStatic(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape();
}

int64_t bytesOf(Type type) {
  ValueType value = toValueType(type);
  return value.shape.num_elements() * static_cast<int64_t>(size_of(value.dtype));
}

static bool isOneOf(Operation *op, const llvm::StringSet<> &names) {
  StringRef name = graphName(op);
  return !name.empty() && names.contains(name);
}

bool isElementwiseOp(Operation *op) {
  static const llvm::StringSet<> names = {
      "add",           "subtract",      "multiply",   "divide",      "floordiv",
      "floormod",      "maximum",       "minimum",    "pow",         "squared_difference",
      "equal",         "not_equal",     "less",       "less_equal",  "greater",
      "greater_equal", "logical_and",   "logical_or", "logical_xor", "logical_not",
      "negative",      "abs",           "sign",       "square",      "sqrt",
      "rsqrt",         "reciprocal",    "exp",        "log",         "tanh",
      "sigmoid",       "relu",          "softplus",   "relu6",       "elu",
      "selu",          "leaky_relu",    "floor",      "ceil",        "round",
      "identity",      "stop_gradient", "zeros_like", "ones_like",   "cast",
      "where",         "clip_by_value", "add_n",      "bias_add",    "expm1",
      "log1p",         "sin",           "cos",        "erf"};
  return isOneOf(op, names);
}

bool isReductionOp(Operation *op) {
  static const llvm::StringSet<> names = {"reduce_sum", "reduce_mean", "reduce_max",
                                          "reduce_min", "reduce_prod", "reduce_all",
                                          "reduce_any", "argmax",      "argmin"};
  return isOneOf(op, names);
}

bool isRandom(Operation *op) {
  static const llvm::StringSet<> names = {"random_uniform", "random_normal", "truncated_normal",
                                          "random_uniform_int"};
  return isOneOf(op, names);
}

bool isRename(Operation *op) {
  static const llvm::StringSet<> names = {"reshape", "expand_dims", "squeeze"};
  return isOneOf(op, names);
}

bool isPlain(Operation *op) {
  static const llvm::StringSet<> others = {
      "program",     "variable", "read_variable", "assign", "assign_add", "assign_sub",
      "placeholder", "feed",     "fetch",         "no_op",  "gradients",  "static_rnn",
      "step_index",  "yield",    "cluster",       "while",  "cond",       "while_gradient"};
  StringRef name = graphName(op);
  return !name.empty() && !others.contains(name) && !name.contains("apply_") && !isRandom(op);
}

bool isGradientTarget(Operation *op) { return op && op->hasAttr(kGradientTarget); }

Operation *findProgram(ModuleOp module) {
  for (Operation &op : *module.getBody())
    if (isGraphOp(&op, "program"))
      return &op;
  return nullptr;
}

bool isControlFlow(Operation *op) {
  static const llvm::StringSet<> names = {"while", "while_gradient", "cond"};
  return isOneOf(op, names);
}

bool isProgramBlock(Block *block) {
  Operation *parent = block ? block->getParentOp() : nullptr;
  if (isControlFlow(parent))
    return isProgramBlock(parent->getBlock());
  return isGraphOp(parent, "program");
}

static void addProgramBlocks(Operation *op, SmallVectorImpl<Block *> &blocks) {
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      for (Operation &inner : block)
        if (isControlFlow(&inner))
          addProgramBlocks(&inner, blocks);
      blocks.push_back(&block);
    }
}

SmallVector<Block *> programBlocks(Operation *program) {
  SmallVector<Block *> blocks;
  addProgramBlocks(program, blocks);
  return blocks;
}

void remarkPassed(Operation *op, StringRef pass, const Twine &what) {
  if (op->getContext()->getRemarkEngine())
    remark::passed(op->getLoc(), remark::RemarkOpts::name(pass).category(pass))
        << StringRef(what.str());
}

void remarkMissed(Operation *op, StringRef pass, const Twine &reason) {
  if (op->getContext()->getRemarkEngine())
    remark::missed(op->getLoc(), remark::RemarkOpts::name(pass).category(pass))
        << StringRef(reason.str());
}

} // namespace graphc
