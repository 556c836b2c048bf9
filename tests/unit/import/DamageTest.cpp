// Damaged graphs: every truncation and many flipped bits give a graph or an error, and nothing
// else.
#include <random>

#include <graphc/graphc.h>

#include "frontend/export/GraphDef.h"
#include "tests/unit/import/DamagedImport.h"

namespace graphc::test {
namespace {

/// A graph of a few ops, as bytes.
std::string sample() {
  Graph graph;
  const Output x = graph.placeholder(float32, {-1, 3}, "x");
  const Output w = graph.constant(Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6}), "w");
  const Output y = matmul(x, w, {.name = "y"});
  reduce_sum(tanh(y, "z"), {.axes = 0, .name = "sum"});
  split(y, 2, 1, "parts");
  return graph_def(graph);
}

TEST(DamagedGraphs, EveryTruncation) {
  const std::string whole = sample();
  for (std::size_t size = 0; size < whole.size(); ++size)
    importDamaged(whole.substr(0, size));
}

TEST(DamagedGraphs, FlippedBits) {
  const std::string whole = sample();
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i)
    importDamaged(withFlippedBits(whole, random));
}

TEST(DamagedGraphs, RandomBytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    std::string bytes(random() % 200, '\0');
    for (char &byte : bytes)
      byte = static_cast<char>(random());
    importDamaged(bytes);
  }
}

} // namespace
} // namespace graphc::test
