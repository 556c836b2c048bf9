#include "runtime/VectorWidth.h"

#include <cstdlib>
#include <string>

#include "runtime/Status.h"

namespace graphc {

static std::string said() {
  const char *bits = std::getenv("GRAPHC_VECTOR_BITS");
  return bits ? bits : "512";
}

int vectorBits() {
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx512f") &&
                           __builtin_cpu_supports("avx512vl") &&
                           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  if (wide && said() != "256")
    return 512;
#endif
  return 256;
}

void checkVectorBits() {
  if (const std::string bits = said(); bits != "256" && bits != "512")
    throw Error(Code::invalid_argument,
                "GRAPHC_VECTOR_BITS expects 256 or 512, got '" + bits + "'");
}

} // namespace graphc
