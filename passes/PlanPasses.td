// From the graph to the plan: steps, kernels' code, memory.

def LowerToPlanPass : Pass<"graphc-lower-to-plan", "::mlir::ModuleOp"> {
  let summary = "Turn graph ops on tensors into steps on buffers";
  let description = [{
    Replaces the `graph.program` by a `plan.program` and the `plan.kernel`s that it calls. The order of
    the ops stays. Products, softmax, transposes and raised recurrences become oneDNN primitives,
    clusters and `static_rnn` become kernels (equal bodies one kernel), renamings and contiguous slices
    become views, and what has neither becomes a call of the reference implementation.

    Copies are made only where they must be: a fetched tensor is written by the step that computes it;
    a variable is read where it lies, unless it is written while that value is still needed; an assigned
    value is computed in the variable's memory, unless something still reads what was there. Right-hand
    matrices that are unchanged variables are kept in oneDNN's own layout where it has a better one.

    Before:

        graph.variable @w : tensor<9x27xf32> {trainable = true}
        graph.program @main attributes {feed_names = ["x:0"], feed_types = [tensor<600x9xf32>], fetch_names = ["y:0"]} {
          %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<600x9xf32>
          %w = graph.read_variable {variable = @w} : () -> tensor<9x27xf32>
          %y = graph.matmul %x, %w : (tensor<600x9xf32>, tensor<9x27xf32>) -> tensor<600x27xf32>
          graph.fetch %y {indices = array<i64: 0>} : tensor<600x27xf32>
        }

    After:

        plan.program @main feeds ["x:0"] fetches ["y:0"] threads 2 {
          %x = plan.buffer fed {index = 0 : i64} : memref<600x9xf32>
          %w = plan.buffer variable {variable = @w} : memref<9x27xf32>
          %y = plan.buffer fetched {index = 0 : i64} : memref<600x27xf32>
          %p = plan.create_primitive "matmul" {activation = "none"} implementation "gemm:jit" scratchpad 0
              : (memref<600x9xf32>, memref<9x27xf32>) -> memref<600x27xf32>
          plan.run_primitive %p inputs(%x, %w : memref<600x9xf32>, memref<9x27xf32>)
              outputs(%y : memref<600x27xf32>)
        }

    A `static_rnn` that no kernel can be made of, a placeholder that is not fed, and a result of unknown
    extents are errors.
  }];
  let dependentDialects = ["::graphc::graph::GraphDialect", "::graphc::plan::PlanDialect"];
  let options = [
    Option<"threads", "threads", "int", "0", "Threads that the program runs on; 0: one for each core">,
    Option<"alwaysPack", "always-pack", "bool", "false",
           "Keep weights reordered even where oneDNN likes them as they are">,
  ];
  let statistics = [
    Statistic<"numKernels", "kernels", "Kernels made">,
    Statistic<"numSharedKernels", "kernels-shared", "Kernels that an equal one stands for">,
    Statistic<"numPrimitives", "primitives", "oneDNN primitives made">,
    Statistic<"numSharedPrimitives", "primitives-shared", "Primitives that an equal one stands for">,
    Statistic<"numHostCalls", "host-calls", "Ops without kernel and primitive">,
    Statistic<"numCopies", "copies", "Copies of buffers">,
    Statistic<"numCopiesSaved", "copies-saved", "Assignments computed in the variable's memory">,
    Statistic<"numKeptWeights", "weights-kept", "Weights kept in oneDNN's own layout">,
  ];
}

def GenerateKernelsPass : Graph_Pass<"graph-generate-kernels"> {
  let summary = "Write the bodies of kernels as LLVM IR";
  let description = [{
    For every `plan.kernel` the module `@kernels` gets an `llvm.func` of its name, with the calling
    convention of runtime/KernelAbi.h, which computes what the body says: loops over the outermost
    extent, innermost ones fit to be vectorised. The body stays for reading. A body that no kernel can
    be made of is an error.

    Before:

        plan.kernel @tanh extent 4 grain 4 scratch 0 { ... }

    After:

        plan.kernel @tanh extent 4 grain 4 scratch 0 { ... }
        module @kernels {
          llvm.func @tanh(%buffers: !llvm.ptr, %begin: i64, %end: i64, ...) { ... }
        }
  }];
  let dependentDialects = ["::graphc::plan::PlanDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
  let statistics = [Statistic<"numKernels", "kernels", "Kernels written">];
}

def AssignBuffersPass : Pass<"graphc-assign-buffers", "::mlir::ModuleOp"> {
  let summary = "Give every temporary its place in the arena";
  let description = [{
    A temporary lives from the first step that uses it, directly or through a view, to the last.
    Temporaries whose lifetimes do not overlap may share memory. Sets `offset` and `lifetime` of every
    temporary, `peak` and `unshared` of the program.

    Before:

        %t = plan.buffer temporary : memref<600x27xf32>

    After:

        %t = plan.buffer temporary {lifetime = array<i64: 3, 7>, offset = 4096 : i64} : memref<600x27xf32>

    Buffers of other kinds are left alone: their memory is not the arena's.
  }];
  let dependentDialects = ["::graphc::plan::PlanDialect"];
  let statistics = [
    Statistic<"numBuffers", "buffers", "Temporaries placed">,
    Statistic<"peakBytes", "peak-bytes", "Size of the arena">,
    Statistic<"unsharedBytes", "unshared-bytes", "Bytes of all temporaries together">,
    Statistic<"bytesAboveBound", "bytes-above-bound",
              "Bytes of the arena above what the most needy step needs">,
  ];
}
