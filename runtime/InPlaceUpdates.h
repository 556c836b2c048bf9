// Which loop variables a loop's body changes where they lie.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/Program.h"

namespace graphc {

/// The numbers k for which fetch k of `program` and its feed `first_feed` + k may be one memory:
/// the program first copies all of the feed to what it fetches, as where a row is replaced, and
/// looks at the feed no more.
std::vector<std::uint32_t> updatedInPlace(const Program &program, std::size_t first_feed);

} // namespace graphc
