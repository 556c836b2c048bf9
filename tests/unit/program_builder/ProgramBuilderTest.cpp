// Graphs compiled from stage `clustered` on and run, against the interpreter: results and
// variables.
#include "runtime/session/ProgramBuilder.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/GraphDialect.h"
#include "ir/PlanDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/GraphOps.h"
#include "passes/Interpreter.h"
#include "passes/Passes.h"
#include "runtime/Executor.h"
#include "runtime/Status.h"
#include "runtime/session/JitEngine.h"

namespace graphc {
namespace {

using namespace mlir;
using testing::ElementsAre;

Tensor randomTensor(Shape shape, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(-1, 1);
  Tensor tensor(float32, std::move(shape));
  for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
    tensor.data<float>()[i] = distribution(generator);
  return tensor;
}

class ProgramBuilding : public testing::Test {
protected:
  ProgramBuilding() {
    DialectRegistry registry;
    registry.insert<graph::GraphDialect, plan::PlanDialect>();
    context_.appendDialectRegistry(registry);
    context_.loadAllAvailableDialects();
  }

  OwningOpRef<ModuleOp> parse(StringRef text) {
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context_);
    EXPECT_TRUE(module);
    return module;
  }

  std::shared_ptr<const Program> compile(StringRef text, bool alwaysPack = false) {
    OwningOpRef<ModuleOp> module = parse(text);
    PassManager passes(&context_, ModuleOp::getOperationName());
    LowerToPlanPassOptions options;
    options.threads = 2;
    options.alwaysPack = alwaysPack;
    passes.addPass(createLowerToPlanPass(options));
    passes.addPass(createAssignBuffersPass());
    passes.addPass(createGenerateKernelsPass());
    EXPECT_TRUE(succeeded(passes.run(*module)));
    std::shared_ptr<JitEngine> engine = JitEngine::compile(*module);
    return buildProgram(
        *module->getOps<plan::ProgramOp>().begin(),
        [&](std::string_view name) { return engine->find(std::string(name)); }, engine);
  }

  /// Runs the program `runs` times both ways, from the same variables, and compares everything.
  void expectAsInterpreted(StringRef text, const std::vector<Tensor> &feeds,
                           const std::map<std::string, Tensor> &variables = {}, int runs = 2) {
    VariableStore store;
    std::map<std::string, Tensor> interpreted;
    for (const auto &[name, value] : variables) {
      store.set(name, value);
      interpreted[name] = value.clone();
    }
    OwningOpRef<ModuleOp> module = parse(text);
    Executor executor(compile(text), store);
    for (int run = 0; run < runs; ++run) {
      const GraphcRunContext context{7, static_cast<std::uint64_t>(run), 0};
      const std::vector<Tensor> got = executor.run(feeds, context);
      const std::vector<Tensor> wanted =
          Interpreter(interpreted, context).runProgram(findProgram(*module), feeds);
      ASSERT_EQ(got.size(), wanted.size());
      for (std::size_t i = 0; i < got.size(); ++i)
        expectClose(got[i], wanted[i],
                    "fetch " + std::to_string(i) + " of run " + std::to_string(run));
      for (const auto &[name, value] : interpreted)
        expectClose(store.get(name).value(), value, name + " after run " + std::to_string(run));
    }
  }

  static void expectClose(const Tensor &got, const Tensor &wanted, const std::string &what) {
    ASSERT_EQ(got.dtype(), wanted.dtype()) << what;
    ASSERT_EQ(got.shape(), wanted.shape()) << what;
    const Tensor a = got.cast(float64), b = wanted.cast(float64);
    for (std::int64_t i = 0; i < a.num_elements(); ++i)
      ASSERT_NEAR(a.data<double>()[i], b.data<double>()[i],
                  1e-5 * std::max(1.0, std::abs(b.data<double>()[i])))
          << what << ", element " << i;
  }

  MLIRContext context_;
};

// One step of gradient descent of mean((tanh(x w + b))^2), written out.
TEST_F(ProgramBuilding, TrainsALayer) {
  expectAsInterpreted(R"(
    graph.variable @w : tensor<9x27xf32> {trainable = true}
    graph.variable @b : tensor<27xf32> {trainable = true}
    graph.program @main attributes {feed_names = ["x:0", "lr:0"], feed_types = [tensor<60x9xf32>, tensor<f32>], fetch_names = ["cost:0", "h:0"]} {
      %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<60x9xf32>
      %lr = graph.feed {index = 1 : i64, name = "lr:0"} : () -> tensor<f32>
      %w = graph.read_variable {variable = @w} : () -> tensor<9x27xf32>
      %b = graph.read_variable {variable = @b} : () -> tensor<27xf32>
      %h = graph.fused_matmul %x, %w, %b {activation = "tanh"}
          : (tensor<60x9xf32>, tensor<9x27xf32>, tensor<27xf32>) -> tensor<60x27xf32>
      %cost, %dz = graph.cluster %h : (tensor<60x27xf32>) -> (tensor<f32>, tensor<60x27xf32>) {
      ^bb0(%0: tensor<60x27xf32>):
        %s = graph.square %0 : (tensor<60x27xf32>) -> tensor<60x27xf32>
        %c = graph.reduce_mean %s {axes = array<i64: 0, 1>} : (tensor<60x27xf32>) -> tensor<f32>
        %one = graph.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
        %factor = graph.constant {value = dense<0.00123456790> : tensor<f32>} : () -> tensor<f32>
        %d = graph.subtract %one, %s : (tensor<f32>, tensor<60x27xf32>) -> tensor<60x27xf32>
        %m = graph.multiply %d, %0 : (tensor<60x27xf32>, tensor<60x27xf32>) -> tensor<60x27xf32>
        %z = graph.multiply %m, %factor : (tensor<60x27xf32>, tensor<f32>) -> tensor<60x27xf32>
        graph.yield %c, %z : tensor<f32>, tensor<60x27xf32>
      }
      %dw = graph.matmul %x, %dz {transpose_a = true} : (tensor<60x9xf32>, tensor<60x27xf32>) -> tensor<9x27xf32>
      %db = graph.cluster %dz : (tensor<60x27xf32>) -> tensor<27xf32> {
      ^bb0(%0: tensor<60x27xf32>):
        %1 = graph.reduce_sum %0 {axes = array<i64: 0>} : (tensor<60x27xf32>) -> tensor<27xf32>
        graph.yield %1 : tensor<27xf32>
      }
      graph.apply_gradient_descent %lr, %dw {variable = @w} : (tensor<f32>, tensor<9x27xf32>) -> ()
      graph.apply_gradient_descent %lr, %db {variable = @b} : (tensor<f32>, tensor<27xf32>) -> ()
      graph.fetch %cost, %h {indices = array<i64: 0, 1>} : tensor<f32>, tensor<60x27xf32>
    })",
                      {randomTensor({60, 9}, 1), Tensor(0.5f)},
                      {{"w", randomTensor({9, 27}, 2)}, {"b", randomTensor({27}, 3)}}, 5);
}

// Reads, assignments and fetches in every order that could go wrong.
TEST_F(ProgramBuilding, KeepsTheOrderOfReadsAndWrites) {
  struct Case {
    int fetches;
    std::string body;
  };
  for (const auto &[fetches, body] : {
           // the old value, the new one, and what was computed from the old one after the change
           Case{3, R"(%old = graph.read_variable {variable = @v} : () -> tensor<4xf32>
              %new = graph.assign_add %x {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
              %e = graph.exp %old : (tensor<4xf32>) -> tensor<4xf32>
              graph.fetch %old, %new, %e {indices = array<i64: 0, 1, 2>} : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)"},
           // two new values of one variable, fetched through a view
           Case{3, R"(%a = graph.assign_add %x {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
              %b = graph.assign_sub %u {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
              %r = graph.reshape %a {shape = array<i64: 2, 2>} : (tensor<4xf32>) -> tensor<2x2xf32>
              graph.fetch %r, %b, %a {indices = array<i64: 0, 1, 2>} : tensor<2x2xf32>, tensor<4xf32>, tensor<4xf32>)"},
           // a swap
           Case{2, R"(%w = graph.read_variable {variable = @v} : () -> tensor<4xf32>
              %a = graph.assign %u {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
              %b = graph.assign %w {variable = @u} : (tensor<4xf32>) -> tensor<4xf32>
              graph.fetch %a, %b {indices = array<i64: 0, 1>} : tensor<4xf32>, tensor<4xf32>)"},
           // computed from itself, computed before a read, assigned twice, and an update by itself
           Case{4, R"(%t = graph.tanh %u : (tensor<4xf32>) -> tensor<4xf32>
              %a = graph.assign %t {variable = @u} : (tensor<4xf32>) -> tensor<4xf32>
              %t2 = graph.exp %x : (tensor<4xf32>) -> tensor<4xf32>
              %w = graph.read_variable {variable = @v} : () -> tensor<4xf32>
              %e = graph.square %w : (tensor<4xf32>) -> tensor<4xf32>
              %b = graph.assign %t2 {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
              %c = graph.assign %t2 {variable = @u} : (tensor<4xf32>) -> tensor<4xf32>
              %d = graph.assign_add %c {variable = @u} : (tensor<4xf32>) -> tensor<4xf32>
              graph.fetch %e, %a, %d, %t2 {indices = array<i64: 0, 1, 2, 3>}
                  : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)"},
           // the value in the variable's memory is used once more before and after the variable
           // changes
           Case{2, R"(%t = graph.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
              %a = graph.assign %t {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
              %b = graph.assign_add %x {variable = @v} : (tensor<4xf32>) -> tensor<4xf32>
              %e = graph.exp %t : (tensor<4xf32>) -> tensor<4xf32>
              graph.fetch %e, %a {indices = array<i64: 0, 1>} : tensor<4xf32>, tensor<4xf32>)"},
           // variables and feeds fetched as they are, twice
           Case{4, R"(%w = graph.identity %u : (tensor<4xf32>) -> tensor<4xf32>
              graph.fetch %w, %x, %u, %x {indices = array<i64: 0, 1, 2, 3>}
                  : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)"},
       }) {
    SCOPED_TRACE(body);
    std::string names;
    for (int fetch = 0; fetch < fetches; ++fetch)
      names += (fetch ? ", \"" : "\"") + std::to_string(fetch) + ":0\"";
    const std::string text = R"(
      graph.variable @v : tensor<4xf32> {trainable = true}
      graph.variable @u : tensor<4xf32> {trainable = true}
      graph.program @main attributes {feed_names = ["x:0"], feed_types = [tensor<4xf32>], fetch_names = [)" +
                             names + R"(]} {
        %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4xf32>
        %u = graph.read_variable {variable = @u} : () -> tensor<4xf32>
      )" + body + "}";
    expectAsInterpreted(text, {randomTensor({4}, 1)},
                        {{"v", randomTensor({4}, 2)}, {"u", randomTensor({4}, 3)}}, 3);
  }
}

TEST_F(ProgramBuilding, MovesPartsOfTensors) {
  expectAsInterpreted(R"(
    graph.program @main attributes {feed_names = ["x:0", "y:0"], feed_types = [tensor<6x5x40xf32>, tensor<6x5x48xf32>], fetch_names = ["0:0", "1:0", "2:0", "3:0", "4:0"]} {
      %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<6x5x40xf32>
      %y = graph.feed {index = 1 : i64, name = "y:0"} : () -> tensor<6x5x48xf32>
      %c = graph.concat %x, %y {axis = 2 : i64} : (tensor<6x5x40xf32>, tensor<6x5x48xf32>) -> tensor<6x5x88xf32>
      %p, %q = graph.split %c {axis = 1 : i64, sizes = array<i64: 2, 3>}
          : (tensor<6x5x88xf32>) -> (tensor<6x2x88xf32>, tensor<6x3x88xf32>)
      %s = graph.slice %c {begin = array<i64: 4, 0, 0>, size = array<i64: 1, 5, 88>} : (tensor<6x5x88xf32>) -> tensor<1x5x88xf32>
      %t = graph.transpose %q {perm = array<i64: 1, 0, 2>} : (tensor<6x3x88xf32>) -> tensor<3x6x88xf32>
      %u0, %u1, %u2 = graph.unstack %t {axis = 0 : i64, num = 3 : i64}
          : (tensor<3x6x88xf32>) -> (tensor<6x88xf32>, tensor<6x88xf32>, tensor<6x88xf32>)
      %k = graph.stack %u2, %u0 {axis = 1 : i64} : (tensor<6x88xf32>, tensor<6x88xf32>) -> tensor<6x2x88xf32>
      graph.fetch %p, %s, %t, %u1, %k {indices = array<i64: 0, 1, 2, 3, 4>}
          : tensor<6x2x88xf32>, tensor<1x5x88xf32>, tensor<3x6x88xf32>, tensor<6x88xf32>, tensor<6x2x88xf32>
    })",
                      {randomTensor({6, 5, 40}, 1), randomTensor({6, 5, 48}, 2)});
}

TEST_F(ProgramBuilding, CallsTheHostForWhatHasNoKernel) {
  expectAsInterpreted(R"(
    graph.program @main attributes {feed_names = ["x:0"], feed_types = [tensor<6x4xf32>], fetch_names = ["q:0", "r:0"]} {
      %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<6x4xf32>
      %q, %r = graph.qr %x : (tensor<6x4xf32>) -> (tensor<6x4xf32>, tensor<4x4xf32>)
      graph.fetch %q, %r {indices = array<i64: 0, 1>} : tensor<6x4xf32>, tensor<4x4xf32>
    })",
                      {randomTensor({6, 4}, 1)});
}

TEST_F(ProgramBuilding, MultipliesWhatOneDnnCannot) {
  expectAsInterpreted(R"(
    graph.program @main attributes {feed_names = ["x:0", "e:0"], feed_types = [tensor<6x4xf32>, tensor<6x0xf32>], fetch_names = ["d:0", "i:0", "z:0"]} {
      %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<6x4xf32>
      %e = graph.feed {index = 1 : i64, name = "e:0"} : () -> tensor<6x0xf32>
      %d = graph.cast %x {dtype = f64} : (tensor<6x4xf32>) -> tensor<6x4xf64>
      %dd = graph.matmul %d, %d {transpose_b = true} : (tensor<6x4xf64>, tensor<6x4xf64>) -> tensor<6x6xf64>
      %i = graph.cast %x {dtype = i32} : (tensor<6x4xf32>) -> tensor<6x4xi32>
      %ii = graph.matmul %i, %i {transpose_b = true} : (tensor<6x4xi32>, tensor<6x4xi32>) -> tensor<6x6xi32>
      %z = graph.matmul %e, %e {transpose_b = true} : (tensor<6x0xf32>, tensor<6x0xf32>) -> tensor<6x6xf32>
      graph.fetch %dd, %ii, %z {indices = array<i64: 0, 1, 2>} : tensor<6x6xf64>, tensor<6x6xi32>, tensor<6x6xf32>
    })",
                      {randomTensor({6, 4}, 1), Tensor(float32, Shape{6, 0})});
}

constexpr StringLiteral kInference = R"(
    graph.variable @w : tensor<9x27xf32> {trainable = true}
    graph.program @main attributes {feed_names = ["x:0"], feed_types = [tensor<4x9xf32>], fetch_names = ["y:0"]} {
      %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<4x9xf32>
      %w = graph.read_variable {variable = @w} : () -> tensor<9x27xf32> loc("dense/kernel/read"("har.cpp":12:0))
      %y = graph.matmul %x, %w : (tensor<4x9xf32>, tensor<9x27xf32>) -> tensor<4x27xf32>
      graph.fetch %y {indices = array<i64: 0>} : tensor<4x27xf32>
    })";

TEST_F(ProgramBuilding, RepacksKeptWeightsWhenTheVariableChanges) {
  VariableStore store;
  Executor executor(compile(kInference, /*alwaysPack=*/true), store);
  ASSERT_EQ(executor.program().kept.size(), 1u);
  OwningOpRef<ModuleOp> module = parse(kInference);
  const Tensor x = randomTensor({4, 9}, 1);
  for (unsigned seed : {2, 3}) {
    const Tensor w = randomTensor({9, 27}, seed);
    store.set("w", w);
    std::map<std::string, Tensor> variables = {{"w", w}};
    expectClose(executor.run({{x}}, {})[0],
                Interpreter(variables).runProgram(findProgram(*module), {{x}})[0], "y");
  }
}

TEST_F(ProgramBuilding, NamesTheReaderOfAnUninitialisedVariable) {
  for (bool alwaysPack : {false, true}) {
    VariableStore store;
    Executor executor(compile(kInference, alwaysPack), store);
    try {
      executor.run({{randomTensor({4, 9}, 1)}}, {});
      FAIL();
    } catch (const Error &error) {
      EXPECT_STREQ(error.what(),
                   "FAILED_PRECONDITION: variable 'w' is read before it was initialised "
                   "[op 'dense/kernel/read'] [at har.cpp:12]");
    }
  }
}

// What the program assigns before it reads need not have a value before.
TEST_F(ProgramBuilding, InitialisesAndReadsInOneRun) {
  VariableStore store;
  Executor executor(compile(R"(
    graph.variable @v : tensor<2xf32> {trainable = true}
    graph.program @main attributes {fetch_names = ["v:0"]} {
      %c = graph.constant {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
      %a = graph.assign %c {variable = @v} : (tensor<2xf32>) -> tensor<2xf32>
      %b = graph.assign_add %c {variable = @v} : (tensor<2xf32>) -> tensor<2xf32>
      graph.fetch %b {indices = array<i64: 0>} : tensor<2xf32>
    })"),
                    store);
  EXPECT_THAT(executor.run({}, {})[0].values<float>(), ElementsAre(2, 4));
  EXPECT_THAT(store.get("v")->values<float>(), ElementsAre(2, 4));
}

TEST_F(ProgramBuilding, LeavesUnusedFeedsAndFetchedOpsAlone) {
  VariableStore store;
  Executor executor(compile(R"(
    graph.program @main attributes {feed_names = ["x:0", "y:0"], feed_types = [tensor<f32>, tensor<2xf32>], fetch_names = ["nothing", "x:0"]} {
      %x = graph.feed {index = 1 : i64, name = "y:0"} : () -> tensor<2xf32>
      graph.fetch %x {indices = array<i64: 1>} : tensor<2xf32>
    })"),
                    store);
  const std::vector<Tensor> results =
      executor.run({{Tensor(3), Tensor::of<float>({2}, {1, 2})}}, {});
  EXPECT_TRUE(results[0].empty());
  EXPECT_THAT(results[1].values<float>(), ElementsAre(1, 2));
}

TEST_F(ProgramBuilding, RunsTheLibrarysLstm) {
  expectAsInterpreted(R"(
    graph.program @main attributes {feed_names = ["x:0", "s:0", "wl:0", "wi:0", "b:0"], feed_types = [tensor<3x2x5xf32>, tensor<2x4xf32>, tensor<5x16xf32>, tensor<4x16xf32>, tensor<16xf32>], fetch_names = ["out:0", "dwl:0", "db:0"]} {
      %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<3x2x5xf32>
      %s = graph.feed {index = 1 : i64, name = "s:0"} : () -> tensor<2x4xf32>
      %wl = graph.feed {index = 2 : i64, name = "wl:0"} : () -> tensor<5x16xf32>
      %wi = graph.feed {index = 3 : i64, name = "wi:0"} : () -> tensor<4x16xf32>
      %b = graph.feed {index = 4 : i64, name = "b:0"} : () -> tensor<16xf32>
      %out, %h, %c, %space = graph.lstm %x, %s, %s, %wl, %wi, %b {training = true}
          : (tensor<3x2x5xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x16xf32>, tensor<4x16xf32>, tensor<16xf32>)
          -> (tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<?xui8>)
      %dx, %dh, %dc, %dwl, %dwi, %db = graph.lstm_gradient %x, %s, %s, %wl, %wi, %b, %out, %h, %c, %space, %out, %h, %c
          : (tensor<3x2x5xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x16xf32>, tensor<4x16xf32>, tensor<16xf32>,
             tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<?xui8>, tensor<3x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
          -> (tensor<3x2x5xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x16xf32>, tensor<4x16xf32>, tensor<16xf32>)
      graph.fetch %out, %dwl, %db {indices = array<i64: 0, 1, 2>} : tensor<3x2x4xf32>, tensor<5x16xf32>, tensor<16xf32>
    })",
                      {randomTensor({3, 2, 5}, 1), randomTensor({2, 4}, 2),
                       randomTensor({5, 16}, 3), randomTensor({4, 16}, 4), randomTensor({16}, 5)});
}

} // namespace
} // namespace graphc
