#include "benchmarks/ProcessorTime.h"

#include <algorithm>
#include <cstddef>
#include <ctime>

namespace graphc::benchmarks {

double processorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double median(std::vector<double> &values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

} // namespace graphc::benchmarks
