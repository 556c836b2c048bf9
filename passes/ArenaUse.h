// How near a plan's arena comes to the least that its buffers need.
#pragma once

#include "ir/PlanDialect.h"

namespace graphc {

/// The bytes of all temporaries at the step that needs most of them, by the lifetimes that
/// AssignBuffers wrote: no arena of this plan is smaller.
std::int64_t arenaLowerBound(plan::ProgramOp program);

} // namespace graphc
