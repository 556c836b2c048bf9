// Runs graph IR op by op with the reference kernels: what compiled programs are compared with, how
// constants are folded, and how gradients are checked.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "mlir/IR/Operation.h"
#include "runtime/KernelAbi.h"
#include "runtime/Tensor.h"

namespace graphc {

/// Throws Error, with the op's name and source line, where a value is wrong.
class Interpreter {
public:
  /// `variables` are read and updated in place, by name.
  explicit Interpreter(std::map<std::string, Tensor> &variables, GraphcRunContext context = {})
      : variables_(variables), context_(context) {}

  /// Runs a graph.program of any stage from `recorded` to `clustered`. graph.feed ops take
  /// `feeds` by their index; where the program still has placeholders, they take `feeds` in the
  /// order in which they stand. Returns the operands of graph.fetch.
  std::vector<Tensor> runProgram(mlir::Operation *program, std::span<const Tensor> feeds);

  /// Runs the ops of `block` on `arguments`; returns the operands of its graph.yield or
  /// graph.fetch. `step` is what graph.step_index gives.
  std::vector<Tensor> runBlock(mlir::Block &block, std::span<const Tensor> arguments,
                               std::int64_t step = 0);

  /// The results of one op, regions included.
  std::vector<Tensor> evaluate(mlir::Operation *op, std::span<const Tensor> inputs,
                               std::int64_t step = 0);

private:
  std::vector<Tensor> runRecurrence(mlir::Operation *op, std::span<const Tensor> inputs);
  /// The loop of a while or while_gradient; gives the last values of its variables. `kept` gets
  /// those before each iteration, where it is not null.
  std::vector<Tensor> runLoop(mlir::Operation *op, std::span<const Tensor> inputs,
                              std::int64_t step, std::vector<std::vector<Tensor>> *kept);
  std::vector<Tensor> runWhileGradient(mlir::Operation *op, std::span<const Tensor> inputs,
                                       std::int64_t step);
  /// Runs a region of a loop as part of its iteration `iteration`.
  std::vector<Tensor> runIteration(mlir::Region &region, std::span<const Tensor> arguments,
                                   std::size_t iteration, std::int64_t step);
  std::vector<Tensor> runStateOp(mlir::Operation *op, std::span<const Tensor> inputs);
  Tensor &variable(mlir::Operation *op, llvm::StringRef attribute);

  std::map<std::string, Tensor> &variables_;
  GraphcRunContext context_;
  std::span<const Tensor> feeds_;
  std::size_t placeholders_seen_ = 0;
};

} // namespace graphc
