#include "benchmarks/PreparedLayer.h"

namespace graphc::benchmarks {

Output PreparedLayer::fed(Tensor value) {
  placeholders_.push_back(graph_.placeholder(value.dtype(), value.shape()));
  feeds_.push_back(std::move(value));
  return placeholders_.back();
}

// Results go to variables, which have their memory from the first run on.
void PreparedLayer::prepare(const std::vector<Output> &results) {
  std::vector<Fetches::Fetch> fetches;
  for (const Output &result : results) {
    names_.push_back("result" + std::to_string(fetches.size()));
    const Variable variable =
        graph_.get_variable(names_.back(), result.shape(), {.initializer = initializers::zeros()});
    fetches.emplace_back(variable.assign(result).op());
  }
  session_.run(graph_.global_variables_initializer());
  call_.emplace(session_.prepare(placeholders_, fetches));
}

} // namespace graphc::benchmarks
