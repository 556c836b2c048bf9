// Gradients of a user's own, called as the compiler calls them: on a copy of the module.
#include "FrontendTesting.h"

#include "frontend/GraphModule.h"
#include "ir/Locations.h"
#include "mlir/IR/Diagnostics.h"

namespace {

struct CustomGradients : testing::Test {
  gc::Graph g;
  gc::Output x = g.placeholder(gc::float32, {2}, "x");
  gc::Output y = gc::tanh(x);
  mlir::OwningOpRef<mlir::ModuleOp> copy;
  llvm::SmallVector<mlir::Value> gradients;
  std::string problem;

  /// Calls the gradient registered for tanh with ones.
  bool call() {
    mlir::ScopedDiagnosticHandler handler(&g.module().context(), [&](mlir::Diagnostic &diagnostic) {
      problem = diagnostic.str();
      return mlir::success();
    });
    gc::ones(g, {2}, gc::float32, "seed");
    copy = g.module().module().clone();
    mlir::Operation *tanh = nullptr;
    mlir::Value ones;
    copy->walk([&](mlir::Operation *op) {
      if (op->getName().getStringRef() == "graph.tanh")
        tanh = op;
      else if (gc::opName(op->getLoc()) == "seed")
        ones = op->getResult(0);
    });
    mlir::OpBuilder builder(&g.module().context());
    builder.setInsertionPointAfter(ones.getDefiningOp());
    return mlir::succeeded(gc::customGradients(g).at("tanh")(tanh, ones, builder, gradients));
  }
};

TEST_F(CustomGradients, RecordIntoTheCopy) {
  gc::register_gradient(g, "tanh",
                        [](const gc::Operation &op, const std::vector<gc::Output> &gradients) {
                          EXPECT_EQ(op.name(), "Tanh");
                          return std::vector<gc::Output>{gradients[0] * op.inputs()[0] * 2.f};
                        });
  const std::size_t before = g.get_operations().size();
  ASSERT_TRUE(call()) << problem;
  ASSERT_EQ(gradients.size(), 1u);
  EXPECT_EQ(gc::tensorName(gradients[0]), "gradients/Tanh_grad/mul_1:0");
  EXPECT_EQ(gradients[0].getDefiningOp()->getParentOfType<mlir::ModuleOp>(), *copy);
  EXPECT_EQ(g.get_operations().size(), before + 1); // the seed
}

TEST_F(CustomGradients, MayBeNone) {
  gc::register_gradient(g, "tanh", [](const gc::Operation &, const std::vector<gc::Output> &) {
    return std::vector<gc::Output>{gc::Output()};
  });
  ASSERT_TRUE(call()) << problem;
  EXPECT_FALSE(gradients[0]);
}

TEST_F(CustomGradients, HaveOneForEachOperand) {
  gc::register_gradient(g, "tanh", [](const gc::Operation &, const std::vector<gc::Output> &) {
    return std::vector<gc::Output>{};
  });
  EXPECT_FALSE(call());
  EXPECT_EQ(problem, "'graph.tanh' op the gradient registered for this op type failed: expected 1 "
                     "gradients, got 0");
}

TEST_F(CustomGradients, ReportTheirErrorsAtTheOp) {
  gc::register_gradient(g, "tanh",
                        [](const gc::Operation &, const std::vector<gc::Output> &gradients) {
                          gradients[0].graph().get_variable("v", {2});
                          return gradients;
                        });
  EXPECT_FALSE(call());
  EXPECT_THAT(problem, testing::HasSubstr("a variable cannot be made while gradients are being "
                                          "inserted"));
}

} // namespace
