// Compiles a body of graph ops to a kernel, runs it in one piece and in several, and compares it
// with the reference kernels.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ir/GraphBuilder.h"
#include "ir/ShapeFunctions.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/kernels/KernelGenerator.h"
#include "runtime/Tensor.h"
#include "runtime/session/JitEngine.h"

namespace graphc::kernel_testing {

using Values = std::vector<mlir::Value>;
/// Makes the body's ops of its arguments; gives what it yields.
using Body = std::function<Values(GraphBuilder &, const Values &)>;

inline constexpr GraphcRunContext kContext{
    .session_seed = 0x123456789abcdefu, .run_index = 0x100000007u, .step = 0};

/// A body, and its kernel once compiled.
class Cluster {
public:
  Cluster(const std::vector<ValueType> &inputs, const Body &body);
  ~Cluster();

  std::string whyNot();
  KernelShape shape();
  /// The kernel's results; the extent is cut at `cuts` (ascending, within it). Inputs that the
  /// kernel updates are changed.
  std::vector<Tensor> run(const std::vector<Tensor> &inputs,
                          const std::vector<std::int64_t> &cuts = {});
  /// The same by the reference kernels.
  std::vector<Tensor> reference(const std::vector<Tensor> &inputs);
  mlir::Block &block();
  GraphcKernel kernel();
  const std::string &ir(); ///< LLVM IR, optimised

private:
  void compile();

  std::unique_ptr<mlir::MLIRContext> context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::Operation *cluster_ = nullptr;
  std::unique_ptr<JitEngine> engine_;
};

/// Largest distance that results may have from the reference's: |a - b| <= absolute + relative *
/// |b|. Both zero: the same bits, any NaN equal to any other.
struct Tolerance {
  double relative = 0, absolute = 0;
};

void expectClose(const Tensor &actual, const Tensor &expected, Tolerance tolerance);
/// Compiles the body, runs it whole and in pieces (which must give the same bits), and compares
/// with the reference.
void expectAsReference(const Body &body, const std::vector<Tensor> &inputs,
                       Tolerance tolerance = {});

ValueType typeOf(const Tensor &tensor);
/// Values in [-4, 4] with some halves and zeros among them, integers in [-20, 20] (uint8: [0, 40]).
Tensor sample(DataType dtype, const Shape &shape, unsigned seed = 1);
/// As sample(), with NaN, infinities, zeros of both signs, denormals and huge numbers mixed in.
Tensor withSpecialValues(DataType dtype, const Shape &shape, unsigned seed = 1);

} // namespace graphc::kernel_testing
