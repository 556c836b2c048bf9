// Every pass of graphc: what it matches, makes and leaves alone. `graphc passes` and
// docs/generated/Passes.md are made of this file; passes/Stages.cpp says in which order they run.
#ifndef GRAPHC_PASSES
#define GRAPHC_PASSES

include "mlir/Pass/PassBase.td"

class Graph_Pass<string argument> : Pass<argument, "::mlir::ModuleOp"> {
  let dependentDialects = ["::graphc::graph::GraphDialect"];
}

//===--- What correctness needs ---------------------------------------------------------------===//

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

def UnrollStaticRnnPass : Graph_Pass<"graph-unroll-static-rnn"> {
  let summary = "Write recurrences out step by step";
  let description = [{
    Every `graph.static_rnn` becomes its body, once for each step, between one `unstack` of each
    sequence and one `stack` of each output. Random ops get the attribute `step`, so that they draw
    the same bits; `step_index` becomes a constant; the names of the ops of step t > 0 end in `_t`.

    Before:

        %h, %last = graph.static_rnn sequences(%x) states(%zero) captured() {steps = 2 : i64, reverse = false} ... {
        ^bb0(%x_t: tensor<4xf32>, %s: tensor<4xf32>):
          %n = graph.add %x_t, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
          graph.yield %n, %n : tensor<4xf32>, tensor<4xf32>
        }

    After:

        %x:2 = graph.unstack %x {axis = 0 : i64, num = 2 : i64} : (tensor<2x4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
        %n0 = graph.add %x#0, %zero
        %n1 = graph.add %x#1, %n0
        %h = graph.stack %n0, %n1 {axis = 0 : i64}

    Used for the recurrence form `unroll` alone.
  }];
  let statistics = [
    Statistic<"numUnrolled", "recurrences-unrolled", "Recurrences written out">,
    Statistic<"numSteps", "steps", "Steps written out">,
  ];
}

//===--- Recomputation in time ----------------------------------------------------------------===//

def SegmentRecurrencesPass : Graph_Pass<"graph-segment-recurrences"> {
  let summary = "Cut recurrences that are trained into segments in time";
  let description = [{
    A `graph.static_rnn` of more than `every` steps that a gradient is asked through becomes a chain of
    recurrences over `every` steps each (the last in time over what is left), one's final states the
    next one's initial ones. Sequences are cut by one `split` each, outputs put together by one
    `concat`; where only a part of an output within one segment is used, that part is taken from the
    segment. `first_step` says where a segment begins, so that random ops and `step_index` give what
    they gave. `graph-recompute-segments` then has pieces that it can compute twice.

    Before:

        %h, %last = graph.static_rnn sequences(%x) states(%zero) captured() {steps = 5 : i64, reverse = false} ...

    After, with `every=3`:

        %x:2 = graph.split %x {axis = 0 : i64, sizes = array<i64: 3, 2>}
        %h0, %s = graph.static_rnn sequences(%x#0) states(%zero) captured() {first_step = 0 : i64, steps = 3 : i64, ...}
        %h1, %last = graph.static_rnn sequences(%x#1) states(%s) captured() {first_step = 3 : i64, steps = 2 : i64, ...}
        %h = graph.concat %h0, %h1 {axis = 0 : i64}

    Left alone, with a missed remark: recurrences that no gradient is asked through, that are short
    enough, whose results themselves are differentiated by. With `every=0`, the default, nothing is
    cut. A number of steps that is not known is an error.
  }];
  let options = [
    Option<"every", "every", "int64_t", "0", "Steps of a segment; 0: nothing is cut">,
  ];
  let statistics = [
    Statistic<"numCut", "recurrences-cut", "Recurrences cut into segments">,
    Statistic<"numSegments", "segments", "Segments made">,
  ];
}

def RecomputeSegmentsPass : Graph_Pass<"graph-recompute-segments"> {
  let summary = "Run segments of recurrences again before their gradients";
  let description = [{
    What the forward pass of a segment saves for its gradient would live through all later segments.
    This pass copies the segment to right before its gradient; everything from there on uses the
    copy, and the first run gives no more than states and outputs. Ops that only prepare a segment's
    sequences (hoisted products) are copied with it.

    Before:

        %h0, %saved0, %s = graph.static_rnn ... {first_step = 0 : i64, ...}
        %h1, %saved1, %last = graph.static_rnn ... states(%s) {first_step = 3 : i64, ...}
        ... = graph.static_rnn sequences(%saved1, ...) {first_step = 3 : i64, segment_gradient, ...}
        ... = graph.static_rnn sequences(%saved0, ...) {first_step = 0 : i64, segment_gradient, ...}

    After:

        %h0, %s = graph.static_rnn ... {first_step = 0 : i64, ...}
        %h1, %saved1, %last = graph.static_rnn ... states(%s) {first_step = 3 : i64, ...}
        ... = graph.static_rnn sequences(%saved1, ...) {first_step = 3 : i64, segment_gradient, ...}
        %saved0 = graph.static_rnn ... {first_step = 0 : i64, ...}
        ... = graph.static_rnn sequences(%saved0, ...) {first_step = 0 : i64, segment_gradient, ...}

    A segment with no other recurrence between itself and its gradient is left alone: what it saves
    lives no longer in either form. So are recurrences without `first_step`, which nobody has cut.
    Equal segments are equal kernels later: the step that one begins at is an argument of the call.
  }];
  let statistics = [
    Statistic<"numRecomputed", "segments-recomputed", "Segments that run twice">,
    Statistic<"numKept", "segments-kept", "Segments whose gradient follows right away">,
  ];
}

//===--- What makes programs faster -----------------------------------------------------------===//

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

def RollUpRecurrencesPass : Graph_Pass<"graph-roll-up-recurrences"> {
  let summary = "Make one recurrence of steps that are spelled out";
  let description = [{
    A graph that writes the same ops once for each step, each step reading what the one before has
    computed, becomes a `graph.static_rnn`, whoever wrote the cell. Layers that are interleaved step
    by step become one recurrence. What differs from step to step must come from outside of them; it
    is stacked to a sequence, for which parts of a `split` or `unstack` need no copy. Steps at either
    end that lack an op (no state yet at the first) stay as they are, two at most.

    Before:

        %x:4 = graph.unstack %xs {axis = 0 : i64, num = 4 : i64}
        %a0 = graph.matmul %h, %w;   %s0 = graph.add %a0, %x#0;  %h0 = graph.tanh %s0
        %a1 = graph.matmul %h0, %w;  %s1 = graph.add %a1, %x#1;  %h1 = graph.tanh %s1
        ...

    After:

        %h3 = graph.static_rnn sequences(%xs) states(%h) captured(%w) {steps = 4 : i64} ... {
        ^bb0(%x_t: tensor<8x2xf32>, %h_t: tensor<8x2xf32>, %w_t: tensor<2x2xf32>):
          %a = graph.matmul %h_t, %w_t;  %s = graph.add %a, %x_t;  %n = graph.tanh %s
          graph.yield %n
        }

    A random op in a step has a seed or stream of its own, and the same program must draw the same
    bits whichever passes run: such ops stay outside, and the step reads what they drew. In a program
    with the attribute `independent_draws` (imported from elsewhere, where other generators draw
    anyway) one op in the body draws for all steps, other numbers at each.

    Left spelled out, with a missed remark: steps that a kernel cannot compute, steps that something
    outside ties together, and variables written between steps that read them. Ops whose results
    gradients are asked for are in no step. The pass does not run for the form `unroll`.
  }];
  let options = [
    Option<"minSteps", "min-steps", "int64_t", "4", "Fewest steps that become a recurrence">,
  ];
  let statistics = [
    Statistic<"numRolledUp", "recurrences-rolled-up", "Recurrences that were spelled out">,
    Statistic<"numSteps", "steps", "Steps of these">,
    Statistic<"numDeclined", "recurrences-declined", "What stays spelled out">,
  ];
}

def FuseGatesPass : Graph_Pass<"graph-fuse-gates"> {
  let summary = "Make one product of several with the same left operand";
  let description = [{
    Matrix products with the same left operand become one product with the right operands side by side,
    followed by a split. Elementwise ops that meet the parts of two such splits pairwise, or the parts
    and one bias each, move above the split. This is what turns the four gates of a cell that were
    written one by one into what BasicLSTMCell writes.

    Before:

        %i = graph.matmul %h, %wi : (tensor<600x27xf32>, tensor<27x27xf32>) -> tensor<600x27xf32>
        %f = graph.matmul %h, %wf : (tensor<600x27xf32>, tensor<27x27xf32>) -> tensor<600x27xf32>

    After:

        %w = graph.concat %wi, %wf {axis = 1 : i64} : ... -> tensor<27x54xf32>
        %g = graph.matmul %h, %w : ... -> tensor<600x54xf32>
        %i, %f = graph.split %g {axis = 1 : i64, sizes = array<i64: 27, 27>}

    Left alone: products whose right operands depend on the state of a recurrence (the concatenation
    would be made anew at each step), transposed left operands, ranks other than two, and right operands
    that are themselves computed from the left one.
  }];
  let statistics = [
    Statistic<"numFused", "products-fused", "Products that became part of another">,
    Statistic<"numSunk", "splits-moved", "Splits that moved below an elementwise op">,
    Statistic<"numMissed", "products-missed", "Products with a common left operand left apart">,
  ];
}

def HoistLoopInvariantsPass : Graph_Pass<"graph-hoist-loop-invariants"> {
  let summary = "Compute once what every step computes alike";
  let description = [{
    Ops in the body of a `graph.static_rnn` that depend on captured values only move in front of it;
    what remains of the body captures their results.

    Before:

        graph.static_rnn ... captured(%wi, %wf) { ... %w = graph.concat %c0, %c1 {axis = 1 : i64} ... }

    After:

        %w = graph.concat %wi, %wf {axis = 1 : i64}
        graph.static_rnn ... captured(%w) { ... }

    Constants stay in the body: a kernel wants them there. So do random ops, which draw anew at each
    step.
  }];
  let statistics = [
    Statistic<"numHoisted", "ops-hoisted", "Ops moved out of a body">,
  ];
}

def HoistInputProjectionPass : Graph_Pass<"graph-hoist-input-projection"> {
  let summary = "Multiply the inputs of all steps at once";
  let description = [{
    A product with `concat(x_t, h)` is split into a part that depends on the sequence and one that
    depends on the state; the first is computed for all steps in one large product before the
    recurrence, together with what leads to it and what only it is used for (the bias).

    Before, in a body with the sequence `x`, the state `h`, and `w`, `b` captured:

        %c = graph.concat %x_t, %h {axis = 1 : i64}
        %g = graph.matmul %c, %w
        %z = graph.bias_add %g, %b

    After:

        %wx = graph.slice %w ...   %wh = graph.slice %w ...
        %p = graph.matmul (%x as [T * B, I]), %wx   // becomes a sequence [T, B, 4H]
        in the body: %g = graph.matmul %h, %wh;  %s = graph.add %p_t, %g;  %z = graph.bias_add %s, %b

    Sums are associated differently, which changes last bits. With `everything`, ops that depend on no
    state move out whether or not a product is among them, random ops included: they draw the same
    bits, as rows are counted over time. Left alone: ops that cannot be written for all steps at once
    (a missed remark says which). With `cached`, recurrences whose weights stay in the cache from step
    to step (`passes/kernels/RecurrenceTiling.h`): in a kernel their products cost the same inside of
    the body, while the hoisted ones would be written and read again, and are wider than the input.
  }];
  let options = [
    Option<"everything", "everything", "bool", "false",
           "Move out all ops that depend on no state, products or not">,
    Option<"cached", "leave-cached", "bool", "false",
           "Leave recurrences alone whose weights stay in the cache">,
  ];
  let statistics = [
    Statistic<"numSplit", "products-split", "Products split into an input and a state part">,
    Statistic<"numHoisted", "ops-hoisted", "Ops computed for all steps at once">,
    Statistic<"numMissed", "ops-missed", "Ops without state that have no form over time">,
  ];
}

def RaiseWhileToScanPass : Graph_Pass<"graph-raise-while-to-scan"> {
  let summary = "Loops that count to a constant become recurrences";
  let description = [{
    A `graph.while` whose condition compares loop variables that count in ones from a constant with
    constants, alone or joined by `logical_and`, runs a known number of times. It becomes a
    `graph.static_rnn`, which has a kernel of its own: the counters are `graph.step_index`, rows
    that `gather` takes at a counter are slices of a sequence, tensors that `update_row` fills at a
    counter are stacked outputs, all other loop variables are states. Branches in the body are both
    computed, and `where` chooses.

    Before:

        %n, %h, %all = graph.while loop_vars(%zero, %h0, %empty) captured(%x) cond {
          less(%i, 128)
        } body {
          %x_i = gather %x, %i;  %new = tanh(%x_i + %h_i)
          graph.yield %i + 1, %new, update_row(%all_i, %i, %new)
        }

    After:

        %all, %h = graph.static_rnn sequences(%x) states(%h0) {steps = 128} {
          %new = tanh(%x_t + %h_t)
          graph.yield %new, %new
        }

    Left as a loop, with a missed remark that says why: other conditions; tensors that are written
    at other places, or read after they were written; rows outside of the tensor; random ops, whose
    numbers the iterations of a loop count differently from the steps of a recurrence; bodies that
    the recurrence kernel cannot take.
  }];
  let statistics = [
    Statistic<"numRaised", "loops-raised", "Loops that became a recurrence">,
    Statistic<"numDeclined", "loops-declined", "Loops that stay loops">,
  ];
}

def RaiseRecurrencesPass : Graph_Pass<"graph-raise-recurrences"> {
  let summary = "Recognise the cells that oneDNN has primitives for";
  let description = [{
    First splits a recurrence into one for each group of states that feed back into each other, with
    what lies between the groups written for all steps at once (a MultiRNNCell becomes one recurrence
    for each layer, the dropout between layers an op on the whole sequence). Then compares each body
    with the math of BasicLSTMCell, LSTMCell, GRUCell and BasicRNNCell, and writes `graph.lstm`,
    `graph.gru` or `graph.vanilla_rnn` where it is that. Weights are put into oneDNN's order by graph
    ops (i, j, f, o becomes i, f, j, o; the forget bias is added to its part of the bias), so that
    gradients find their way to the variables.

    Before:

        graph.static_rnn sequences(%x) states(%c0, %h0) captured(%kernel, %bias) {
          concat, matmul, bias_add, split, sigmoid, tanh, multiply, add ... }

    After:

        %kx, %kh = slices of %kernel; columns exchanged
        %outputs, %h, %c, %workspace = graph.lstm %x, %h0, %c0, %kx, %kh, %bias

    Left as a recurrence, with a missed remark that says why: peepholes, projections, clipped cells,
    activations that oneDNN lacks, sequence lengths, cells that compute anything else. Used for the
    recurrence form `primitive` alone.
  }];
  let statistics = [
    Statistic<"numRaised", "recurrences-raised", "Recurrences that became a primitive">,
    Statistic<"numLayersSplit", "recurrences-split", "Recurrences split off another">,
    Statistic<"numDeclined", "recurrences-declined", "Recurrences that no primitive computes">,
  ];
}

def FuseNormalizationPass : Graph_Pass<"graph-fuse-normalization"> {
  let summary = "Find layer and batch normalization in their small ops";
  let description = [{
    Means, squared differences, a reciprocal root, products and sums that together are
    `gamma * (x - mean) / sqrt(variance + epsilon) + beta`, with mean and variance those of `x` over
    its last axis or over all others, become `graph.layer_normalization` or
    `graph.batch_normalization`, which oneDNN has primitives for; so does, by its rule, their
    gradient. It runs before gradients are inserted.

    Before (`tf.nn.moments`, `tf.nn.batch_normalization`):

        %m = graph.reduce_mean %x;  %d = graph.squared_difference %x, (graph.stop_gradient %m)
        %v = graph.reduce_mean %d;  %r = graph.rsqrt (%v + 0.001);  %k = graph.multiply %r, %gamma
        %y = graph.add (%x * %k), (%beta - %m * %k)

    After:

        %y, %m, %v = graph.layer_normalization %x, %gamma, %beta {epsilon = 0.001}

    Found in the order of the terms and factors that comes; with `(x - mean)^2` as a square or as a
    product, `(x - mean) * k + beta`, a division by the root; with gamma or beta left out; with axes
    of extent one around the mean and the variance. Left in small ops, with a missed remark that says
    why: other axes; gamma or beta along other axes; other dtypes than f32; a value in the middle that
    something else uses; gradients by one of the values in the middle; the gradient of a gradient where
    `stop_gradient` stands before the mean, as it would not stop the second one any more; the bodies of
    recurrences; and, unless `always` is set, shapes for which the fused loops of the small ops are
    faster (docs/Normalization.md).
  }];
  let options = [
    Option<"always", "always", "bool", "false",
           "Also where the fused loops of the small ops are faster">,
  ];
  let statistics = [
    Statistic<"numLayers", "layers-found", "Layer normalizations found">,
    Statistic<"numBatches", "batches-found", "Batch normalizations found">,
    Statistic<"numDeclined", "normalizations-declined", "Normalizations left in small ops">,
  ];
}

def FuseMatmulEpiloguePass : Graph_Pass<"graph-fuse-matmul-epilogue"> {
  let summary = "Let a product add its bias and apply its activation";
  let description = [{
    `matmul`, a `bias_add` (or an `add` of a vector over the last axis) that alone uses it, and a
    `relu`, `tanh` or `sigmoid` that alone uses that become one `graph.fused_matmul`.

    Before:

        %p = graph.matmul %x, %w;  %s = graph.bias_add %p, %b;  %y = graph.relu %s

    After:

        %y = graph.fused_matmul %x, %w, %b {activation = "relu"}

    A change of shape in between that keeps the last axis moves behind it. Left alone: values with
    further uses (a gradient that needs the value before the activation), and the bodies of
    recurrences, which become kernels as a whole.
  }];
  let statistics = [
    Statistic<"numFused", "products-fused", "Products that took over a bias or an activation">,
    Statistic<"numMissed", "products-missed", "Products whose sum has further uses">,
  ];
}

def FuseConvolutionPoolingPass : Graph_Pass<"graph-fuse-convolution-pooling"> {
  let summary = "Let a convolution pool its result, forward and backward";
  let description = [{
    `conv2d`, a `bias_add` that alone uses it, a `max_pool2d` of windows that do not overlap, and a
    `relu` that alone uses that become one `graph.pooled_conv2d`, a kernel that writes the greatest
    element of every window and its place in it. The gradients of these ops follow it: with places
    known, the gradient of the convolution's result is made window by window where filter and input
    take it up, and it is never in memory as a whole, nor is the result itself.

    Before:

        %z = graph.conv2d %x, %w;  %s = graph.bias_add %z, %b;  %p = graph.max_pool2d %s
        %y = graph.relu %p
        %c = graph.greater %y, %zero;  %dp = graph.where %c, %dy, %zero
        %dz = graph.max_pool2d_gradient %s, %p, %dp
        %dw = graph.conv2d_backprop_filter %x, %dz;  %dx = graph.conv2d_backprop_input %w, %dz
        %db = graph.reduce_sum %dz {axes = array<i64: 0, 1, 2>}

    After:

        %y, %places = graph.pooled_conv2d %x, %w, %b {activation = "relu"}
        %dws, %dbs = graph.pooled_conv2d_backprop_filter %x, %places, %dy {parts = 16}
        %dw = graph.reduce_sum %dws {axes = array<i64: 0>}
        %db = graph.reduce_sum %dbs {axes = array<i64: 0>}
        %dx = graph.pooled_conv2d_backprop_input %w, %places, %dy

    Changes of shape in between are looked through where they keep rows, columns and channels. Left
    alone: float64; values in between with further uses (a fetch, a gradient that needs them); windows
    that overlap or have more than 16 elements; filters of more than 24 KB and images of more than 64 KB
    an example, whose products are large enough for oneDNN's primitives to be as fast; and gradients
    that another op gets to see.
  }];
  let options = [
    Option<"filterBytes", "filter-bytes", "int64_t", "24576", "Largest filter">,
    Option<"imageBytes", "image-bytes", "int64_t", "65536", "Largest image">,
    Option<"windowElements", "window-elements", "int64_t", "16", "Largest window">,
    Option<"parts", "parts", "int64_t", "16", "Parts of the batch that filters' gradients are summed in">,
  ];
  let statistics = [
    Statistic<"numFused", "convolutions-fused", "Convolutions that pool their result">,
    Statistic<"numGradients", "gradients-fused", "Gradients of such convolutions">,
    Statistic<"numMissed", "convolutions-missed", "Pooled convolutions left in several ops">,
  ];
}

def FuseConvolutionEpiloguePass : Graph_Pass<"graph-fuse-convolution-epilogue"> {
  let summary = "Let a convolution add its bias and apply its activation";
  let description = [{
    `conv2d`, a `bias_add` (or an `add` of a vector over the last axis) that alone uses it, and a
    `relu`, `tanh` or `sigmoid` that alone uses that become one `graph.fused_conv2d`.

    Before:

        %p = graph.conv2d %x, %w;  %q = graph.squeeze %p;  %s = graph.bias_add %q, %b

    After:

        %s4 = graph.fused_conv2d %x, %w, %b {activation = "none"};  %s = graph.reshape %s4

    A change of shape in between that keeps the last axis moves behind it. Left alone: values with
    further uses, and depthwise convolutions.
  }];
  let statistics = [
    Statistic<"numFused", "convolutions-fused",
              "Convolutions that took over a bias or an activation">,
    Statistic<"numMissed", "convolutions-missed", "Convolutions whose sum has further uses">,
  ];
}

def FuseElementwisePass : Graph_Pass<"graph-fuse-elementwise"> {
  let summary = "Group elementwise ops and reductions into kernels";
  let description = [{
    Puts every op that a kernel can compute into a `graph.cluster`, as few clusters as the following
    rules give. Elementwise ops of one iteration shape join their producers and consumers; operands
    that are broadcast come along. A reduction may end a cluster: its elementwise producers are
    computed in the same loop. Ops that only move elements (slices, pads, concatenations) or make them
    of nothing (random numbers) join what reads them, so that their results are never written. Ops on
    scalars join one another. Nothing is computed twice. A value used outside of its cluster is an
    output of it.

    Before:

        %a = graph.multiply %x, %y;  %b = graph.tanh %a

    After:

        %b = graph.cluster %x, %y : ... {
        ^bb0(%0: tensor<600x27xf32>, %1: tensor<600x27xf32>):
          %a = graph.multiply %0, %1
          %b = graph.tanh %a
          graph.yield %b
        }

    Left outside: renames (`reshape`, `expand_dims`, `squeeze`, `identity`), which are views of memory;
    products and what else a oneDNN primitive computes; recurrences; updates of variables; ops without
    a kernel, which run on the host. With `fuse=false` each op has a cluster of its own.
  }];
  let options = [
    Option<"fuse", "fuse", "bool", "true", "Let a cluster have more than one op">,
    Option<"maxOps", "max-ops", "unsigned", "64", "Most ops in one cluster">,
  ];
  let statistics = [
    Statistic<"numClusters", "clusters", "Clusters made">,
    Statistic<"numClustered", "ops-clustered", "Ops inside of clusters">,
    Statistic<"numHost", "ops-for-host", "Ops that have no kernel">,
    Statistic<"numTooLarge", "joins-missed", "Fusions not done for the size of a cluster">,
  ];
}

def RaiseUpdatesPass : Graph_Pass<"graph-raise-updates"> {
  let summary = "Recognise optimizers' updates that are spelled out";
  let description = [{
    A step of Adam, RMSProp (also with momentum, also centered), momentum or Adagrad that a program
    writes out in small ops and assignments becomes the `apply_*` op that says the same. It stands at
    the last of the assignments that it replaces.

    Before:

        %m0 = graph.read_variable {variable = @m};   %a = graph.multiply %beta1, %m0
        %b = graph.multiply %rest1, %g;              %c = graph.add %a, %b
        %m1 = graph.assign %c {variable = @m}
        ... the same for @v, of %g times %g
        %n = graph.multiply %rate, %m1
        %s = graph.sqrt %v1;                         %d = graph.add %s, %epsilon
        %step = graph.divide %n, %d;                 graph.assign_sub %step {variable = @w}

    After:

        graph.apply_adam %zero, %zero, %rate, %beta1, %beta2, %epsilon, %g {variable = @w, m = @m, v = @v}

    Slots may be assigned or added to, `(1 - decay)` may be an op or a constant, moments may be divided
    by their bias. Scalars stay as they are computed: the rate, whatever corrects it, is handed over,
    with powers of zero. Values of a variable or slot after the step are read from there.

    Left alone, with a missed remark: what uses a variable between the assignments, intermediate
    values that something else uses, and formulas that no op has (RMSProp with epsilon outside of the root).
  }];
  let statistics = [
    Statistic<"numRaised", "updates-raised", "Updates that are one op now">,
    Statistic<"numDeclined", "updates-declined", "Assignments that look like such a step and are none">,
  ];
}

def FuseUpdatesPass : Graph_Pass<"graph-fuse-updates"> {
  let summary = "Update all variables in one kernel";
  let description = [{
    The optimizer's updates (`apply_*`), with the elementwise ops that only they use, become one
    `graph.cluster`, at the place of the last.

    Before:

        %c = graph.clip_by_value %dw, %low, %high
        graph.apply_gradient_descent %lr, %c {variable = @w}
        graph.apply_gradient_descent %lr, %db {variable = @b}

    After:

        graph.cluster %dw, %low, %high, %lr, %db {
          graph.clip_by_value; graph.apply_gradient_descent; graph.apply_gradient_descent
        }

    A read or an assignment of a variable that was updated ends the group. Ops that read a variable
    which the group updates stay in front of it (weight decay): they would read what is being written.
  }];
  let statistics = [
    Statistic<"numFused", "updates-fused", "Updates that share a kernel">,
    Statistic<"numOps", "ops-clustered", "Ops in these kernels, updates included">,
    Statistic<"numSingle", "updates-alone", "Updates without another at their side">,
  ];
}

//===--- To the plan --------------------------------------------------------------------------===//

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

//===--- Gradients ----------------------------------------------------------------------------===//

def InsertGradientsPass : Graph_Pass<"graph-insert-gradients"> {
  let summary = "Write out the gradients that were asked for";
  let description = [{
    Expands every `graph.gradients`, in program order, into the ops that compute it: backward from the
    ys, by one rule for each op (or the user's own, where one is registered for the op type), through
    the ops that depend on an x and no others. What arrives on several paths is added. New ops stand
    where the request stood; their locations are named `gradients/<forward op>_grad`. An x that nothing
    flows to gets zeros.

    Before:

        %y = graph.tanh %x : (tensor<2xf32>) -> tensor<2xf32>
        %dx = graph.gradients %y, %x {num_xs = 1 : i64, num_ys = 1 : i64} : ...

    After:

        %y = graph.tanh %x : (tensor<2xf32>) -> tensor<2xf32>
        %ones = graph.fill ...
        %y2 = graph.square %y : (tensor<2xf32>) -> tensor<2xf32>
        %d = graph.subtract %one, %y2 : (tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
        %dx = graph.multiply %ones, %d : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>

    The gradient of a `graph.static_rnn` is one `graph.static_rnn` in the other direction. Its body
    holds the rules' ops for the cell's body, and copies of the cell's elementwise ops where their
    results are needed again. The results of matrix products and the states before each step are
    further outputs of the forward op. Weights' gradients are not summed up step by step: the body
    gives the factors of all steps, and one product over time and batch follows the recurrence.

    Requires static shapes. An op between ys and xs that has no rule is an error.
  }];
  let statistics = [
    Statistic<"numRequests", "requests", "Requests expanded">,
    Statistic<"numOps", "ops-made", "Ops made for gradients, bodies included">,
    Statistic<"numUnreached", "xs-unreached", "Gradients that are zero, since nothing flows there">,
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

#endif
