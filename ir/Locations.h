// Where an op comes from: its full user name and the user's source line, as an MLIR location.
#pragma once

#include <string>

#include "mlir/IR/Location.h"
#include "runtime/Status.h"

namespace graphc {

mlir::Location makeLocation(mlir::MLIRContext *context, llvm::StringRef opName,
                            const SourceLine &where);
/// The full op name; empty where the location has none.
llvm::StringRef opName(mlir::Location location);
SourceLine sourceLine(mlir::Location location);
/// The location of an op that a pass made out of another: its name with `prefix` and `suffix`
/// around, the same source line.
mlir::Location derivedLocation(mlir::Location from, llvm::StringRef prefix, llvm::StringRef suffix);
/// "name:index", TensorFlow's name of a result.
std::string tensorName(mlir::Value value);

} // namespace graphc
