// The program on the first page of README.md.
#include <cstdio>
#include <graphc/graphc.h>
namespace gc = graphc;

int main() {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none, 2}, "x");
  auto y = g.placeholder(gc::float32, {gc::none, 1}, "y");
  auto h = gc::layers::dense(x, 8, {.activation = gc::tanh});
  auto prediction = gc::sigmoid(gc::layers::dense(h, 1));
  auto loss = gc::reduce_mean(gc::squared_difference(prediction, y));
  auto train = gc::train::AdamOptimizer(0.1f).minimize(loss);

  gc::Session session(g, {.seed = 1});
  session.run(g.global_variables_initializer());
  auto inputs = gc::Tensor::of<float>({4, 2}, {0, 0, 0, 1, 1, 0, 1, 1});
  auto targets = gc::Tensor::of<float>({4, 1}, {0, 1, 1, 0}); // exclusive or
  for (int step = 0; step <= 200; ++step) {
    auto out = session.run({{x, inputs}, {y, targets}}, {train, loss});
    if (step % 100 == 0)
      std::printf("step %3d  loss %.4f\n", step, out[1].scalar<float>());
  }
  auto out = session.run({{x, inputs}}, prediction)[0];
  for (float p : out.values<float>())
    std::printf("%.2f ", p);
  std::printf("\n");
}
