// Recognises layer and batch normalization in the small ops that programs record.
#pragma once

#include <optional>
#include <string>

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"

namespace graphc {

/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta. Gamma and beta are along the channels,
/// the last axes of x; mean and variance are along the channels, too (batches), or along all other
/// axes (layers).
struct MatchedNormalization {
  /// Broadcast to `extents`, whose product is the number of channels; null where there is none.
  struct Parameter {
    mlir::Value value;
    llvm::SmallVector<std::int64_t, 4> extents;
  };

  bool ofBatches = false;
  unsigned channelAxes = 1; ///< how many
  mlir::Value x;
  Parameter gamma, beta;
  double epsilon = 0;
  mlir::Operation *mean = nullptr;     ///< the reduce_mean
  mlir::Operation *variance = nullptr; ///< the reduce_mean
  mlir::Operation *y = nullptr;        ///< the last op
  bool stopsGradient = false;          ///< by the mean in the variance
  /// All ops of it but those three.
  llvm::SmallSetVector<mlir::Operation *, 16> inner;

  /// Of x: the product of the channels' extents, and of the others'.
  std::int64_t channels() const;
  std::int64_t rows() const;
};

/// What the reciprocal root `root` (rsqrt, or sqrt where it divides) is a part of. Nothing, with an
/// empty `why`, where it is no root of a variance; with the reason where it is one and the rest
/// does not fit.
std::optional<MatchedNormalization> matchNormalization(mlir::Operation *root, std::string &why);

} // namespace graphc
