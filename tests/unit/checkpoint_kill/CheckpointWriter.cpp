// checkpoint-writer FOLDER FIRST: saves checkpoints whose elements are all FIRST, FIRST + 1, ...,
// both under new names and over one that is there, until it is killed.
#include <cstdlib>

#include <graphc/graphc.h>

namespace gc = graphc;

int main(int, char **arguments) {
  const std::string folder = arguments[1];
  gc::Graph g;
  auto small = g.get_variable("small", gc::Shape{3});
  auto large = g.get_variable("large", gc::Shape{300, 1000});
  gc::Session session(g);
  gc::train::Saver numbered(g, {.max_to_keep = 2}), same(g);
  for (float value = std::strtof(arguments[2], nullptr);; ++value) {
    for (const gc::Variable &variable : {small, large}) {
      gc::Tensor tensor(gc::float32, variable.shape());
      std::fill_n(tensor.data<float>(), tensor.num_elements(), value);
      session.set_variable(variable.op_name(), tensor);
    }
    numbered.save(session, folder + "/model", {.global_step = static_cast<std::int64_t>(value)});
    same.save(session, folder + "/same", {.latest_filename = "checkpoint-same"});
  }
}
