#include "passes/ArenaUse.h"

#include "passes/BufferAssignment.h"

namespace graphc {

std::int64_t arenaLowerBound(plan::ProgramOp program) {
  std::vector<BufferInterval> temporaries;
  for (auto buffer : program.getBody().front().getOps<plan::BufferOp>())
    if (const auto lifetime = buffer.getLifetime())
      temporaries.push_back(
          {plan::bytesOf(buffer.getBuffer().getType()), (*lifetime)[0], (*lifetime)[1]});
  return lowerBound(temporaries);
}

} // namespace graphc
