// Which ops the kernel generator knows, by name.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace graphc {

/// True where an element of the op's result can be computed inside a kernel. A particular op may
/// still have none, for its types or parameters: see whyNoKernel().
bool hasKernelRule(llvm::StringRef opName);

} // namespace graphc
