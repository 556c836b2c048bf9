// Running a program as TensorFlow ran it, and comparing what comes out.
#pragma once

#include <map>
#include <string>

#include <graphc/graphc.h>

namespace graphc::test {

/// The unclipped gradient of every trainable variable, by variable name.
using Gradients = std::map<std::string, Output>;

Gradients byName(const std::vector<train::GradientAndVariable> &pairs);

/// The share of rows of one-hot labels whose class was found, named "accuracy".
void addAccuracy(const Output &logits, const Output &labels);

/// Expects that the graph which `build` records has the variables of the recorded program, and,
/// from the same start and with the same batches, its first gradients, its losses step after step,
/// its probes before the first and after the last, and its variables at the end. Skips the test
/// where there is no such program.
void compareWithRecorded(const std::string &program, Gradients (*build)(Graph &),
                         const SessionOptions &options = {});

} // namespace graphc::test
