// A peer written in C++: answers the requests that benchmarks/compare/peers/server.py describes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include <nlohmann/json.hpp>

namespace graphc::benchmarks {

/// A workload that is ready to run.
class Prepared {
public:
  virtual ~Prepared() = default;
  /// One training step, one inference, one empty run.
  virtual void step() = 0;
  /// Starts from the weights in `data`, computes what is compared, and writes it as .npy files into
  /// `results`. Leaves the workload ready to run.
  virtual void check(const std::filesystem::path &data, const std::filesystem::path &results) = 0;
};

/// Makes the workload {"kind": "lstm_train", "B": 600, ...} with the weights and inputs in `data`.
using Prepare = std::function<std::unique_ptr<Prepared>(const nlohmann::json &workload,
                                                        const std::filesystem::path &data)>;

/// Answers requests on standard input until it ends. `facts` is the answer to "facts": versions and
/// measured limits.
int serve(const Prepare &prepare, const std::function<nlohmann::json()> &facts);

} // namespace graphc::benchmarks
