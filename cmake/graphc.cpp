// The shared library's only source of its own: CMake wants one.
#include "runtime/Status.h"
