// How much of what is alike in all steps becomes part of a recurrence.
#pragma once

#include <cstdint>

#include "passes/SpelledSteps.h"

namespace graphc {

/// Which columns a recurrence is made of.
enum class StepExtent : std::uint8_t {
  all,           ///< with what only follows from states, a dense layer on each output
  neededByState, ///< without that
  betweenStates, ///< without what only leads to states either
};

/// The same steps with fewer columns.
SpelledSteps restrictTo(const SpelledSteps &steps, StepExtent extent);

} // namespace graphc
