// A random op outside of loops is TensorFlow's op of its kind with the op's seeds: other bits of
// the same distribution. In a loop or branch it is a stateless op under a key that is drawn once a
// run, and the step: a gradient draws the mask of what it is the gradient of again, and it has to
// be the same one. In a loop within a loop each step of the outer one draws a key for the inner.
#include <limits>

#include "frontend/export/Rules.h"

namespace graphc::graphdef {

static std::int64_t seed(const OpNodes &op, const char *attribute) {
  return op.attributes().int_or(attribute, 0);
}

/// Two int32 outside of all loops that all random ops with this op's seeds share.
static std::string keyOf(OpNodes &op) {
  GraphWriter &graph = op.graph();
  std::string &key =
      graph.shared("random key " + std::to_string(seed(op, "seed")) + " " +
                   std::to_string(seed(op, "seed2")) + " " + std::to_string(seed(op, "stream")));
  if (key.empty())
    graph.inLoops(0, [&] {
      const Integers shape = op.vector("key/shape", {2});
      const std::string min = op.scalar("key/min", 0).input;
      const std::string max = op.scalar("key/max", std::numeric_limits<std::int32_t>::max()).input;
      key = op.beside("key", "RandomUniformInt", {shape.input, min, max}, {int32, Shape{2}})
                .type("Tout", int32)
                .type("T", shape.dtype)
                .integer("seed", seed(op, "seed"))
                .integer("seed2", seed(op, "seed2"))
                .output();
    });
  return key;
}

/// Two int32 that are others in every iteration of the open loops.
static std::string seedOfStep(OpNodes &op) {
  GraphWriter &graph = op.graph();
  const ValueType pair{int32, Shape{2}};
  const std::size_t depth = graph.depth();
  std::string value = keyOf(op);
  for (std::size_t loops = 1; loops <= depth; ++loops)
    graph.inLoops(loops, [&] {
      const std::string key = graph.enterOnce(op.name() + "/key/Enter", value, int32);
      value = op.beside("seed", "AddV2", {key, graph.loop()->step}, pair).type("T", int32).output();
      if (loops == depth)
        return;
      const Integers shape = op.vector("key/shape", {2});
      value = op.beside("key", "StatelessRandomUniformFullInt", {shape.input, value}, pair)
                  .type("dtype", int32)
                  .type("T", shape.dtype)
                  .type("Tseed", int32)
                  .output();
    });
  return value;
}

static void writeRandom(OpNodes &op, llvm::StringRef type) {
  const bool integers = type == "RandomUniformInt";
  const Integers shape = op.listOrOperand("shape", integers ? 2 : 0);
  std::vector<std::string> bounds;
  if (integers)
    bounds = {op.in(0), op.in(1)};
  if (!op.graph().inFrame()) {
    std::vector<std::string> inputs{shape.input};
    inputs.insert(inputs.end(), bounds.begin(), bounds.end());
    op.main(type, inputs)
        .type(integers ? "Tout" : "dtype", op.resultType().dtype)
        .type("T", shape.dtype)
        .integer("seed", seed(op, "seed"))
        .integer("seed2", seed(op, "seed2"));
    return;
  }
  std::vector<std::string> inputs{shape.input, seedOfStep(op)};
  inputs.insert(inputs.end(), bounds.begin(), bounds.end());
  const std::string stateless =
      type == "RandomStandardNormal" ? "StatelessRandomNormal" : "Stateless" + type.str();
  op.main(stateless, inputs)
      .type("dtype", op.resultType().dtype)
      .type("T", shape.dtype)
      .type("Tseed", int32);
}

std::span<const Rule> randomRules() {
  static constexpr Rule rules[] = {
      {"random_normal", "RandomStandardNormal", writeRandom},
      {"random_uniform", "RandomUniform", writeRandom},
      {"random_uniform_int", "RandomUniformInt", writeRandom},
      {"truncated_normal", "TruncatedNormal", writeRandom},
  };
  return rules;
}

} // namespace graphc::graphdef
