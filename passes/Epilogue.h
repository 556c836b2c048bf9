// What follows a product or a convolution and can be computed together with it: a bias, then an
// activation.
#pragma once

#include <string>

#include "mlir/IR/Operation.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace graphc {

class Attributes;

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

struct EpilogueFusions {
  unsigned fused = 0;
  unsigned missed = 0; ///< activations that stay: the value before has further uses
};

/// Makes an op `fusedName` of each op `name` in `program` that something follows: with the same
/// operands and the bias, the attributes that `attributes` gives for it, and the activation.
/// `pass` is what remarks are filed under.
EpilogueFusions fuseEpilogues(mlir::Operation *program, llvm::StringRef name,
                              llvm::StringRef fusedName,
                              llvm::function_ref<Attributes(mlir::Operation *)> attributes,
                              llvm::StringRef pass);

} // namespace graphc
