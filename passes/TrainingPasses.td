// Gradients and the updates that optimizers make of them.

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
