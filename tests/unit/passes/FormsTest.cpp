// One program, compiled in every recurrence form and with every pass switched off in turn, computes the
// same: the reference interpreter runs what each way leaves behind.
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "ir/GraphDialect.h"
#include "ir/PlanDialect.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/GraphOps.h"
#include "passes/Interpreter.h"
#include "passes/Stages.h"
#include "runtime/RandomGenerator.h"

namespace graphc {
namespace {

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

void expectNear(const Tensor &got, const Tensor &want, float tolerance) {
  ASSERT_EQ(got.shape(), want.shape());
  float largest = 0;
  for (float value : want.values<float>())
    largest = std::max(largest, std::abs(value));
  for (std::int64_t i = 0; i < want.num_elements(); ++i)
    EXPECT_NEAR(got.data<float>()[i], want.data<float>()[i], tolerance * largest) << "element " << i;
}

/// tests/stages/lstm.mlir: an LSTM with dropout, its loss, and one step of gradient descent.
class FormsTest : public testing::Test {
protected:
  FormsTest() {
    context_.loadDialect<graph::GraphDialect, plan::PlanDialect>();
    std::ifstream file(GRAPHC_SOURCE_DIR "/tests/stages/lstm.mlir");
    std::stringstream text;
    text << file.rdbuf();
    text_ = text.str();
  }

  RunResult run(const CompileOptions &options, const std::string &stage = "clustered") {
    mlir::OwningOpRef<mlir::ModuleOp> module =
        mlir::parseSourceString<mlir::ModuleOp>(text_, &context_);
    mlir::PassManager manager(&context_, "builtin.module");
    buildPipeline(manager, options, {.stage = stage, .pass = ""});
    RunResult result;
    result.variables = {{"rnn/kernel", numbers({5, 8}, 1)}, {"rnn/bias", numbers({8}, 2)}};
    if (mlir::failed(manager.run(*module))) {
      ADD_FAILURE() << "the passes failed";
      return result;
    }
    Interpreter interpreter(result.variables, {.session_seed = 7, .run_index = 3});
    const std::vector<Tensor> feeds{numbers({5, 4, 3}, 3), Tensor(.5f)};
    result.fetched = interpreter.runProgram(findProgram(*module), feeds);
    return result;
  }

  /// Losses agree to 1e-5, what the gradients did to the variables to 1e-4.
  void expectSame(const RunResult &got, const RunResult &want) {
    ASSERT_EQ(got.fetched.size(), 1u);
    expectNear(got.fetched[0], want.fetched[0], 1e-5f);
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

TEST_F(FormsTest, TheStepChangesSomething) {
  const RunResult result = run(plain());
  EXPECT_FALSE(result.variables.at("rnn/kernel").identical_to(numbers({5, 8}, 1)));
  EXPECT_GT(result.fetched.at(0).scalar<float>(), 0.f);
}

TEST_F(FormsTest, OptimisedAndPlainKernelForm) { expectSame(run({}), run(plain())); }

TEST_F(FormsTest, Unrolled) {
  CompileOptions options;
  options.recurrence = "unroll";
  expectSame(run(options), run(plain()));
}

TEST_F(FormsTest, UnrolledWithoutOptimisations) {
  CompileOptions options = plain();
  options.recurrence = "unroll";
  expectSame(run(options), run(plain()));
}

TEST_F(FormsTest, Primitive) {
  CompileOptions options;
  options.recurrence = "primitive";
  expectSame(run(options), run(plain()));
}

TEST_F(FormsTest, EveryPassSwitchedOffInTurn) {
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

} // namespace
} // namespace graphc
