// event-writer FOLDER: a training program that TensorBoard is to show.
#include <graphc/graphc.h>

namespace gc = graphc;

int main(int, char **arguments) {
  gc::Graph g;
  auto x = g.placeholder(gc::float32, {gc::none, 3}, "x");
  auto w = g.get_variable("w", gc::Shape{3, 1}, {.initializer = gc::initializers::ones()});
  auto loss = gc::reduce_mean(gc::square(gc::matmul(x, w)), {}, false, "loss");
  auto train = gc::train::GradientDescentOptimizer(0.1f).minimize(loss);
  {
    auto scope = g.name_scope("summaries");
    gc::summary::scalar("loss", loss);
    gc::summary::histogram("w", w);
  }
  auto summaries = gc::summary::merge_all(g);

  gc::Session session(g);
  session.run(g.global_variables_initializer());
  gc::summary::FileWriter writer(arguments[1], g);
  const gc::Tensor batch = gc::Tensor::of<float>({2, 3}, {1, 0, 2, -1, 1, 0.5f});
  for (int step = 0; step < 20; ++step)
    writer.add_summary(session.run({{x, batch}}, {summaries, train})[0], step);
  writer.add_summary(gc::summary::scalar_value("accuracy", 0.75f), 19);
  writer.close();
}
