// A convolution, its bias, its pooling and its activation in one op, and so their gradients.
//
// The convolution's result is the largest tensor of such a layer, and so is its gradient: the ops
// by themselves write and read each several times. Invariant: both have no other uses than those
// that are fused, so that nothing is computed twice and nobody misses them.
#include "passes/Epilogue.h"
#include "passes/GraphOps.h"
#include "passes/Passes.h"

#include "ir/GraphBuilder.h"
#include "runtime/Windows.h"

namespace graphc {

#define GEN_PASS_DEF_FUSECONVOLUTIONPOOLINGPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

Attributes windowAttributes(Operation *op) {
  Attributes attributes{{"padding", op->getAttrOfType<StringAttr>("padding").str()}};
  for (StringRef name : {"strides", "dilations", "explicit_paddings"})
    if (op->hasAttr(name))
      attributes.set(name.str(), intsAttribute(op, name).vec());
  return attributes;
}

bool haveEqualWindows(Operation *a, Operation *b) {
  return llvm::all_of(ArrayRef<StringRef>{"padding", "strides", "dilations", "explicit_paddings"},
                      [&](StringRef name) { return a->getAttr(name) == b->getAttr(name); });
}

bool isZero(Value value) {
  const std::optional<Tensor> constant = constantValue(value);
  return constant && constant->dtype() == float32 &&
         llvm::all_of(constant->values<float>(), [](float element) { return element == 0; });
}

/// Each thread has an image's share of the result's gradient in scratch: it should be in a cache.
constexpr std::int64_t kResultBytes = std::int64_t{1} << 20;

/// What is done to the gradient of the convolution's result.
struct GradientUses {
  SmallVector<Operation *> filters, inputs, biases;
  SmallVector<Operation *> renames; ///< in between, makers before users
};

/// A convolution whose result is pooled.
struct PooledLayer {
  Operation *convolution = nullptr;
  Epilogue epilogue;                ///< the bias
  SmallVector<Operation *> renames; ///< between it and the pooling
  Operation *pooling = nullptr;
  Operation *activation = nullptr; ///< a relu; may be missing
  Operation *gradient = nullptr;   ///< max_pool2d_gradient; may be missing
  Value dy;                        ///< the gradient of the last op's result
  GradientUses uses;
  bool isTurned = false; ///< to the pooling, rows are columns; there is one row

  Value x() const { return convolution->getOperand(0); }
  Value filter() const { return convolution->getOperand(1); }
  Value pooled() const { return pooling->getResult(0); }
};

/// Finds layers; the reason why a pooled convolution is none is kept in `missed`.
class LayerMatcher {
public:
  LayerMatcher(const FuseConvolutionPoolingPassOptions &limits) : limits_(limits) {}

  std::string missed;

  std::optional<PooledLayer> match(Operation *convolution) {
    missed.clear();
    PooledLayer layer;
    layer.convolution = convolution;
    layer.epilogue = findEpilogue(convolution);
    if (layer.epilogue.activation != "none" || !findPooling(layer))
      return std::nullopt;
    if (missed = whyTooLarge(layer); !missed.empty())
      return std::nullopt;
    if (!isKept(layer) || !findGradient(layer))
      return std::nullopt;
    findActivation(layer);
    return layer;
  }

private:
  /// What the pooling and its gradient read is the sum, maybe under other names.
  bool findPooling(PooledLayer &layer) {
    Value sum = layer.epilogue.result;
    while (sum.hasOneUse() && isRename(*sum.user_begin())) {
      layer.renames.push_back(*sum.user_begin());
      sum = layer.renames.back()->getResult(0);
    }
    for (Operation *user : sum.getUsers())
      if (isGraphOp(user, "max_pool2d"))
        layer.pooling = user;
    if (!layer.pooling)
      return false;
    for (OpOperand &use : sum.getUses()) {
      Operation *user = use.getOwner();
      if (user == layer.pooling)
        continue;
      const bool isGradient = isGraphOp(user, "max_pool2d_gradient") && !layer.gradient &&
                              use.getOperandNumber() == 0 &&
                              user->getOperand(1) == layer.pooled() &&
                              user->getAttr("ksize") == layer.pooling->getAttr("ksize") &&
                              haveEqualWindows(user, layer.pooling);
      if (!isGradient) {
        missed = "the value before the pooling has further uses";
        return false;
      }
      layer.gradient = user;
    }
    return true;
  }

  std::string whyTooLarge(const PooledLayer &layer) const {
    const auto type = cast<RankedTensorType>(layer.x().getType());
    if (!type.getElementType().isF32())
      return "only float32 has a kernel";
    if (!isStatic(type) || !isStatic(layer.filter().getType()) ||
        !isStatic(layer.pooled().getType()))
      return "not all extents are known";
    if (type.getNumElements() == 0 || extentsOf(layer.pooled())[1] == 0 ||
        extentsOf(layer.pooled())[2] == 0)
      return "there are no elements";
    if (bytesOf(layer.filter().getType()) > limits_.filterBytes)
      return "its filter has more than " + std::to_string(limits_.filterBytes) + " bytes";
    if (bytesOf(type) / type.getDimSize(0) > limits_.imageBytes)
      return "an image has more than " + std::to_string(limits_.imageBytes) + " bytes";
    if (bytesOf(layer.convolution->getResult(0).getType()) / type.getDimSize(0) > kResultBytes)
      return "an image's result has more than " + std::to_string(kResultBytes) + " bytes";
    const ArrayRef<int64_t> size = intsAttribute(layer.pooling, "ksize");
    if (size[0] * size[1] > limits_.windowElements)
      return "its windows have more than " + std::to_string(limits_.windowElements) + " elements";
    const ArrayRef<int64_t> strides = intsAttribute(layer.pooling, "strides");
    if (strides[0] < size[0] || strides[1] < size[1])
      return "its windows overlap";
    return {};
  }

  /// Whether the pooling sees the rows and columns that the convolution gives.
  bool isKept(PooledLayer &layer) {
    const ArrayRef<int64_t> made = extentsOf(layer.convolution->getResult(0)),
                            seen = extentsOf(layer.pooling->getOperand(0));
    if (made == seen)
      return true;
    const bool hasOneRow = made[1] == 1 || made[2] == 1;
    layer.isTurned = hasOneRow && made[0] == seen[0] && made[1] == seen[2] && made[2] == seen[1] &&
                     made[3] == seen[3];
    if (!layer.isTurned)
      missed = "the pooling sees other rows and columns";
    return layer.isTurned;
  }

  bool findGradient(PooledLayer &layer) {
    if (!layer.gradient)
      return true;
    layer.dy = layer.gradient->getOperand(2);
    if (collect(layer, layer.gradient->getResult(0)))
      return true;
    missed = "the gradient before the pooling has further uses";
    return false;
  }

  bool collect(PooledLayer &layer, Value dz) {
    for (Operation *user : dz.getUsers()) {
      if (isRename(user)) {
        layer.uses.renames.push_back(user);
        if (!collect(layer, user->getResult(0)))
          return false;
      } else if (isGradientOf(layer, user, dz, "conv2d_backprop_filter", layer.x(),
                              layer.filter())) {
        layer.uses.filters.push_back(user);
      } else if (isGradientOf(layer, user, dz, "conv2d_backprop_input", layer.filter(),
                              layer.x())) {
        layer.uses.inputs.push_back(user);
      } else if (isSumOfRows(user, dz)) {
        layer.uses.biases.push_back(user);
      } else {
        return false;
      }
    }
    return true;
  }

  static bool isGradientOf(const PooledLayer &layer, Operation *op, Value dz, StringRef name,
                           Value other, Value of) {
    return isGraphOp(op, name) && op->getNumOperands() == 2 && op->getOperand(0) == other &&
           op->getOperand(1) == dz && op->getResult(0).getType() == of.getType() &&
           haveEqualWindows(op, layer.convolution);
  }

  /// The sum over all axes but the last, as the bias's gradient is.
  static bool isSumOfRows(Operation *op, Value dz) {
    if (!isGraphOp(op, "reduce_sum") || rankOf(op->getResult(0)) != 1)
      return false;
    SmallVector<int64_t> axes(intsAttribute(op, "axes"));
    llvm::sort(axes);
    return rankOf(dz) > 1 && axes == llvm::to_vector(llvm::seq<int64_t>(rankOf(dz) - 1));
  }

  /// A relu that alone uses the pooling's result, and whose gradient is what the pooling's gets:
  /// where(relu > 0, dy, 0).
  static void findActivation(PooledLayer &layer) {
    for (Operation *user : layer.pooled().getUsers()) {
      if (user == layer.gradient)
        continue;
      if (layer.activation || !isGraphOp(user, "relu")) {
        layer.activation = nullptr;
        return;
      }
      layer.activation = user;
    }
    if (!layer.activation || !layer.gradient)
      return;
    Operation *where = definedBy(layer.dy, "where");
    Operation *greater = where ? definedBy(where->getOperand(0), "greater") : nullptr;
    const bool isGradient = greater && greater->getOperand(0) == layer.activation->getResult(0) &&
                            isZero(greater->getOperand(1)) && isZero(where->getOperand(2)) &&
                            where->getOperand(1).getType() == layer.dy.getType();
    if (isGradient)
      layer.dy = where->getOperand(1);
    else
      layer.activation = nullptr;
  }

  const FuseConvolutionPoolingPassOptions &limits_;
};

/// Writes the fused ops in place of a layer's.
class LayerFuser {
public:
  LayerFuser(PooledLayer &layer, std::int64_t parts)
      : layer_(layer), parts_(parts), attributes_(windowAttributes(layer.convolution)) {
    const ArrayRef<int64_t> image = extentsOf(layer.pooling->getOperand(0));
    const ArrayRef<int64_t> size = intsAttribute(layer.pooling, "ksize");
    const WindowAxes axes =
        windowAxes(windowAttributes(layer.pooling), {image[1], image[2]}, {size[0], size[1]});
    const std::size_t rows = layer.isTurned ? 1 : 0, columns = 1 - rows;
    using Integers = std::vector<std::int64_t>;
    attributes_.set("ksize", Integers{axes[rows].size, axes[columns].size});
    attributes_.set("pool_strides", Integers{axes[rows].stride, axes[columns].stride});
    attributes_.set("pool_paddings", Integers{axes[rows].before, axes[rows].after,
                                              axes[columns].before, axes[columns].after});
  }

  /// Returns graph.pooled_conv2d.
  Operation *fuse() {
    Operation *last = layer_.activation ? layer_.activation : layer_.pooling;
    OpBuilder builder(layer_.pooling);
    GraphBuilder graph(builder, last->getLoc());
    Attributes attributes = attributes_;
    attributes.set("activation", std::string(layer_.activation ? "relu" : "none"));
    SmallVector<Value> operands(layer_.convolution->getOperands());
    if (layer_.epilogue.bias)
      operands.push_back(layer_.epilogue.bias);
    Operation *fused = graph.createOp("pooled_conv2d", operands, attributes);
    Value y = fused->getResult(0);
    const Type turned = y.getType();
    y = renamed(graph, y, last->getResult(0).getType());
    if (layer_.gradient)
      fuseGradient(fused->getResult(1), turned);
    last->getResult(0).replaceAllUsesWith(y);
    erase();
    return fused;
  }

private:
  static Value renamed(GraphBuilder &graph, Value value, Type type) {
    if (value.getType() == type)
      return value;
    return graph.create("reshape", {value},
                        {{"shape", cast<RankedTensorType>(type).getShape().vec()}});
  }

  void fuseGradient(Value places, Type type) {
    OpBuilder builder(layer_.gradient);
    GraphBuilder graph(builder, layer_.gradient->getLoc());
    Value dy = renamed(graph, layer_.dy, type);
    const GradientUses &uses = layer_.uses;
    if (!uses.filters.empty() || !uses.biases.empty()) {
      Attributes attributes = attributes_;
      attributes.set("filter_sizes", extentsOf(layer_.filter()).vec());
      attributes.set("parts", std::min(parts_, extentsOf(layer_.x())[0]));
      graph.setLocation((uses.filters.empty() ? uses.biases : uses.filters).front()->getLoc());
      Operation *sums =
          graph.createOp("pooled_conv2d_backprop_filter", {layer_.x(), places, dy}, attributes);
      replaceBySum(graph, uses.filters, sums->getResult(0));
      replaceBySum(graph, uses.biases, sums->getResult(1));
    }
    if (uses.inputs.empty())
      return;
    Attributes attributes = attributes_;
    attributes.set("input_sizes", extentsOf(layer_.x()).vec());
    graph.setLocation(uses.inputs.front()->getLoc());
    Value dx =
        graph.create("pooled_conv2d_backprop_input", {layer_.filter(), places, dy}, attributes);
    for (Operation *op : uses.inputs)
      op->getResult(0).replaceAllUsesWith(dx);
  }

  static void replaceBySum(GraphBuilder &graph, ArrayRef<Operation *> ops, Value parts) {
    if (ops.empty())
      return;
    graph.setLocation(ops.front()->getLoc());
    Value sum = graph.create("reduce_sum", {parts}, {{"axes", std::vector<std::int64_t>{0}}});
    for (Operation *op : ops)
      op->getResult(0).replaceAllUsesWith(sum);
  }

  void erase() {
    const auto eraseAll = [](ArrayRef<Operation *> ops) {
      for (Operation *op : llvm::reverse(ops))
        op->erase();
    };
    eraseAll(layer_.uses.filters);
    eraseAll(layer_.uses.inputs);
    eraseAll(layer_.uses.biases);
    eraseAll(layer_.uses.renames);
    if (layer_.gradient) {
      Operation *where =
          layer_.activation ? layer_.gradient->getOperand(2).getDefiningOp() : nullptr;
      layer_.gradient->erase();
      // The mask is the places' now.
      if (where && where->use_empty()) {
        Operation *greater = where->getOperand(0).getDefiningOp();
        where->erase();
        if (greater->use_empty())
          greater->erase();
      }
    }
    if (layer_.activation)
      layer_.activation->erase();
    layer_.pooling->erase();
    eraseAll(layer_.renames);
    eraseAll(layer_.epilogue.absorbed);
  }

  PooledLayer &layer_;
  std::int64_t parts_;
  Attributes attributes_;
};

//===--- graph-fuse-convolution-pooling -------------------------------------------------------===//

class FuseConvolutionPoolingPass
    : public impl::FuseConvolutionPoolingPassBase<FuseConvolutionPoolingPass> {
public:
  using FuseConvolutionPoolingPassBase::FuseConvolutionPoolingPassBase;

private:
  void runOnOperation() override {
    Operation *program = findProgram(getOperation());
    if (!program)
      return markAllAnalysesPreserved();
    SmallVector<Operation *> convolutions;
    for (mlir::Block *block : programBlocks(program))
      for (Operation &op : *block)
        if (isGraphOp(&op, "conv2d"))
          convolutions.push_back(&op);
    FuseConvolutionPoolingPassOptions limits;
    limits.filterBytes = filterBytes;
    limits.imageBytes = imageBytes;
    limits.windowElements = windowElements;
    LayerMatcher matcher(limits);
    for (Operation *convolution : convolutions) {
      std::optional<PooledLayer> layer = matcher.match(convolution);
      if (!layer) {
        if (!matcher.missed.empty()) {
          ++numMissed;
          remarkMissed(convolution, getArgument(), matcher.missed);
        }
        continue;
      }
      ++numFused;
      numGradients += layer->gradient ? 1 : 0;
      const std::string what = std::string(layer->epilogue.bias ? "bias" : "no bias") +
                               (layer->activation ? ", activation relu" : "") +
                               (layer->gradient ? ", gradients" : "");
      remarkPassed(LayerFuser(*layer, parts).fuse(), getArgument(), what);
    }
  }
};

} // namespace
} // namespace graphc
