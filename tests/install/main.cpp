// Trains y = 2 x with an installed graphc.
#include <cmath>
#include <cstdio>

#include <graphc/graphc.h>

namespace gc = graphc;

int main() {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none}, "x");
  auto w = g.get_variable("w", gc::Shape{}, {.initializer = gc::initializers::zeros()});
  auto loss = gc::reduce_mean(gc::square(w * x - 2.f * x));
  auto train = gc::train::GradientDescentOptimizer(0.1f).minimize(loss);
  gc::Session session(g);
  session.run(g.global_variables_initializer());
  for (int i = 0; i < 100; ++i)
    session.run({{x, gc::Tensor::of<float>({3}, {-1, 1, 2})}}, {train});
  const float learnt = session.variable("w").scalar<float>();
  std::printf("w = %.3f\n", static_cast<double>(learnt));
  return std::abs(learnt - 2) < 1e-3f ? 0 : 1;
}
