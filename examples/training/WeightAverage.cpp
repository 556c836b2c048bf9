#include "examples/training/WeightAverage.h"

#include <map>

namespace graphc::examples {

WeightAverage::WeightAverage(const Graph &graph) {
  for (const Variable &variable : graph.trainable_variables()) {
    names_.push_back(variable.op_name());
    shapes_.push_back(variable.shape());
    sums_.emplace_back(static_cast<std::size_t>(variable.shape().num_elements()));
  }
}

void WeightAverage::add(const Session &session) {
  const std::vector<Tensor> values = session.variables(names_);
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t k = 0; k < sums_[i].size(); ++k)
      sums_[i][k] += values[i].values<float>()[k];
  ++count_;
}

void WeightAverage::apply(Session &session) const {
  if (count_ == 0)
    return;
  std::map<std::string, Tensor> means;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    Tensor mean(float32, shapes_[i]);
    for (std::size_t k = 0; k < sums_[i].size(); ++k)
      mean.data<float>()[k] = static_cast<float>(sums_[i][k] / static_cast<double>(count_));
    means.emplace(names_[i], std::move(mean));
  }
  session.set_variables(means);
}

} // namespace graphc::examples
