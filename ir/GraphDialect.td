// The graph dialect: element types, shared traits and the base classes of its ops.
#ifndef GRAPHC_IR_GRAPH_DIALECT
#define GRAPHC_IR_GRAPH_DIALECT

include "mlir/IR/OpBase.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Graph_Dialect : Dialect {
  let name = "graph";
  let cppNamespace = "::graphc::graph";
  let summary = "What the user wrote: TensorFlow's ops on tensors, variables under explicit order";
  let description = [{
    Values are tensors of f32, f64, i32, i64, i1 or ui8; extents and ranks may be unknown. Variables
    are symbols of the module. The order of ops in a `graph.program` is the order of their effects.
    The location of an op is its full user name around the user's source line.

    The result types of every op follow from its operand types, its attributes and the constants
    among its operands; `ir/ShapeFunctions.h` computes them and the verifier compares. A recorded
    result type may know more or less than the rule does, but must not contradict it.
  }];
  let hasConstantMaterializer = 1;
  // One for each family, in its file, so that no file instantiates all ops.
  let extraClassDeclaration = [{
    void registerControlFlowOps();
    void registerControlOps();
    void registerConvolutionOps();
    void registerElementwiseOps();
    void registerIndexingOps();
    void registerMatmulOps();
    void registerNnOps();
    void registerRandomOps();
    void registerRecurrenceOps();
    void registerReductionOps();
    void registerShapeOps();
    void registerSparseOps();
    void registerStateOps();
    void registerSummaryOps();
  }];
}

//===--- Types --------------------------------------------------------------------------------===//

def Graph_Tensor : TensorOf<[F32, F64, I32, I64, I1, UI8]>;
def Graph_NumericTensor : TensorOf<[F32, F64, I32, I64, UI8]>;
def Graph_FloatTensor : TensorOf<[F32, F64]>;
def Graph_IntegerTensor : TensorOf<[I32, I64, UI8]>;
/// What counts and points: indices, extents, axes.
def Graph_IndexTensor : TensorOf<[I32, I64]>;
def Graph_BoolTensor : TensorOf<[I1]>;
def Graph_BytesTensor : TensorOf<[UI8]>;

//===--- Attributes ---------------------------------------------------------------------------===//

/// An i64 that reads as a signed number.
def Graph_Int : TypedSignlessIntegerAttrBase<I64, "int64_t", "64-bit integer attribute"> {
  let convertFromStorage = "$_self.getInt()";
}
def Graph_Flag : DefaultValuedAttr<BoolAttr, "false">;
def Graph_Mask : DefaultValuedAttr<Graph_Int, "0">;
def Graph_Seed : DefaultValuedAttr<Graph_Int, "0">;

//===--- Traits -------------------------------------------------------------------------------===//

/// Every op of the dialect: its family and summary can be asked for by name, and its result types
/// are checked against the shape function where there is one.
def GraphOpInterface : OpInterface<"GraphOpInterface"> {
  let cppNamespace = "::graphc::graph";
  let description = [{The family and summary of an op; verifies its types by the shape function.}];
  let methods = [
    StaticInterfaceMethod<"The family the op is defined in.", "::llvm::StringRef", "getFamily">,
    StaticInterfaceMethod<"One line on what the op gives.", "::llvm::StringRef", "getSummary">,
  ];
  let verify = [{ return ::graphc::graph::verifyInferredTypes($_op); }];
}

/// Element i of the result depends on element i of the operands only, all of them broadcast to
/// the result's shape; such ops have one result.
def Graph_Elementwise : NativeOpTrait<"Elementwise"> {
  let cppNamespace = "::graphc::graph";
}

def Graph_VariableResource : Resource<"::graphc::graph::VariableResource">;
def Graph_ReadsVariable : MemoryEffects<[MemRead<Graph_VariableResource>]>;
def Graph_WritesVariable
    : MemoryEffects<[MemRead<Graph_VariableResource>, MemWrite<Graph_VariableResource>]>;

//===--- Base classes -------------------------------------------------------------------------===//

class Graph_Op<string mnemonic, string opFamily, list<Trait> traits = []>
    : Op<Graph_Dialect, mnemonic, !listconcat(traits, [GraphOpInterface])> {
  code declarations = "";
  code definitions = "";
  let extraClassDeclaration = [{
    static ::llvm::StringRef getFamily() { return "}] # opFamily # [{"; }
    static ::llvm::StringRef getSummary() { return "}] # summary # [{"; }
  }] # declarations;
  let extraClassDefinition = definitions;
}

/// An op with results that are named after the user's op, printed with its whole function type.
class Graph_ValueOp<string mnemonic, string opFamily, list<Trait> traits = []>
    : Graph_Op<mnemonic, opFamily,
               !listconcat([DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>],
                           traits)> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = [{
    void $cppClass::getAsmResultNames(::mlir::OpAsmSetValueNameFn setNameFn) {
      ::graphc::graph::nameResults(*this, setNameFn);
    }
  }] # definitions;
}

class Graph_PureOp<string mnemonic, string opFamily, list<Trait> traits = []>
    : Graph_ValueOp<mnemonic, opFamily, !listconcat([Pure], traits)>;

#endif
