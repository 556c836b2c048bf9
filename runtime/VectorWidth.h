// How wide the vectors are that kernels are written and compiled in.
#pragma once

namespace graphc {

/// Bits of the widest vector: 512 where the processor has AVX-512 (and with it 32 registers), else
/// 256. With GRAPHC_VECTOR_BITS=256 in the environment kernels are made as for a processor without
/// AVX-512: to test them, and measure them, on one that has it.
int vectorBits();

/// Throws Error (invalid_argument) where GRAPHC_VECTOR_BITS says anything but 256 or 512.
void checkVectorBits();

} // namespace graphc
