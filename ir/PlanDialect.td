// The plan dialect, its attributes and types; the ops are in PlanOps.td.
#ifndef GRAPHC_IR_PLAN_DIALECT_TD
#define GRAPHC_IR_PLAN_DIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Plan_Dialect : Dialect {
  let name = "plan";
  let cppNamespace = "::graphc::plan";
  let summary = "What a session runs: buffers, kernels, oneDNN primitives and copies, in order";
  let description = [{
    A `plan.program` is a flat list of steps. Values are buffers (memrefs whose place is known: the
    caller's memory, a fetched tensor, the arena at an offset, a variable, a constant), views of
    buffers, and oneDNN primitives. Creating a primitive and running it are two ops. A kernel is a
    symbol next to the program, called by as many steps as compute the same thing. Every op keeps the
    location, and so the user's name, of the graph op it came from.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

def Plan_BufferKind : I32EnumAttr<"BufferKind", "whose memory a buffer is", [
    I32EnumAttrCase<"fed", 0>, I32EnumAttrCase<"fetched", 1>, I32EnumAttrCase<"temporary", 2>,
    I32EnumAttrCase<"variable", 3>, I32EnumAttrCase<"kept", 4>, I32EnumAttrCase<"constant", 5>]> {
  let cppNamespace = "::graphc::plan";
  let genSpecializedAttr = 0;
}
def Plan_BufferKindAttr : EnumAttr<Plan_Dialect, Plan_BufferKind, "kind">;

def Plan_PrimitiveType : TypeDef<Plan_Dialect, "Primitive"> {
  let mnemonic = "primitive";
  let summary = "A oneDNN primitive, made and ready to run";
}

#endif
