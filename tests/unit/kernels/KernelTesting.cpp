#include "tests/unit/kernels/KernelTesting.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "ir/Conversion.h"
#include "ir/Dialects.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "passes/Interpreter.h"

namespace graphc::kernel_testing {

using namespace mlir;

Cluster::Cluster(const std::vector<ValueType> &inputs, const Body &body) {
  DialectRegistry registry;
  registerDialects(registry);
  context_ = std::make_unique<MLIRContext>(registry);
  context_->loadAllAvailableDialects();
  const Location loc = UnknownLoc::get(context_.get());
  module_ = ModuleOp::create(loc);
  OperationState state(loc, "graph.cluster");
  auto *block = new Block;
  state.addRegion()->push_back(block);
  cluster_ = Operation::create(state);
  module_->getBody()->push_back(cluster_);
  Values arguments;
  for (const ValueType &type : inputs)
    arguments.push_back(block->addArgument(toMlirType(context_.get(), type), loc));
  OpBuilder builder(context_.get());
  builder.setInsertionPointToEnd(block);
  GraphBuilder graph(builder, loc);
  const Values results = body(graph, arguments);
  EXPECT_FALSE(graph.failed());
  graph.createOp("yield", TypeRange(), results);
}

Cluster::~Cluster() = default;

Block &Cluster::block() { return cluster_->getRegion(0).front(); }
std::string Cluster::whyNot() { return whyNoKernel(block()); }
KernelShape Cluster::shape() { return *kernelShape(block()); }

void Cluster::compile() {
  if (engine_)
    return;
  ASSERT_EQ(whyNot(), "");
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(context_.get()));
  ASSERT_TRUE(succeeded(generateKernel("kernel", block(), *module)));
  ASSERT_TRUE(succeeded(lowerKernels(*module)));
  engine_ = JitEngine::compile(*module, {.keepIr = true});
}

GraphcKernel Cluster::kernel() {
  compile();
  return engine_ ? engine_->find("kernel") : nullptr;
}

const std::string &Cluster::ir() {
  compile();
  return engine_->optimizedIr();
}

std::vector<Tensor> Cluster::run(const std::vector<Tensor> &inputs,
                                 const std::vector<std::int64_t> &cuts) {
  const GraphcKernel function = kernel();
  if (!function)
    return {};
  std::vector<void *> buffers;
  for (const Tensor &input : inputs)
    buffers.push_back(const_cast<void *>(input.raw_data()));
  std::vector<Tensor> results;
  for (const Value value : block().getTerminator()->getOperands()) {
    const ValueType type = toValueType(value.getType());
    results.emplace_back(type.dtype, type.shape);
    // What the kernel leaves out shows.
    std::memset(results.back().raw_data(), 0xa5, results.back().num_bytes());
    buffers.push_back(results.back().raw_data());
  }
  const KernelShape shape = this->shape();
  std::vector<std::int64_t> ends = cuts;
  ends.push_back(shape.extent);
  std::int64_t begin = 0;
  for (const std::int64_t end : ends) {
    Tensor scratch(uint8, {std::max<std::int64_t>(1, shape.scratchBytes)});
    function(buffers.data(), begin, end, scratch.raw_data(), &kContext);
    begin = end;
  }
  return results;
}

std::vector<Tensor> Cluster::reference(const std::vector<Tensor> &inputs) {
  std::map<std::string, Tensor> variables;
  return Interpreter(variables, kContext).runBlock(block(), inputs);
}

ValueType typeOf(const Tensor &tensor) { return {tensor.dtype(), tensor.shape()}; }

void expectClose(const Tensor &actual, const Tensor &expected, Tolerance tolerance) {
  ASSERT_EQ(actual.dtype(), expected.dtype());
  ASSERT_EQ(actual.shape(), expected.shape());
  dispatch(actual.dtype(), [&](auto zero) {
    using T = decltype(zero);
    int failures = 0;
    for (std::int64_t i = 0; i < actual.num_elements() && failures < 5; ++i) {
      const T a = actual.data<T>()[i], b = expected.data<T>()[i];
      bool close = a == b;
      if constexpr (std::is_floating_point_v<T>) {
        close |= std::isnan(a) && std::isnan(b);
        close |= std::fabs(static_cast<double>(a) - static_cast<double>(b)) <=
                 tolerance.absolute + tolerance.relative * std::fabs(static_cast<double>(b));
      }
      EXPECT_TRUE(close) << "element " << i << " of " << actual.shape().to_string() << " is " << +a
                         << ", expected " << +b;
      failures += !close;
    }
  });
}

void expectAsReference(const Body &body, const std::vector<Tensor> &inputs, Tolerance tolerance) {
  std::vector<ValueType> types;
  for (const Tensor &input : inputs)
    types.push_back(typeOf(input));
  Cluster cluster(types, body);
  ASSERT_EQ(cluster.whyNot(), "");
  const std::vector<Tensor> whole = cluster.run(inputs);
  const std::vector<Tensor> expected = cluster.reference(inputs);
  ASSERT_EQ(whole.size(), expected.size());
  for (std::size_t i = 0; i < whole.size(); ++i)
    expectClose(whole[i], expected[i], tolerance);
  const std::int64_t extent = cluster.shape().extent;
  if (extent == 1)
    return;
  std::vector<std::int64_t> cuts = {extent / 3, extent / 3, extent - extent / 4};
  const std::vector<Tensor> pieces = cluster.run(inputs, cuts);
  for (std::size_t i = 0; i < whole.size(); ++i)
    EXPECT_TRUE(pieces[i].identical_to(whole[i])) << "in pieces: output " << i;
}

namespace {

template <typename T> T randomValue(std::mt19937 &random) {
  if constexpr (std::is_same_v<T, bool>) {
    return random() % 2 != 0;
  } else if constexpr (std::is_floating_point_v<T>) {
    const auto drawn = std::uniform_real_distribution<T>(-4, 4)(random);
    return random() % 5 == 0 ? std::round(drawn * 2) / 2 : drawn;
  } else {
    const int offset = std::is_unsigned_v<T> ? 0 : 20;
    return static_cast<T>(static_cast<int>(random() % 41) - offset);
  }
}

} // namespace

Tensor sample(DataType dtype, const Shape &shape, unsigned seed) {
  std::mt19937 random(seed);
  Tensor tensor(dtype, shape);
  dispatch(dtype, [&](auto zero) {
    using T = decltype(zero);
    std::generate_n(tensor.data<T>(), tensor.num_elements(),
                    [&] { return randomValue<T>(random); });
  });
  return tensor;
}

Tensor withSpecialValues(DataType dtype, const Shape &shape, unsigned seed) {
  std::mt19937 random(seed + 1000);
  Tensor tensor = sample(dtype, shape, seed);
  dispatch(dtype, [&](auto zero) {
    using T = decltype(zero);
    using Limits = std::numeric_limits<T>;
    const T special[] = {Limits::quiet_NaN(),
                         Limits::infinity(),
                         static_cast<T>(-Limits::infinity()),
                         T{},
                         static_cast<T>(-T{}),
                         Limits::min(),
                         Limits::denorm_min(),
                         Limits::max(),
                         Limits::lowest()};
    for (std::int64_t i = 0; i < tensor.num_elements(); ++i)
      if (random() % 3 == 0)
        tensor.data<T>()[i] = special[random() % std::size(special)];
  });
  return tensor;
}

} // namespace graphc::kernel_testing
