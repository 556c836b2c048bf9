// Compiles a graph.static_rnn to its kernel and compares what the kernel computes with a run step
// by step through the reference kernels.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ir/GraphBuilder.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "passes/kernels/RecurrenceKernel.h"
#include "passes/kernels/RecurrenceSums.h"
#include "runtime/Tensor.h"
#include "runtime/session/JitEngine.h"

namespace graphc::recurrence_testing {

/// Writes the ops of a body, with short names.
class Cell {
public:
  using Value = mlir::Value;

  explicit Cell(GraphBuilder &graph) : graph_(graph) {}
  GraphBuilder &graph() { return graph_; }

  Value make(llvm::StringRef name, mlir::ValueRange operands, const Attributes &attributes = {}) {
    return graph_.create(name, operands, attributes);
  }
  Value add(Value a, Value b) { return make("add", {a, b}); }
  Value subtract(Value a, Value b) { return make("subtract", {a, b}); }
  Value multiply(Value a, Value b) { return make("multiply", {a, b}); }
  Value sigmoid(Value x) { return make("sigmoid", x); }
  Value tanh(Value x) { return make("tanh", x); }
  Value matmul(Value a, Value b, bool transpose = false) {
    return make("matmul", {a, b}, {{"transpose_a", false}, {"transpose_b", transpose}});
  }
  Value biasAdd(Value x, Value bias) { return make("bias_add", {x, bias}); }
  Value concat(llvm::ArrayRef<Value> parts) {
    return make("concat", parts, {{"axis", std::int64_t{1}}});
  }
  llvm::SmallVector<Value> split(Value x, std::vector<std::int64_t> sizes) {
    mlir::Operation *op =
        graph_.createOp("split", x, {{"axis", std::int64_t{1}}, {"sizes", std::move(sizes)}});
    return llvm::SmallVector<Value>(op->getResults());
  }
  Value scalar(double value, DataType dtype = float32) { return graph_.scalar(value, dtype); }
  Value random(std::vector<std::int64_t> shape, std::int64_t stream, DataType dtype = float32) {
    return make("random_uniform", {},
                {{"shape", std::move(shape)},
                 {"dtype", dtype},
                 {"seed", std::int64_t{0}},
                 {"seed2", std::int64_t{0}},
                 {"stream", stream}});
  }

private:
  GraphBuilder &graph_;
};

/// The arguments of a body, by what they stand for.
struct Arguments {
  llvm::SmallVector<mlir::Value> slices, states, captured;
};
/// Gives the outputs and then the new states.
using Body = std::function<std::vector<mlir::Value>(Cell &, const Arguments &)>;

struct Recurrence {
  std::int64_t steps = 3;
  bool reverse = false;
  std::vector<ValueType> sequences; ///< of one step
  std::vector<ValueType> states, captured;
  Body body;
};

/// A recurrence as the body of a kernel, and the kernel.
class Compiled {
public:
  /// `yielded`: which results of the recurrence are the kernel's outputs; all of them by default.
  explicit Compiled(const Recurrence &recurrence, std::vector<unsigned> yielded = {});

  std::string whyNot();
  /// Requires that whyNot() is empty.
  void compile();
  /// Whether tiles end with their longest windows.
  bool hasLengths() const;
  KernelShape shape();
  const std::string &ir() const { return engine_->optimizedIr(); }

  /// Random numbers of the kernel's input types; floats in [-1, 1) (of captured matrices less),
  /// integers in [0, 8).
  std::vector<Tensor> randomInputs(unsigned seed);
  std::vector<Tensor> reference(const std::vector<Tensor> &inputs);
  /// `pieces` of [0, extent), run one after the other in reverse order.
  std::vector<Tensor> run(const std::vector<Tensor> &inputs, std::int64_t pieces = 1);

private:
  std::int64_t partsOf(mlir::Value result);

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_, kernels_;
  mlir::Operation *cluster_ = nullptr;
  std::unique_ptr<JitEngine> engine_;
  KernelShape shape_;
  unsigned firstCaptured_ = 0; ///< by kernel input
};

/// Compiles, runs and compares all outputs: integers and bools exactly, floats to `tolerance` times
/// the larger of 1 and their magnitude. The split over pieces must not change a bit.
void expectMatchesReference(const Recurrence &recurrence, double tolerance = 1e-5);

/// float32 of these extents.
inline ValueType floats(std::initializer_list<std::int64_t> extents) {
  return {float32, Shape(extents)};
}

} // namespace graphc::recurrence_testing
