// One small graph that TensorFlow ran: does it give the same here? A case is a folder with
// `graph.pb` (or `graph.pbtxt`) and `case.json`, which names the files of what is fed and of what
// comes out.
#pragma once

#include <filesystem>
#include <string>

#include "runtime/session/Session.h"

namespace graphc::tools {

/// Empty where every fetch and every gradient agrees; else the first thing that does not, or the
/// error.
std::string whyNotConforming(const std::filesystem::path &folder,
                             const SessionOptions &options = {});

/// Empty where dtype and shape are the same and |ours - theirs| <= atol + rtol * |theirs|
/// everywhere; a NaN equals a NaN.
std::string describeDifference(const Tensor &ours, const Tensor &theirs, double rtol, double atol);

} // namespace graphc::tools
