// Recurrences: found, given the form that was asked for, recomputed in time.

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
