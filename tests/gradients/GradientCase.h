// A small differentiable program in float64, its inputs, and the ways to run it: what the gradient
// tests are tables of.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ir/GraphBuilder.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "passes/gradients/CustomGradients.h"
#include "runtime/Tensor.h"

namespace graphc::test {

using Values = llvm::SmallVector<mlir::Value>;

struct Input {
  Shape shape;
  /// float64 elements are drawn evenly from [low, high).
  double low = -1, high = 1;
  /// Given instead of drawn where not empty; may have another dtype, which takes no gradient.
  Tensor value{};
  bool differentiated = true;

  bool takesGradient() const {
    return differentiated && (value.empty() || value.dtype() == float64);
  }
};

struct Case {
  std::string name;
  std::vector<Input> inputs;
  std::function<Values(GraphBuilder &, llvm::ArrayRef<mlir::Value> inputs)> build;
  /// Whether the gradient is differentiated again.
  bool twice = true;
};

std::vector<Case> elementwiseCases();
std::vector<Case> controlFlowCases();
std::vector<Case> convolutionCases();
std::vector<Case> matmulAndNnCases();
std::vector<Case> orderCases();
std::vector<Case> shapeCases();
std::vector<Case> reductionCases();
std::vector<Case> recurrentCases();
std::vector<Case> allCases();

/// A case of one op on all the inputs.
Case opCase(std::string label, std::string op, std::vector<Input> inputs,
            Attributes attributes = {});

/// A graph.static_rnn whose body `build` records; it gives the outputs of a step and the new
/// states.
struct Step {
  Values outputs, states;
};
using StepBuilder =
    std::function<Step(GraphBuilder &, llvm::ArrayRef<mlir::Value> slices,
                       llvm::ArrayRef<mlir::Value> states, llvm::ArrayRef<mlir::Value> captured)>;
/// Results: the outputs, then the final states.
Values staticRnn(GraphBuilder &graph, mlir::ValueRange sequences, mlir::ValueRange states,
                 mlir::ValueRange captured, std::int64_t steps, bool reverse,
                 const StepBuilder &build);

/// A block that is given values and yields others.
using RegionBuilder = std::function<Values(GraphBuilder &, llvm::ArrayRef<mlir::Value> arguments)>;
/// A graph.while; both regions get the loop variables and then what is captured.
Values whileLoop(GraphBuilder &graph, mlir::ValueRange variables, mlir::ValueRange captured,
                 const RegionBuilder &cond, const RegionBuilder &body);
/// A graph.while_gradient; `gradient` gets the loop variables, what is captured and the gradients.
Values whileGradient(GraphBuilder &graph, mlir::ValueRange variables, mlir::ValueRange captured,
                     mlir::ValueRange gradients, const RegionBuilder &cond,
                     const RegionBuilder &body, const RegionBuilder &gradient);
/// A graph.cond; both branches get what is captured.
Values branch(GraphBuilder &graph, mlir::Value pred, mlir::ValueRange captured,
              const RegionBuilder &thenBranch, const RegionBuilder &elseBranch);

/// A module with a graph.program, whose feeds are `inputs` and then as many more as are added.
class Program {
public:
  Program();

  mlir::Value addFeed(const Tensor &like);
  GraphBuilder &graph() { return *graph_; }
  mlir::ModuleOp module() { return *module_; }
  mlir::Block &block();
  /// A graph.gradients op; one value for each of `xs`.
  Values gradients(mlir::ValueRange ys, mlir::ValueRange xs, mlir::ValueRange weights = {});
  void fetch(mlir::ValueRange values);

  /// Verifies the module, runs graph-insert-gradients on it and verifies it again.
  mlir::LogicalResult insertGradients(CustomGradients customGradients = {});
  std::vector<Tensor> run(const std::vector<Tensor> &feeds);
  /// The graph.<name> ops of the program, bodies included.
  std::vector<mlir::Operation *> ops(llvm::StringRef name);
  /// What was reported, a line each: "error: ...", "note: ...".
  const std::string &diagnostics() const { return diagnostics_; }

private:
  mlir::MLIRContext context_{mlir::MLIRContext::Threading::DISABLED};
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  std::unique_ptr<mlir::OpBuilder> builder_;
  std::unique_ptr<GraphBuilder> graph_;
  std::string diagnostics_;
  std::int64_t feeds_ = 0;
};

/// Values for the inputs of a case, the same in every run of the test.
std::vector<Tensor> drawInputs(const Case &c);
/// Elements drawn evenly from [low, high).
Tensor drawn(const Shape &shape, double low, double high, std::uint64_t seed);

} // namespace graphc::test
