#include "runtime/reference/Reference.h"
