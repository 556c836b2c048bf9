// Every op's form in TensorFlow, node by node.
#include <set>

#include "ExportTesting.h"
#include "RuleCases.h"
#include "frontend/export/Rules.h"
#include "frontend/graphc/graphc.h"
#include "ir/Dialects.h"
#include "mlir/IR/MLIRContext.h"
#include "runtime/Status.h"

#include <gtest/gtest.h>

namespace graphc::test {
namespace {

TEST(ExportRules, AreAsListed) {
  for (const RuleCase &each : ruleCases()) {
    SCOPED_TRACE(each.ops);
    EXPECT_EQ("\n" + exported(each.ops), each.nodes);
  }
}

std::set<std::string> opsOfTheDialect() {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  std::set<std::string> names;
  for (mlir::RegisteredOperationName op : context.getRegisteredOperationsByDialect("graph"))
    names.insert(op.stripDialect().str());
  return names;
}

// A new op needs a rule in frontend/export/rules/, or a reason why it has none in Rules.cpp.
TEST(ExportRules, EveryOpHasOneOrAReasonWhyNot) {
  const std::set<std::string> ops = opsOfTheDialect();
  EXPECT_GT(ops.size(), 100u);
  for (const std::string &op : ops)
    EXPECT_NE(graphdef::findRule(op) != nullptr, !graphdef::whyWithoutRule(op).empty()) << op;
}

// But for those that only give another name.
TEST(ExportRules, EveryRuleHasACase) {
  std::string all;
  for (const RuleCase &each : ruleCases())
    all += each.ops;
  for (const std::string &op : opsOfTheDialect())
    if (const graphdef::Rule *rule = graphdef::findRule(op);
        rule && rule->write != graphdef::writePlain) {
      EXPECT_NE(all.find("graph." + op + " "), std::string::npos) << op;
    }
}

TEST(ExportRules, WhatHasNoFormIsSaid) {
  auto message = [](const std::string &ops) {
    try {
      exportedBytes(ops);
    } catch (const Error &error) {
      return std::string(to_string(error.code())) + ": " + error.op_name() + ": " + error.message();
    }
    return std::string("written");
  };
  EXPECT_EQ(
      message(R"(%y = graph.avg_pool2d %image {ksize = array<i64: 2, 2>, strides = array<i64: 2, 2>,
      padding = "EXPLICIT", explicit_paddings = array<i64: 0, 1, 0, 1>}
      : (tensor<2x8x8x3xf32>) -> tensor<2x4x4x3xf32> loc("y"))"),
      "UNIMPLEMENTED: y: graph.avg_pool2d has no form in TensorFlow: TensorFlow's pads by SAME or "
      "VALID only");
  EXPECT_EQ(
      message(
          R"(%y = graph.fused_matmul %f, %m : (tensor<?x4xf32>, tensor<4x5xf32>) -> tensor<?x5xf32> loc("y"))"),
      "UNIMPLEMENTED: y: graph.fused_matmul has no form in TensorFlow: passes make it, programs "
      "do not record it");
  EXPECT_EQ(
      message(
          R"(%y = graph.matmul %r, %m : (tensor<*xf32>, tensor<4x5xf32>) -> tensor<*xf32> loc("y"))"),
      "UNIMPLEMENTED: y: graph.matmul has no form in TensorFlow: its operand's rank is not known");
  EXPECT_EQ(
      message(
          R"(graph.apply_rms_prop %x, %x, %x, %x, %m {variable = @w, mean_square = @s1} : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<4x5xf32>) -> () loc("y"))"),
      "UNIMPLEMENTED: y: graph.apply_rms_prop has no form in TensorFlow: it has no momentum_slot, "
      "and TensorFlow's op has one");
}

} // namespace
} // namespace graphc::test
