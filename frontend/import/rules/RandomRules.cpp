// Random tensors. The numbers are graphc's, not TensorFlow's: seeds make them reproducible, not
// equal.
#include "frontend/import/ImportRules.h"

namespace graphc::importing {

namespace {

/// Draws of `shape` (input 0), `operands` before it.
void draw(NodeContext &c, std::string_view op, std::vector<Output> operands,
          std::pair<std::int64_t, std::int64_t> seeds, DataType dtype) {
  Attributes attributes{{"dtype", dtype}};
  const Dims shape = c.dims(0);
  if (shape.is_output())
    operands.push_back(shape.output());
  else
    attributes.set("shape", shape.extents());
  setSeeds(c.graph(), std::nullopt, attributes);
  if (seeds.first != 0 || seeds.second != 0) {
    attributes.set("seed", seeds.first);
    attributes.set("seed2", seeds.second);
  }
  c.result(c.record(op, operands, attributes));
  promiseIndependentDraws(c.graph());
}

ImportRule stateful(const char *op) {
  return {1, 1, [op](NodeContext &c) {
            draw(c, op, {}, {c.integer("seed", 0), c.integer("seed2", 0)},
                 c.dtype("dtype", float32));
          }};
}

void integers(NodeContext &c) {
  const std::vector<Output> bounds = c.inputs(1, 3);
  draw(c, "random_uniform_int", bounds, {c.integer("seed", 0), c.integer("seed2", 0)},
       c.dtype("Tout", bounds[0].dtype()));
}

/// The two numbers that a stateless op is given.
std::pair<std::int64_t, std::int64_t> seedsOf(NodeContext &c, int input) {
  const std::vector<std::int64_t> seeds = c.knownIntegers(input, "the seed");
  if (seeds.size() != 2)
    c.refuse("the seed: expected two integers, got " + std::to_string(seeds.size()));
  return {seeds[0], seeds[1]};
}

ImportRule stateless(const char *op) {
  return {2, 2,
          [op](NodeContext &c) { draw(c, op, {}, seedsOf(c, 1), c.dtype("dtype", float32)); }};
}
/// Key, counter and algorithm follow from a seed elsewhere.
ImportRule keyed(const char *op) {
  return {4, 4, [op](NodeContext &c) { draw(c, op, {}, c.seed(1), c.dtype("dtype", float32)); }};
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
