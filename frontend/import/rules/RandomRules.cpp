// Random tensors. The numbers are graphc's, not TensorFlow's: seeds make them reproducible, not
// equal.
#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

/// Draws of `shape` (input 0), `operands` before it; the seeds are those of `attributes`.
Output drawn(NodeContext &c, std::string_view op, std::vector<Output> operands,
             Attributes attributes) {
  const Dims shape = c.dims(0);
  if (shape.is_output())
    operands.push_back(shape.output());
  else
    attributes.set("shape", shape.extents());
  promiseIndependentDraws(c.graph());
  return c.record(op, operands, attributes);
}

Attributes seeded(NodeContext &c, std::pair<std::int64_t, std::int64_t> seeds, DataType dtype) {
  Attributes attributes{{"dtype", dtype}};
  setSeeds(c.graph(), std::nullopt, attributes);
  if (seeds.first != 0 || seeds.second != 0) {
    attributes.set("seed", seeds.first);
    attributes.set("seed2", seeds.second);
  }
  return attributes;
}

void draw(NodeContext &c, std::string_view op, std::pair<std::int64_t, std::int64_t> seeds,
          DataType dtype) {
  c.result(drawn(c, op, {}, seeded(c, seeds, dtype)));
}

ImportRule stateful(const char *op) {
  return {1, 1, [op](NodeContext &c) {
            draw(c, op, {c.integer("seed", 0), c.integer("seed2", 0)}, c.dtype("dtype", float32));
          }};
}

void integers(NodeContext &c) {
  const std::vector<Output> bounds = c.inputs(1, 3);
  const Attributes attributes =
      seeded(c, {c.integer("seed", 0), c.integer("seed2", 0)}, c.dtype("Tout", bounds[0].dtype()));
  const Output values = drawn(c, "random_uniform_int", bounds, attributes);
  const auto number = [&](const char *name) { return attributes.int_or(name, 0); };
  c.give({{.tensor = values, .key = RandomKey{number("seed"), number("seed2"), number("stream")}}});
}

/// The two numbers that a stateless op is given.
std::pair<std::int64_t, std::int64_t> seedsOf(NodeContext &c, int input) {
  const std::vector<std::int64_t> seeds = c.knownIntegers(input, "the seed");
  if (seeds.size() != 2)
    c.refuse("the seed: expected two integers, got " + std::to_string(seeds.size()));
  return {seeds[0], seeds[1]};
}

/// Of a seed that is drawn once a run, in a recurrence the step added to it: what graphc's own
/// export makes of a random op in a loop. A gradient that draws by the same key gets the same
/// numbers at the same step; graphc's ops do so where their seeds are equal.
std::optional<RandomKey> keyOf(NodeContext &c, int input) {
  const auto value = [&](NodeOutput from) {
    const auto &values = c.state().values[static_cast<std::size_t>(from.node)];
    const auto index = static_cast<std::size_t>(from.index);
    return index < values.size() ? values[index] : NodeValue{};
  };
  const NodeOutput seed = c.node().inputs[static_cast<std::size_t>(input)];
  if (!c.state().step)
    return value(seed).key;
  const Node &sum = c.state().nodes[seed.node];
  const bool isSum = (sum.type() == "Add" || sum.type() == "AddV2") && sum.inputs.size() == 2;
  if (!isSum || !(value(sum.inputs[1]).tensor == c.state().step))
    return std::nullopt;
  return value(sum.inputs[0]).key;
}

ImportRule stateless(const char *op) {
  return {2, 2, [op](NodeContext &c) {
            const DataType dtype = c.dtype("dtype", float32);
            const std::optional<RandomKey> key = c.knownOrNot(1) ? std::nullopt : keyOf(c, 1);
            if (!key)
              return draw(c, op, seedsOf(c, 1), dtype);
            c.result(drawn(c, op, {},
                           {{"dtype", dtype},
                            {"seed", key->seed},
                            {"seed2", key->seed2},
                            {"stream", key->stream}}));
          }};
}
/// Key, counter and algorithm follow from a seed elsewhere.
ImportRule keyed(const char *op) {
  return {4, 4, [op](NodeContext &c) { draw(c, op, c.seed(1), c.dtype("dtype", float32)); }};
}

void keyOfSeed(NodeContext &c) { c.seedResults(seedsOf(c, 0), 2); }
void algorithm(NodeContext &c) { c.seedResults({0, 0}, 1); }
void keyCounterAlgorithm(NodeContext &c) { c.seedResults(seedsOf(c, 0), 3); }

} // namespace

void addRandomRules(ImportRules &rules) {
  rules["RandomUniform"] = stateful("random_uniform");
  rules["RandomStandardNormal"] = stateful("random_normal");
  rules["TruncatedNormal"] = stateful("truncated_normal");
  rules["RandomUniformInt"] = {3, 3, integers};
  rules["StatelessRandomUniform"] = stateless("random_uniform");
  rules["StatelessRandomNormal"] = stateless("random_normal");
  rules["StatelessTruncatedNormal"] = stateless("truncated_normal");
  rules["StatelessRandomUniformV2"] = keyed("random_uniform");
  rules["StatelessRandomNormalV2"] = keyed("random_normal");
  rules["StatelessTruncatedNormalV2"] = keyed("truncated_normal");
  rules["StatelessRandomGetKeyCounter"] = {1, 1, keyOfSeed};
  rules["StatelessRandomGetAlg"] = {0, 0, algorithm};
  rules["StatelessRandomGetKeyCounterAlg"] = {1, 1, keyCounterAlgorithm};
}

} // namespace graphc::importing
