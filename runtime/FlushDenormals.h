// Numbers too small to be normal, taken for zero.
#pragma once

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace graphc {

/// While it lives, arithmetic of this thread takes denormal numbers for zero and makes none, where
/// the processor can do so. What vanishes over many time steps passes through them, and they cost
/// the processor some hundred cycles each.
class FlushDenormals {
public:
#if defined(__SSE__)
  FlushDenormals() : before_(_mm_getcsr()) {
    constexpr unsigned kResultsToZero = 0x8000, kOperandsAreZero = 0x0040; // of MXCSR
    _mm_setcsr(before_ | kResultsToZero | kOperandsAreZero);
  }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() {} // by hand: a const object of it is made without arguments
#endif
  FlushDenormals(const FlushDenormals &) = delete;
  FlushDenormals &operator=(const FlushDenormals &) = delete;

private:
#if defined(__SSE__)
  unsigned before_;
#endif
};

} // namespace graphc
