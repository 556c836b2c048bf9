// What every graph goes through: cut to what is fetched, typed, simplified, checked.

def PrunePass : Graph_Pass<"graph-prune"> {
  let summary = "Keep what the fetches need, let feeds cut the graph";
  let description = [{
    Reads `feed_names`, `feed_types` and `fetch_names` of the program. Every fed tensor is replaced by
    a `graph.feed`, whatever op made it; ops that no fetch needs, through operands or control inputs,
    are erased; a final `graph.fetch` lists the fetched tensors. A fetch or a feed may name a tensor
    (`name:k`), an op (`name`) or a variable. Control inputs are dropped, since the order of the ops
    says the same. Variables that nothing mentions any more are erased.

    Before:

        graph.program @main attributes {feed_names = ["x:0"], feed_types = [tensor<2xf32>], fetch_names = ["y:0"]} {
          %x = graph.placeholder {dtype = f32, shape = array<i64: -1>} : () -> tensor<?xf32> loc("x")
          %y = graph.tanh %x : (tensor<?xf32>) -> tensor<?xf32> loc("y")
          %z = graph.exp %x : (tensor<?xf32>) -> tensor<?xf32> loc("z")
        }

    After:

        %x = graph.feed {index = 0 : i64, name = "x:0"} : () -> tensor<2xf32>
        %y = graph.tanh %x : (tensor<2xf32>) -> tensor<?xf32>
        graph.fetch %y {indices = array<i64: 0>} : tensor<?xf32>

    A program without `fetch_names` is left alone. An unknown name, a feed of the wrong type and a
    placeholder that is needed but not fed are errors.
  }];
  let statistics = [
    Statistic<"numErased", "ops-erased", "Ops that no fetch needs">,
    Statistic<"numKept", "ops-kept", "Ops that stay">,
    Statistic<"numFeeds", "feeds", "Tensors replaced by a feed">,
    Statistic<"numVariablesErased", "variables-erased", "Variables without any use">,
  ];
}

def MarkGradientTargetsPass : Graph_Pass<"graph-mark-gradient-targets"> {
  let summary = "Mark ops whose results gradients are asked for";
  let description = [{
    The gradient by `x` is the sum over all paths through `x`: an optimisation that merges `x` with an
    equal value, or bypasses it, would change the gradient. Every op with a result among the xs of a
    `graph.gradients` gets the attribute `gradient_target` with a number of its own, which keeps
    common subexpression elimination away, too. Marks that no request needs any more are removed, so
    that the pass ends the protection when it runs after gradients are in place.

    Before:

        %h = graph.tanh %x : (tensor<2xf32>) -> tensor<2xf32>
        %d = graph.gradients %y, %h {num_ys = 1 : i64, num_xs = 1 : i64} : ...

    After:

        %h = graph.tanh %x {gradient_target = 0 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  }];
  let statistics = [
    Statistic<"numMarked", "ops-marked", "Ops whose results are differentiated by">,
  ];
}

def InferShapesPass : Graph_Pass<"graph-infer-shapes"> {
  let summary = "Find every extent that follows from the fed ones";
  let description = [{
    Walks forward, bodies of recurrences included, and gives every result the type that its op's shape
    function derives from the operands. Small integer tensors that follow from extents (`shape`,
    `size`, `rank` and arithmetic on them) are computed, and their uses see constants, so that
    reshapes, fills and slices by computed extents become static.

    Before:

        %s = graph.shape %x {dtype = i32} : (tensor<600x9xf32>) -> tensor<2xi32>
        %y = graph.reshape %h, %s : (tensor<?xf32>, tensor<2xi32>) -> tensor<?x?xf32>

    After:

        %s = graph.constant {value = dense<[600, 9]> : tensor<2xi32>} : () -> tensor<2xi32>
        %y = graph.reshape %h, %s : (tensor<5400xf32>, tensor<2xi32>) -> tensor<600x9xf32>

    Random integers are never computed. A shape that cannot be, found out only now, is an error at
    the op.
  }];
  let statistics = [
    Statistic<"numRefined", "types-refined", "Results whose type became more precise">,
    Statistic<"numComputed", "values-computed", "Shape arithmetic replaced by constants">,
    Statistic<"numUnknown", "types-unknown", "Results with an unknown extent left">,
  ];
}

def AbsorbConstantOperandsPass : Graph_Pass<"graph-absorb-constant-operands"> {
  let summary = "Turn shape operands into attributes";
  let description = [{
    `reshape`, `slice`, `strided_slice`, `tile`, `pad`, `broadcast_to`, `fill` and the random ops take
    shapes, offsets and counts as operands or as attributes; everything after this stage sees the
    attribute form only. `-1` in a shape or a size is resolved, absent reduction axes become all axes,
    absent squeeze axes become those of extent one.

    Before:

        %s = graph.constant {value = dense<[-1, 9]> : tensor<2xi32>} : () -> tensor<2xi32>
        %y = graph.reshape %x, %s : (tensor<600x128x9xf32>, tensor<2xi32>) -> tensor<76800x9xf32>

    After:

        %y = graph.reshape %x {shape = array<i64: 76800, 9>} : (tensor<600x128x9xf32>) -> tensor<76800x9xf32>

    Operands that are not constant stay, unless the static result type says the same.
  }];
  let statistics = [
    Statistic<"numAbsorbed", "ops-changed", "Ops that are in the attribute form now">,
    Statistic<"numLeft", "ops-left", "Ops whose operands are not constant">,
  ];
}

def FoldConstantsPass : Graph_Pass<"graph-fold-constants"> {
  let summary = "Compute what depends on constants only";
  let description = [{
    Ops whose operands are constants are computed by their reference implementation and replaced by
    constants, also in the bodies of recurrences.

    Before:

        %b = graph.add %one, %one : (tensor<f32>, tensor<f32>) -> tensor<f32>

    After:

        %b = graph.constant {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>

    Left alone: random ops, ops with effects, ops that gradients are asked for, and results above
    `max-bytes`, which would make the program larger than computing them again costs.
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", "65536", "Largest result, in bytes">,
  ];
  let statistics = [
    Statistic<"numFolded", "ops-folded", "Ops replaced by constants">,
    Statistic<"numTooLarge", "ops-too-large", "Ops on constants left for their size">,
  ];
}

def SimplifyGraphPass : Graph_Pass<"graph-simplify-graph"> {
  let summary = "Cancel ops that undo each other, drop what does nothing";
  let description = [{
    Patterns that keep every bit of the results:

    - `identity`; `cast` to the same dtype; `reshape`, `transpose`, `tile`, `pad`, `slice`, `reverse`,
      `broadcast_to` and reductions that change nothing
    - pairs: `transpose` of `transpose`, `reshape` of `reshape` (and of `expand_dims`, `squeeze`),
      `split` of `concat` and back, `stack` of `unstack` and back, `negative` of `negative`
    - `stack` of all parts of a `split` becomes a `reshape`; `unstack` and `split` with few parts in
      use become slices; a `transpose` that moves only extents of one becomes a `reshape`
    - a `transpose` of a matrix that only products read becomes their `transpose_a`, `transpose_b`
    - `x * 1`, `x / 1`, `x - 0`, `add_n` of one or two
    - recurrences lose unused outputs, states, sequences and captured values; a value that is captured
      twice is captured once; scalar constants move into the body
    - after gradients are in place: `stop_gradient`

    Before:

        %parts:128 = graph.split %x {axis = 0 : i64, sizes = ...} : (tensor<76800x27xf32>) -> ...
        %s = graph.stack %parts#0, %parts#1, ... {axis = 0 : i64}

    After:

        %s = graph.reshape %x {shape = array<i64: 128, 600, 27>}

    `x + 0` stays: it turns -0 into 0. Ops with the mark `gradient_target` are neither replaced nor
    looked through. Ops without a use are erased.
  }];
  let statistics = [
    Statistic<"numBefore", "ops-before", "Ops before">,
    Statistic<"numAfter", "ops-after", "Ops after">,
  ];
}

def VerifyStagePass : Graph_Pass<"graph-verify-stage"> {
  let summary = "Check what a stage promises to the next";
  let description = [{
    At the end of stage `stage` all promises of it and of the stages before it hold:

    - `pruned`: no placeholder; one `graph.fetch`, at the end; no control inputs
    - `shaped`: every extent known; shapes, offsets and counts are attributes
    - `unrolled`: with `recurrence=unroll`, no `graph.static_rnn`
    - `differentiated`: no `graph.gradients`, no `gradient_target`
    - `clustered`: every op is a cluster, a view, a library op, a recurrence, or one for the host
    - `planned`: a `plan.program` and no `graph.program`

    Changes nothing.
  }];
  let options = [
    Option<"stage", "stage", "std::string", "\"recorded\"", "The stage that has just ended">,
    Option<"recurrence", "recurrence", "std::string", "\"kernel\"",
           "The form of recurrences: kernel, primitive or unroll">,
  ];
}
