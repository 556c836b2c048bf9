// One program, compiled in every recurrence form and with every pass switched off in turn, computes
// the same: the reference interpreter runs what each way leaves behind.
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "ir/Conversion.h"
#include "ir/GraphDialect.h"
#include "ir/PlanDialect.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/GraphOps.h"
#include "passes/Interpreter.h"
#include "passes/Stages.h"
#include "runtime/RandomGenerator.h"
#include "tests/unit/TensorTesting.h"

namespace graphc {
namespace {

using test::expectNear;

struct RunResult {
  std::vector<Tensor> fetched;
  std::map<std::string, Tensor> variables;
};

/// Numbers in [-0.5, 0.5).
Tensor numbers(Shape shape, std::uint32_t seed) {
  Tensor tensor(float32, std::move(shape));
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<float>()[i] =
        uniformFromWord(philox({seed, 0}, static_cast<std::uint32_t>(i / 4), 0, 0)[i % 4]) - .5f;
  return tensor;
}

/// A program of tests/stages: recurrences with dropout, a loss, and one step of gradient descent.
class FormsTest : public testing::TestWithParam<const char *> {
protected:
  FormsTest() {
    context_.loadDialect<graph::GraphDialect, plan::PlanDialect>();
    std::ifstream file(std::string(GRAPHC_SOURCE_DIR "/tests/stages/") + GetParam() + ".mlir");
    std::stringstream text;
    text << file.rdbuf();
    text_ = text.str();
  }

  RunResult run(const CompileOptions &options, const std::string &stage = "clustered") {
    mlir::OwningOpRef<mlir::ModuleOp> module =
        mlir::parseSourceString<mlir::ModuleOp>(text_, &context_);
    RunResult result;
    result.variables = variablesOf(*module);
    std::vector<Tensor> feeds;
    for (mlir::Attribute type :
         findProgram(*module)->getAttrOfType<mlir::ArrayAttr>("feed_types")) {
      const Shape shape = toValueType(mlir::cast<mlir::TypeAttr>(type).getValue()).shape;
      feeds.push_back(shape.rank() == 0 ? Tensor(.5f) : numbers(shape, 99)); // scalar: keep
    }
    mlir::PassManager manager(&context_, "builtin.module");
    buildPipeline(manager, options, {.stage = stage, .pass = ""});
    if (mlir::failed(manager.run(*module))) {
      ADD_FAILURE() << "the passes failed";
      return result;
    }
    Interpreter interpreter(result.variables, {.session_seed = 7, .run_index = 3, .step = 0});
    result.fetched = interpreter.runProgram(findProgram(*module), feeds);
    return result;
  }

  static std::map<std::string, Tensor> variablesOf(mlir::ModuleOp module) {
    std::map<std::string, Tensor> variables;
    for (auto variable : module.getOps<graph::VariableOp>()) {
      const auto seed = static_cast<std::uint32_t>(variables.size());
      variables[variable.getSymName().str()] = numbers(toValueType(variable.getType()).shape, seed);
    }
    return variables;
  }

  /// Losses agree to 1e-5, what the gradients did to the variables to 1e-4.
  void expectSame(const RunResult &got, const RunResult &want) {
    ASSERT_FALSE(want.fetched.empty());
    ASSERT_EQ(got.fetched.size(), want.fetched.size());
    for (std::size_t i = 0; i < want.fetched.size(); ++i)
      expectNear(got.fetched[i], want.fetched[i], 1e-5f);
    for (const auto &[name, value] : want.variables) {
      SCOPED_TRACE(name);
      expectNear(got.variables.at(name), value, 1e-4f);
    }
  }

  /// Nothing but what correctness needs.
  static CompileOptions plain() {
    CompileOptions options;
    for (const Stage &stage : stages())
      for (const StagePass &pass : stage.passes)
        if (pass.role != PassRole::required)
          options.disabled_passes.push_back(pass.argument.str());
    return options;
  }

  mlir::MLIRContext context_;
  std::string text_;
};

TEST_P(FormsTest, TheStepChangesSomething) {
  const RunResult result = run(plain());
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceString<mlir::ModuleOp>(text_, &context_);
  for (const auto &[name, before] : variablesOf(*module))
    EXPECT_FALSE(result.variables.at(name).identical_to(before)) << name;
  EXPECT_NE(result.fetched.at(0).scalar<float>(), 0.f);
}

TEST_P(FormsTest, OptimisedAndPlainKernelForm) { expectSame(run({}), run(plain())); }

TEST_P(FormsTest, Unrolled) {
  CompileOptions options;
  options.recurrence = "unroll";
  expectSame(run(options), run(plain()));
}

TEST_P(FormsTest, UnrolledWithoutOptimisations) {
  CompileOptions options = plain();
  options.recurrence = "unroll";
  expectSame(run(options), run(plain()));
}

TEST_P(FormsTest, Primitive) {
  CompileOptions options;
  options.recurrence = "primitive";
  expectSame(run(options), run(plain()));
}

TEST_P(FormsTest, EveryPassSwitchedOffInTurn) {
  const RunResult want = run(plain());
  for (const char *form : {"kernel", "unroll", "primitive"})
    for (const std::string &pass : plain().disabled_passes) {
      SCOPED_TRACE(std::string(form) + " without " + pass);
      CompileOptions options;
      options.recurrence = form;
      options.disabled_passes = {pass};
      expectSame(run(options), want);
    }
}

INSTANTIATE_TEST_SUITE_P(Programs, FormsTest, testing::Values("lstm", "two-layers"),
                         [](const auto &info) {
                           return std::string(info.param) == "lstm" ? "Lstm" : "TwoLayers";
                         });

} // namespace
} // namespace graphc
