// Reads optimizers' formulas from spelled-out ops: moving averages, and the steps made of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "passes/ScalarProduct.h"
#include "passes/VariableUses.h"

namespace graphc {

/// An optimizer's update, as the op that says the same.
struct UpdateFormula {
  std::string op;                    ///< "apply_adam"
  mlir::Operation *update = nullptr; ///< the assignment of the variable
  /// By the name of the op's attribute: the assignment of a slot.
  std::vector<std::pair<std::string, mlir::Operation *>> slots;
  /// Operands but the gradient, in order, computed where the update will stand, and the gradient's
  /// place among them.
  std::vector<MakeScalar> scalars;
  std::size_t gradient_operand = 0;
  mlir::Value gradient;
};

/// What `update`, an assignment, does as one op of an optimizer. Nothing where it is another
/// formula; `why` is then set where it divides by the root of a variable, as such steps do.
std::optional<UpdateFormula> readUpdate(mlir::Operation *update, const VariableUses &uses,
                                        std::string &why);

} // namespace graphc
