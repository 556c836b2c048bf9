// What a kernel's function says to those who compile it, beside its code.
#pragma once

namespace graphc {

/// An attribute of a kernel's function: no loop of it is worth its unrolled code, which takes
/// longer to compile.
inline constexpr char kKeepLoops[] = "graphc-keep-loops";

} // namespace graphc
