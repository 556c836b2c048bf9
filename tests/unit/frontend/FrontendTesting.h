// Helpers of the frontend's tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/Gradients.h"
#include "frontend/Graph.h"
#include "frontend/Initializers.h"
#include "frontend/Optimizers.h"
#include "frontend/layers/Layers.h"
#include "frontend/layers/Sequences.h"
#include "frontend/ops/Array.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NeuralNetwork.h"
#include "frontend/ops/Random.h"
#include "frontend/ops/Reductions.h"
#include "frontend/rnn/Cells.h"
#include "frontend/rnn/DynamicRnn.h"
#include "frontend/rnn/StaticRnn.h"
#include "tests/unit/ErrorTesting.h"

namespace gc = graphc;
using graphc::test::errorFrom;

/// The names of all ops of the program, in order.
inline std::vector<std::string> opNames(const gc::Graph &graph) {
  std::vector<std::string> names;
  for (const gc::Operation &op : graph.get_operations())
    names.push_back(op.name());
  return names;
}

inline std::vector<std::string> variableNames(const gc::Graph &graph) {
  std::vector<std::string> names;
  for (const gc::Variable &variable : graph.global_variables())
    names.push_back(variable.name());
  return names;
}

/// "float32[?,3]".
inline std::string typeOf(const gc::Output &x) {
  return std::string(to_string(x.dtype())) + x.shape().to_string();
}
