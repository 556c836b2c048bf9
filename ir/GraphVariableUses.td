// What the ops on variables share; defines no op.
#ifndef GRAPHC_IR_GRAPH_VARIABLE_USES
#define GRAPHC_IR_GRAPH_VARIABLE_USES

include "ir/GraphDialect.td"

// What ops on variables share: the variables they name exist and have the types that the update
// expects.
defvar Graph_variableUses = [{
  ::llvm::LogicalResult $cppClass::verifySymbolUses(::mlir::SymbolTableCollection &symbols) {
    return ::graphc::graph::verifyVariableUses(*this, symbols);
  }
}];

// An update by an optimizer, without results.
class Graph_ApplyOp<string mnemonic, string what>
    : Graph_Op<mnemonic, "state",
               [Graph_WritesVariable, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = what;
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let definitions = Graph_variableUses;
}

#endif
