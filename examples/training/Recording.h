// One program's first training steps in files: what went in and what came out, for another program
// that runs the same graph (benchmarks/compare/round_trip.py).
#pragma once

#include <filesystem>

#include "examples/Programs.h"

namespace graphc::examples {

class Trainer;

/// Initialises the variables, takes two training steps on the first rows of `rows`, dropout keeping
/// everything that is fed a share, and writes into `folder`, which is made:
/// - `graph.pb`, `training.pb`: the graph as recorded, and with its gradients for these rows
/// - `recording.json`: {train, loss, predictions, feeds: {tensor: file}, variables: {name: file},
/// steps:
///   [{fetches: {tensor: file}, draws: {tensor: file}}]}, all files .npy; variables are those of
///   `state-0`, draws are the random numbers that the losses need
/// - `state-0` ... `state-2`: checkpoints of the variables before, between and after the steps
void recordSteps(Trainer &trainer, const Dataset &rows, double learningRate,
                 const std::filesystem::path &folder);

} // namespace graphc::examples
