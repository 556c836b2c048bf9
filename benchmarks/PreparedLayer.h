// A layer of graphc's, compiled once and run with the same feeds again and again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <graphc/graphc.h>

namespace graphc::benchmarks {

class PreparedLayer {
public:
  void run() { (*call_)(feeds_); }
  /// What the last run has computed.
  std::vector<Tensor> results() const { return session_.variables(names_); }

protected:
  explicit PreparedLayer(SessionOptions options) : session_(graph_, std::move(options)) {}

  /// A placeholder that has this value in each run.
  Output fed(Tensor value);
  /// Compiles a call that computes `results`, which have known shapes.
  void prepare(const std::vector<Output> &results);

private:
  Graph graph_;
  Session session_;
  std::vector<Output> placeholders_;
  std::vector<Tensor> feeds_;
  std::vector<std::string> names_; ///< of the results' variables
  std::optional<Callable> call_;
};

} // namespace graphc::benchmarks
