// What follows a product or a convolution and can be computed together with it: a bias, then an
// activation.
#pragma once

#include <string>

#include "mlir/IR/Operation.h"

namespace graphc {

struct Epilogue {
  mlir::Value bias;                ///< null where there is none
  std::string activation = "none"; ///< or "relu", "tanh", "sigmoid"
  mlir::Value result;              ///< after all that was found
  /// The op itself and what follows, in order: all but the last one have no other user.
  llvm::SmallVector<mlir::Operation *> absorbed;
  bool missesActivation = false; ///< there is one, but the value before it has further uses
};

/// What follows `op`'s first result. A change of shape in between that keeps the last axis belongs
/// to it: conv1d takes an axis away before it adds its bias.
Epilogue findEpilogue(mlir::Operation *op);

/// `fused`, which computes `epilogue` in the shape of the op it begins with, takes the place of it
/// all.
void replaceByFused(const Epilogue &epilogue, mlir::Operation *fused);

} // namespace graphc
