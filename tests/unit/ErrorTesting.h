// Tests of what errors say.
#pragma once

#include <gtest/gtest.h>

#include "runtime/Status.h"

namespace graphc::test {

/// The error of `call`, which must throw one.
template <typename Call> Error errorFrom(Call call) {
  try {
    call();
  } catch (const Error &error) {
    return error;
  }
  ADD_FAILURE() << "expected an error";
  return Error(Code::ok, "");
}

} // namespace graphc::test
