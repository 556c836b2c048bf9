#include "tests/unit/recurrence/RecurrenceTesting.h"

#include <cmath>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "ir/Conversion.h"
#include "ir/Dialects.h"
#include "mlir/IR/Diagnostics.h"
#include "passes/Interpreter.h"
#include "passes/kernels/KernelGenerator.h"
#include "passes/kernels/RecurrenceEnds.h"

namespace graphc::recurrence_testing {

using namespace mlir;

namespace {

constexpr GraphcRunContext kContext{.session_seed = 17, .run_index = 5, .step = 0};

ValueType stacked(ValueType type, std::int64_t steps) {
  std::vector<std::int64_t> extents = type.shape.extents();
  extents.insert(extents.begin(), steps);
  return {type.dtype, Shape(extents)};
}

} // namespace

Compiled::Compiled(const Recurrence &recurrence, std::vector<unsigned> yielded)
    : context_([] {
        DialectRegistry registry;
        registerDialects(registry);
        return registry;
      }()) {
  context_.loadAllAvailableDialects();
  const Location loc = UnknownLoc::get(&context_);
  module_ = ModuleOp::create(loc);
  OpBuilder builder(&context_);

  // The recurrence's body.
  auto bodyRegion = std::make_unique<Region>();
  Block *body = new Block;
  bodyRegion->push_back(body);
  Arguments arguments;
  llvm::SmallVector<Type> inputTypes;
  const auto addArguments = [&](const std::vector<ValueType> &types, auto &list, bool sequence) {
    for (const ValueType &type : types) {
      list.push_back(body->addArgument(toMlirType(&context_, type), loc));
      inputTypes.push_back(
          toMlirType(&context_, sequence ? stacked(type, recurrence.steps) : type));
    }
  };
  addArguments(recurrence.sequences, arguments.slices, true);
  addArguments(recurrence.states, arguments.states, false);
  addArguments(recurrence.captured, arguments.captured, false);
  builder.setInsertionPointToEnd(body);
  GraphBuilder graph(builder, loc);
  Cell cell(graph);
  const std::vector<mlir::Value> results = recurrence.body(cell, arguments);
  EXPECT_FALSE(graph.failed());
  graph.createOp("yield", TypeRange(), results);

  // The kernel's body around it, held by a cluster that is in no program.
  OperationState cluster(loc, "graph.cluster");
  Block *block = new Block;
  cluster.addRegion()->push_back(block);
  cluster_ = Operation::create(cluster);
  module_->getBody()->push_back(cluster_);
  for (Type type : inputTypes)
    block->addArgument(type, loc);
  firstCaptured_ = static_cast<unsigned>(recurrence.sequences.size() + recurrence.states.size());
  builder.setInsertionPointToEnd(block);
  OperationState state(loc, "graph.static_rnn");
  state.addOperands(block->getArguments());
  const std::size_t outputs = results.size() - recurrence.states.size();
  for (std::size_t i = 0; i < results.size(); ++i) {
    const ValueType type = toValueType(results[i].getType());
    state.addTypes(toMlirType(&context_, i < outputs ? stacked(type, recurrence.steps) : type));
  }
  state.addAttribute("steps", builder.getI64IntegerAttr(recurrence.steps));
  state.addAttribute("reverse", builder.getBoolAttr(recurrence.reverse));
  state.addAttribute("operandSegmentSizes",
                     builder.getDenseI32ArrayAttr({static_cast<int>(recurrence.sequences.size()),
                                                   static_cast<int>(recurrence.states.size()),
                                                   static_cast<int>(recurrence.captured.size())}));
  state.addRegion(std::move(bodyRegion));
  Operation *rnn = builder.create(state);
  if (yielded.empty())
    for (unsigned i = 0; i < results.size(); ++i)
      yielded.push_back(i);
  llvm::SmallVector<mlir::Value> values;
  for (unsigned result : yielded)
    values.push_back(rnn->getResult(result));
  GraphBuilder(builder, loc).createOp("yield", TypeRange(), values);
  findSequenceLengths(rnn);
}

bool Compiled::hasLengths() const {
  return cluster_->getRegion(0).front().front().hasAttr(kSequenceLengths);
}

std::string Compiled::whyNot() { return whyNoRecurrenceKernel(cluster_->getRegion(0).front()); }

KernelShape Compiled::shape() { return shape_; }

void Compiled::compile() {
  Block &block = cluster_->getRegion(0).front();
  ASSERT_EQ(whyNot(), "");
  FailureOr<KernelShape> shape = recurrenceKernelShape(block);
  ASSERT_TRUE(succeeded(shape));
  shape_ = *shape;
  kernels_ = ModuleOp::create(UnknownLoc::get(&context_));
  ASSERT_TRUE(succeeded(generateRecurrenceKernel("kernel", block, *kernels_)));
  ASSERT_TRUE(succeeded(lowerKernels(*kernels_)));
  engine_ = JitEngine::compile(*kernels_, {.keepIr = true});
}

std::vector<Tensor> Compiled::randomInputs(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Tensor> inputs;
  for (BlockArgument argument : cluster_->getRegion(0).front().getArguments()) {
    const ValueType type = toValueType(argument.getType());
    Tensor tensor(type.dtype, type.shape);
    // Matrices as weights are: sums of their products stay near 1.
    const double scale = type.shape.rank() == 2 && argument.getArgNumber() >= firstCaptured_
                             ? 1 / std::sqrt(static_cast<double>(type.shape[0]))
                             : 1;
    dispatch(type.dtype, [&](auto zero) {
      using T = decltype(zero);
      for (std::int64_t i = 0; i < tensor.num_elements(); ++i) {
        if constexpr (std::is_floating_point_v<T>)
          tensor.data<T>()[i] =
              static_cast<T>(std::uniform_real_distribution<T>(-1, 1)(random) * scale);
        else if constexpr (std::is_same_v<T, bool>)
          tensor.data<T>()[i] = random() % 2;
        else
          tensor.data<T>()[i] = static_cast<T>(random() % 8);
      }
    });
    inputs.push_back(tensor);
  }
  return inputs;
}

std::vector<Tensor> Compiled::reference(const std::vector<Tensor> &inputs) {
  std::map<std::string, Tensor> variables;
  Interpreter interpreter(variables, kContext);
  return interpreter.runBlock(cluster_->getRegion(0).front(), inputs);
}

/// How many parts of the kernel's output add up to a result of the recurrence.
std::int64_t Compiled::partsOf(mlir::Value result) {
  mlir::Operation *rnn = result.getDefiningOp();
  const auto sizes = rnn->getAttrOfType<mlir::DenseI32ArrayAttr>("operandSegmentSizes");
  const unsigned outputs = rnn->getNumResults() - static_cast<unsigned>(sizes[1]);
  const unsigned number = llvm::cast<mlir::OpResult>(result).getResultNumber();
  return number >= outputs && matchStateSum(rnn, number - outputs) ? shape_.extent : 1;
}

/// Sums over the first axis that the parts' memory has in front of the shape.
static Tensor sumParts(const Tensor &parts, std::int64_t count) {
  Tensor sum = Tensor::zeros(parts.dtype(), parts.shape());
  dispatch(parts.dtype(), [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_floating_point_v<T>)
      for (std::int64_t i = 0; i < count * sum.num_elements(); ++i)
        sum.data<T>()[i % sum.num_elements()] += parts.data<T>()[i];
  });
  return sum;
}

std::vector<Tensor> Compiled::run(const std::vector<Tensor> &inputs, std::int64_t pieces) {
  std::vector<void *> buffers;
  for (const Tensor &input : inputs)
    buffers.push_back(const_cast<void *>(input.raw_data()));
  // Outputs and scratch start as NaN, and outputs end in front of bytes that must stay as they are.
  constexpr std::size_t guard = 64;
  std::vector<Tensor> storage, outputs;
  std::vector<std::int64_t> parts;
  for (mlir::Value value : cluster_->getRegion(0).front().getTerminator()->getOperands()) {
    const ValueType type = toValueType(value.getType());
    parts.push_back(partsOf(value));
    const std::size_t bytes =
        static_cast<std::size_t>(type.shape.num_elements() * parts.back()) * size_of(type.dtype);
    Tensor memory(uint8, Shape{static_cast<std::int64_t>(bytes + guard)});
    std::memset(memory.raw_data(), 0xFF, bytes + guard);
    storage.push_back(memory);
    outputs.push_back(Tensor::borrow(type.dtype, type.shape, memory.raw_data()));
    buffers.push_back(memory.raw_data());
  }
  const std::int64_t extent = shape_.extent;
  for (std::int64_t piece = pieces; piece-- > 0;) {
    Tensor scratch(uint8, Shape{shape_.scratchBytes + static_cast<std::int64_t>(guard)});
    std::memset(scratch.raw_data(), 0xFF, scratch.num_bytes());
    engine_->find("kernel")(buffers.data(), extent * piece / pieces, extent * (piece + 1) / pieces,
                            scratch.raw_data(), &kContext);
    for (std::size_t i = scratch.num_bytes() - guard; i < scratch.num_bytes(); ++i)
      EXPECT_EQ(scratch.data<std::uint8_t>()[i], 0xFF) << "wrote past the scratch memory";
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    for (std::size_t i = storage[k].num_bytes() - guard; i < storage[k].num_bytes(); ++i)
      EXPECT_EQ(storage[k].data<std::uint8_t>()[i], 0xFF) << "wrote past output " << k;
    outputs[k] = parts[k] > 1 ? sumParts(outputs[k], parts[k]) : outputs[k].clone();
  }
  return outputs;
}

static void expectClose(const Tensor &actual, const Tensor &expected, double tolerance) {
  ASSERT_EQ(actual.dtype(), expected.dtype());
  ASSERT_EQ(actual.shape(), expected.shape());
  dispatch(actual.dtype(), [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t i = 0; i < actual.num_elements(); ++i) {
      const T a = actual.data<T>()[i], e = expected.data<T>()[i];
      if constexpr (std::is_floating_point_v<T>) {
        if (std::isnan(e)) {
          ASSERT_TRUE(std::isnan(a)) << "element " << i;
          continue;
        }
        ASSERT_NEAR(a, e, tolerance * std::max(1.0, std::abs(static_cast<double>(e))))
            << "element " << i << " of " << expected.shape().to_string();
      } else {
        ASSERT_EQ(a, e) << "element " << i << " of " << expected.shape().to_string();
      }
    }
  });
}

void expectMatchesReference(const Recurrence &recurrence, double tolerance) {
  Compiled compiled(recurrence);
  compiled.compile();
  if (testing::Test::HasFatalFailure())
    return;
  const std::vector<Tensor> inputs = compiled.randomInputs(11);
  const std::vector<Tensor> expected = compiled.reference(inputs);
  const std::vector<Tensor> actual = compiled.run(inputs);
  const std::vector<Tensor> pieces = compiled.run(inputs, compiled.shape().extent);
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t k = 0; k < actual.size(); ++k) {
    SCOPED_TRACE("result " + std::to_string(k));
    expectClose(actual[k], expected[k], tolerance);
    EXPECT_TRUE(pieces[k].identical_to(actual[k])) << "the split over threads changed bits";
  }
}

} // namespace graphc::recurrence_testing
