// Ops that come after others without reading them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "frontend/Recorder.h"

namespace graphc::importing {

/// While it lives, ops of the graph are recorded with these control inputs too, named by their ops.
class ControlInputs {
public:
  ControlInputs(Graph &graph, const std::vector<std::string> &names)
      : graph_(graph), before_(graph.state().controls) {
    std::vector<std::string> &controls = graph.state().controls;
    controls.insert(controls.end(), names.begin(), names.end());
  }
  ~ControlInputs() { graph_.state().controls = std::move(before_); }
  ControlInputs(const ControlInputs &) = delete;
  ControlInputs &operator=(const ControlInputs &) = delete;

private:
  Graph &graph_;
  std::vector<std::string> before_;
};

} // namespace graphc::importing
