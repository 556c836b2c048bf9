// The ops of the plan dialect.
#ifndef GRAPHC_IR_PLAN_OPS_TD
#define GRAPHC_IR_PLAN_OPS_TD

include "ir/PlanDialect.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Plan_Op<string mnemonic, list<Trait> traits = []> : Op<Plan_Dialect, mnemonic, traits>;

/// A buffer or a view of one: every extent and stride known.
def Plan_Buffer : Type<And<[AnyMemRef.predicate,
    CPred<"::llvm::cast<::mlir::MemRefType>($_self).hasStaticShape()">]>, "buffer of known extents",
    "::mlir::MemRefType">;

def Plan_ProgramOp : Plan_Op<"program", [Symbol, IsolatedFromAbove, SingleBlock, NoTerminator,
                                         NoRegionArguments]> {
  let summary = "Everything that one call of Session::run does";
  let description = [{
    The body's ops run from first to last, once for each call. `feed_names` and `fetch_names` say what
    the caller gives and gets; a fetch that no `fetched` buffer has the index of is a fetched op and
    gives nothing. Primitives are made for `threads` threads, and runs use that many.

    `graphc-assign-buffers` gives every temporary its offset and sets `peak_bytes`, the size of the
    arena, and `unshared_bytes`, what the temporaries would take if none shared memory with another.

    ```mlir
    plan.program @main feeds ["x:0"] fetches ["y:0"] threads 2 {
      %x = plan.buffer fed {index = 0 : i64} : memref<4x8xf32>
      %y = plan.buffer fetched {index = 0 : i64} : memref<4x8xf32>
      plan.call_kernel @tanh inputs(%x : memref<4x8xf32>) outputs(%y : memref<4x8xf32>)
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrArrayAttr:$feed_names, StrArrayAttr:$fetch_names,
                   ConfinedAttr<I64Attr, [IntPositive]>:$threads,
                   OptionalAttr<I64Attr>:$peak_bytes, OptionalAttr<I64Attr>:$unshared_bytes);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `feeds` $feed_names `fetches` $fetch_names `threads` custom<PlainInt>($threads)
    (`peak` custom<PlainInt>($peak_bytes)^ `unshared` custom<PlainInt>($unshared_bytes))?
    attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}

def Plan_KernelOp : Plan_Op<"kernel", [Symbol, IsolatedFromAbove, SingleBlock]> {
  let summary = "A function that is compiled for this program and called by its steps";
  let description = [{
    The body says in graph ops what the kernel computes: its arguments are the kernel's inputs, the
    values that the final `graph.yield` gives are its outputs. `extent` is the length of the outermost
    loop, which the executor splits over threads in pieces of at least `grain`; each call of a piece has
    `scratch_bytes` of memory of its own.

    ```mlir
    plan.kernel @tanh extent 4 grain 4 scratch 0 {
    ^bb0(%x: tensor<4x8xf32>):
      %y = graph.tanh %x : tensor<4x8xf32>
      graph.yield %y : tensor<4x8xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ConfinedAttr<I64Attr, [IntNonNegative]>:$extent,
                   ConfinedAttr<I64Attr, [IntPositive]>:$grain,
                   ConfinedAttr<I64Attr, [IntNonNegative]>:$scratch_bytes);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `extent` custom<PlainInt>($extent) `grain` custom<PlainInt>($grain)
    `scratch` custom<PlainInt>($scratch_bytes) attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Tensor types of the kernel's outputs.
    ::mlir::TypeRange getOutputTypes();
  }];
}

def Plan_BufferOp : Plan_Op<"buffer"> {
  let summary = "Memory with a known owner and place";
  let description = [{
    | kind | memory | attributes |
    |---|---|---|
    | `fed` | the caller's, for the length of the run; never written | `index`: which feed |
    | `fetched` | a tensor that the run returns | `index`: which fetch |
    | `temporary` | the arena's | `offset` in bytes, a multiple of 64, and `lifetime`, first and last step that use it, once assigned |
    | `variable` | the session's variable | `variable` |
    | `kept` | made from a variable, made again only when the variable has changed | `variable` |
    | `constant` | the program's, read only | `value` |

    A `temporary` without `offset` is not placed yet.

    ```mlir
    %h = plan.buffer temporary {lifetime = array<i64: 0, 3>, offset = 128 : i64} : memref<600x27xf32>
    %w = plan.buffer variable {variable = @"dense/kernel"} : memref<9x27xf32>
    ```
  }];
  let arguments = (ins Plan_BufferKindAttr:$kind, OptionalAttr<I64Attr>:$index,
                   OptionalAttr<FlatSymbolRefAttr>:$variable, OptionalAttr<ElementsAttr>:$value,
                   OptionalAttr<I64Attr>:$offset, OptionalAttr<DenseI64ArrayAttr>:$lifetime);
  let results = (outs Plan_Buffer:$buffer);
  let assemblyFormat = "custom<BufferKindWord>($kind) attr-dict `:` type($buffer)";
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::MemRefType":$type, "BufferKind":$kind)>];
}

def Plan_ViewOp : Plan_Op<"view", [Pure]> {
  let summary = "Another shape or layout of a buffer's memory";
  let description = [{
    Names the memory of `source`, a dense buffer, or a part of it under another type: a reshape, a
    transpose (strides exchanged), a part (an offset). The offset and strides of the result's layout are
    in elements and count from the start of `source`. It copies nothing and takes no time.

    ```mlir
    %t = plan.view %w : memref<9x27xf32> to memref<27x9xf32, strided<[1, 27]>>
    ```
  }];
  let arguments = (ins Plan_Buffer:$source);
  let results = (outs Plan_Buffer:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `to` type($result)";
  let hasVerifier = 1;
}

def Plan_CreatePrimitiveOp : Plan_Op<"create_primitive"> {
  let summary = "Makes a oneDNN primitive, once for each program";
  let description = [{
    `kind` and `parameters` say what it computes (runtime/DnnlPrimitives.h lists them), the function
    type on which buffers. `implementation` is what oneDNN chose for this processor, in its own words;
    `scratchpad_bytes` is the memory that a run of it needs besides its operands. Both are asked for
    again when the program is built, since it may be built for another processor.

    ```mlir
    %p = plan.create_primitive "matmul" {activation = "relu"} implementation "brg:avx2" scratchpad 0
         : (memref<600x9xf32>, memref<9x27xf32>) -> memref<600x27xf32>
    ```
  }];
  let arguments = (ins StrAttr:$kind, DictionaryAttr:$parameters, StrAttr:$implementation,
                   ConfinedAttr<I64Attr, [IntNonNegative]>:$scratchpad_bytes,
                   TypeAttrOf<FunctionType>:$operand_types);
  let results = (outs Plan_PrimitiveType:$primitive);
  let assemblyFormat = [{
    $kind $parameters `implementation` $implementation `scratchpad` custom<PlainInt>($scratchpad_bytes)
    attr-dict `:` $operand_types
  }];
}

def Plan_RunPrimitiveOp : Plan_Op<"run_primitive", [AttrSizedOperandSegments]> {
  let summary = "Runs a primitive on buffers";
  let description = [{
    The buffers have the types that the primitive was made for. A primitive that needs a scratchpad gets
    one as a temporary that lives for this step alone. A run whose output is a `kept` buffer is not a
    step: it happens before the first step, and only where the variable it reads has changed.

    ```mlir
    plan.run_primitive %p inputs(%x, %w : memref<600x9xf32>, memref<9x27xf32>)
                          outputs(%h : memref<600x27xf32>)
    ```
  }];
  let arguments = (ins Plan_PrimitiveType:$primitive, Variadic<Plan_Buffer>:$inputs,
                   Variadic<Plan_Buffer>:$outputs, Optional<Plan_Buffer>:$scratchpad);
  let assemblyFormat = [{
    $primitive (`inputs` `(` $inputs^ `:` type($inputs) `)`)?
    `outputs` `(` $outputs `:` type($outputs) `)` (`scratchpad` `(` $scratchpad^ `:` type($scratchpad) `)`)? attr-dict
  }];
  let hasVerifier = 1;
}

def Plan_CallKernelOp : Plan_Op<"call_kernel", [AttrSizedOperandSegments,
                                                DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs a kernel on buffers";
  let description = [{
    The buffers have the extents and element types of the kernel's arguments (`inputs`, then `updates`)
    and of what it yields (`outputs`). `updates` are variables that the kernel changes in place. An
    output shares memory with nothing else; inputs may share memory with each other.

    ```mlir
    plan.call_kernel @tanh inputs(%x : memref<4x8xf32>) outputs(%y : memref<4x8xf32>)
    plan.call_kernel @descent inputs(%lr, %g : memref<f32>, memref<27xf32>) updates(%w : memref<27xf32>)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Plan_Buffer>:$inputs,
                   Variadic<Plan_Buffer>:$updates, Variadic<Plan_Buffer>:$outputs);
  let assemblyFormat = [{
    $kernel (`inputs` `(` $inputs^ `:` type($inputs) `)`)? (`updates` `(` $updates^ `:` type($updates) `)`)?
    (`outputs` `(` $outputs^ `:` type($outputs) `)`)? attr-dict
  }];
}

def Plan_CallHostOp : Plan_Op<"call_host", [AttrSizedOperandSegments]> {
  let summary = "Runs an op's reference implementation";
  let description = [{
    For ops that neither a primitive nor a kernel computes. `name` is the graph op without its dialect,
    `parameters` are its attributes. `reason` says why it is not a kernel. `updates` are the
    variables that the op changes in place: those that `parameters` name, in their order.

    ```mlir
    plan.call_host "qr" inputs(%a : memref<27x27xf32>)
                        outputs(%q, %r : memref<27x27xf32>, memref<27x27xf32>) parameters {}
                        because "qr has no kernel"
    ```
  }];
  let arguments = (ins StrAttr:$name, Variadic<Plan_Buffer>:$inputs,
                   Variadic<Plan_Buffer>:$updates, Variadic<Plan_Buffer>:$outputs,
                   DictionaryAttr:$parameters, OptionalAttr<StrAttr>:$reason);
  let assemblyFormat = [{
    $name (`inputs` `(` $inputs^ `:` type($inputs) `)`)?
    (`updates` `(` $updates^ `:` type($updates) `)`)?
    (`outputs` `(` $outputs^ `:` type($outputs) `)`)? `parameters` $parameters (`because` $reason^)? attr-dict
  }];
}

def Plan_RunWhileOp : Plan_Op<"run_while", [AttrSizedOperandSegments,
                                             DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs one program as long as another says so";
  let description = [{
    `condition` and `body` are programs of this module. The feeds of both are the loop variables and
    then `captured`; `condition` fetches one bool, `body` the new loop variables. The loop starts from
    `initial`; its variables move to and fro between `outputs` and `spare`, buffers of the same types,
    and are in `outputs` in the end.

    ```mlir
    plan.run_while @main.while.cond do @main.while.body initial(%i0 : memref<i32>)
        captured(%n : memref<i32>) outputs(%i : memref<i32>) spare(%s : memref<i32>)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$condition, FlatSymbolRefAttr:$body,
                   Variadic<Plan_Buffer>:$initial, Variadic<Plan_Buffer>:$captured,
                   Variadic<Plan_Buffer>:$outputs, Variadic<Plan_Buffer>:$spare);
  let assemblyFormat = [{
    $condition `do` $body `initial` `(` $initial `:` type($initial) `)`
    (`captured` `(` $captured^ `:` type($captured) `)`)? `outputs` `(` $outputs `:` type($outputs) `)`
    `spare` `(` $spare `:` type($spare) `)` attr-dict
  }];
}

def Plan_RunWhileGradientOp : Plan_Op<"run_while_gradient",
                                      [AttrSizedOperandSegments,
                                       DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs a loop forward, and then a program backward through its iterations";
  let description = [{
    The loop is that of `plan.run_while`, its variables in `variables` and `spare`; those with the
    numbers `kept` are kept before every iteration, in memory that grows with their number. Then
    `gradient`, a program whose feeds are the loop variables before an iteration, `captured` and the
    gradients so far, runs once for each iteration, the last one first. It fetches the new gradients,
    which start as `gradients` and move to and fro between `outputs` and `spare_outputs`; in the end
    they are in `outputs`. It feeds on no loop variable that is not kept.

    ```mlir
    plan.run_while_gradient @w.cond do @w.body back @w.gradient kept [0] initial(%x0 : memref<f32>)
        variables(%a : memref<f32>) spare(%b : memref<f32>) gradients(%dy : memref<f32>)
        outputs(%dx : memref<f32>) spare_outputs(%c : memref<f32>)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$condition, FlatSymbolRefAttr:$body,
                   FlatSymbolRefAttr:$gradient, DenseI64ArrayAttr:$kept,
                   Variadic<Plan_Buffer>:$initial, Variadic<Plan_Buffer>:$captured,
                   Variadic<Plan_Buffer>:$variables, Variadic<Plan_Buffer>:$spare,
                   Variadic<Plan_Buffer>:$gradients, Variadic<Plan_Buffer>:$outputs,
                   Variadic<Plan_Buffer>:$spare_outputs);
  let assemblyFormat = [{
    $condition `do` $body `back` $gradient `kept` $kept `initial` `(` $initial `:` type($initial) `)`
    (`captured` `(` $captured^ `:` type($captured) `)`)?
    `variables` `(` $variables `:` type($variables) `)` `spare` `(` $spare `:` type($spare) `)`
    `gradients` `(` $gradients `:` type($gradients) `)` `outputs` `(` $outputs `:` type($outputs) `)`
    `spare_outputs` `(` $spare_outputs `:` type($spare_outputs) `)` attr-dict
  }];
}

def Plan_RunCondOp : Plan_Op<"run_cond", [AttrSizedOperandSegments,
                                          DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs one of two programs";
  let description = [{
    `then_branch` where the bool `pred` holds, otherwise `else_branch`: programs of this module, whose
    feeds are `captured` and whose fetches are written to `outputs`.

    ```mlir
    plan.run_cond %p then @main.cond.then else @main.cond.else captured(%x : memref<4xf32>)
        outputs(%y : memref<4xf32>) : memref<i1>
    ```
  }];
  let arguments = (ins Plan_Buffer:$pred, FlatSymbolRefAttr:$then_branch,
                   FlatSymbolRefAttr:$else_branch, Variadic<Plan_Buffer>:$captured,
                   Variadic<Plan_Buffer>:$outputs);
  let assemblyFormat = [{
    $pred `then` $then_branch `else` $else_branch (`captured` `(` $captured^ `:` type($captured) `)`)?
    `outputs` `(` $outputs `:` type($outputs) `)` attr-dict `:` type($pred)
  }];
}

def Plan_ReadRowOp : Plan_Op<"read_row"> {
  let summary = "Copies one row out of a tensor, the row that an index says";
  let description = [{
    `row = tensor[index]` along axis 0. An index outside of it is an error of the run.

    ```mlir
    plan.read_row %x at %i to %row : memref<128x9xf32>, memref<i32> to memref<9xf32>
    ```
  }];
  let arguments = (ins Plan_Buffer:$tensor, Plan_Buffer:$index, Plan_Buffer:$row);
  let assemblyFormat = [{
    $tensor `at` $index `to` $row attr-dict `:` type($tensor) `,` type($index) `to` type($row)
  }];
  let hasVerifier = 1;
}

def Plan_WriteRowOp : Plan_Op<"write_row"> {
  let summary = "Copies one row into a tensor, at the place that an index says";
  let description = [{
    `tensor[index] = row` along axis 0, in place. An index outside of it is an error of the run.

    ```mlir
    plan.write_row %row to %x at %i : memref<9xf32> to memref<128x9xf32>, memref<i32>
    ```
  }];
  let arguments = (ins Plan_Buffer:$row, Plan_Buffer:$tensor, Plan_Buffer:$index);
  let assemblyFormat = [{
    $row `to` $tensor `at` $index attr-dict `:` type($row) `to` type($tensor) `,` type($index)
  }];
  let hasVerifier = 1;
}

def Plan_CopyOp : Plan_Op<"copy"> {
  let summary = "Copies one buffer into another";
  let description = [{
    Element by element between buffers of equal extents, whose layouts may differ as long as the
    innermost elements lie side by side in both. The two do not overlap.

    ```mlir
    plan.copy %value to %variable : memref<9x27xf32> to memref<9x27xf32>
    ```
  }];
  let arguments = (ins Plan_Buffer:$source, Plan_Buffer:$target);
  let assemblyFormat = "$source `to` $target attr-dict `:` type($source) `to` type($target)";
  let hasVerifier = 1;
}

#endif
