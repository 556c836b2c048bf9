#!/usr/bin/env python3
"""Runs TensorFlow's loops and branches in graphc and compares.

Writes graphs with loops, branches, calls and lists of tensors, in both of TensorFlow's forms: dataflow
(Switch, Merge, Enter, ...) and functions (While, If, TensorList...). TensorFlow and `graphc run FILE.pb`
run each with the same feeds; gradients are TensorFlow's own and those of graphc's pass over the graph
without them. A third run, where a graph has gradients, imports what TensorFlow spelled out.

    python benchmarks/compare/control_flow.py [--graphc build/release/bin/graphc] [CASE ...]

Prints a table of the largest differences, each relative to the largest element of its tensor, how many
loops became recurrences, and fails where a difference is above its bound or a graph is refused.
"""
import argparse
import os
import pathlib
import re
import subprocess
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # else a line about it
import numpy as np
import tensorflow as tf

from round_trip import difference

v1 = tf.compat.v1

BOUND = 1e-4


def variable(name, value):
    return v1.get_variable(name, initializer=tf.constant(value, tf.float32), use_resource=True)


def placeholder(shape, name="x"):
    return v1.placeholder(tf.float32, shape, name)


# The cases: each gives what to fetch and, by name, what to feed; the first fetch is differentiated.


def until():
    x = placeholder([2])
    steps, y = tf.while_loop(lambda i, y: tf.reduce_sum(y) < 50.0, lambda i, y: (i + 1, y * x), [0, x])
    return [y, steps], {"x": [2.0, 3.0]}


def bounded():
    x = placeholder([2])
    y = tf.while_loop(lambda y: tf.reduce_sum(y) < 1e6, lambda y: [y * x + 1.0], [x], maximum_iterations=5)
    return [y[0] if isinstance(y, (list, tuple)) else y], {"x": [0.5, 1.5]}


def nested():
    x = placeholder([None, 3])

    def outer(i, y):
        _, z = tf.while_loop(lambda j, z: j < i + 1, lambda j, z: (j + 1, tf.tanh(z + x)), [0, y])
        return i + 1, z * 0.5

    _, y = tf.while_loop(lambda i, y: i < 3, outer, [0, x])
    return [y], {"x": np.linspace(-1, 1, 6).reshape(2, 3)}


def scan():
    x = placeholder([None, 4, 3])
    w = variable("w", np.linspace(-0.5, 0.5, 9).reshape(3, 3))
    rows = tf.transpose(x, [1, 0, 2])
    y = tf.scan(lambda h, e: tf.tanh(tf.matmul(h, w) + e), rows, tf.zeros_like(x[:, 0]))
    return [y], {"x": np.linspace(-1, 1, 24).reshape(2, 4, 3)}


def map_fn():
    x = placeholder([5, 2])
    return [tf.map_fn(lambda e: tf.sin(e) * e, x)], {"x": np.linspace(-1, 1, 10).reshape(5, 2)}


def foldl():
    x = placeholder([5, 2])
    return [tf.foldl(lambda a, e: a * 0.5 + e * e, x)], {"x": np.linspace(-1, 1, 10).reshape(5, 2)}


def array_backwards():
    x = placeholder([4, 2])

    def body(i, total, array):
        total = total + x[i] * x[i]
        return i - 1, total, array.write(i, total)

    array = tf.TensorArray(tf.float32, 4, element_shape=[2])
    _, total, array = tf.while_loop(lambda i, t, a: i >= 0, body, [3, tf.zeros([2]), array])
    return [array.stack(), total], {"x": np.linspace(-1, 1, 8).reshape(4, 2)}


def lstm():
    x = placeholder([None, 5, 3])
    kernel = variable("kernel", np.sin(np.arange(7 * 16)).reshape(7, 16) * 0.3)
    inputs = tf.transpose(x, [1, 0, 2])
    steps = tf.TensorArray(tf.float32, 5).unstack(inputs)
    outputs = tf.TensorArray(tf.float32, 5)
    zeros = tf.zeros([tf.shape(x)[0], 4])

    def body(t, c, h, outputs):
        i, j, f, o = tf.split(tf.matmul(tf.concat([steps.read(t), h], 1), kernel), 4, 1)
        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        h = tf.sigmoid(o) * tf.tanh(c)
        return t + 1, c, h, outputs.write(t, h)

    _, c, h, outputs = tf.while_loop(lambda t, *_: t < 5, body, [0, zeros, zeros, outputs])
    return [outputs.stack(), c], {"x": np.linspace(-1, 1, 30).reshape(2, 5, 3)}


def keras_gru():
    x = placeholder([None, 5, 3])
    layer = tf.keras.layers.GRU(4, return_sequences=True, kernel_initializer="ones", recurrent_initializer="ones")
    return [layer(x)], {"x": np.linspace(-1, 1, 30).reshape(2, 5, 3)}


def branch(positive):
    def build():
        x = placeholder([3])
        k = variable("k", [1.0, 2.0, 3.0])
        y, z = tf.cond(tf.reduce_sum(x) > 0.0, lambda: (tf.square(x) * k, x), lambda: (x * 2.0, k))
        return [y, z], {"x": np.array([1.0, -0.5, 2.0]) * (1 if positive else -1)}

    return build


def branch_in_loop():
    x = placeholder([2])

    def body(i, y):
        return i + 1, tf.cond(tf.equal(i % 2, 0), lambda: y * x, lambda: y + 1.0)

    return [tf.while_loop(lambda i, y: i < 4, body, [0, x])[1]], {"x": [0.5, 2.0]}


def loop_in_branch():
    x = placeholder([2])
    loop = lambda: tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])[1]
    return [tf.cond(x[0] > 0.0, loop, lambda: -x)], {"x": [0.5, 2.0]}


def switch_case(index):
    def build():
        x = placeholder([2])
        i = v1.placeholder(tf.int32, [], "i")
        y = tf.switch_case(i, [lambda: x * 2.0, lambda: tf.square(x), lambda: tf.exp(x)])
        return [y], {"x": [0.5, 2.0], "i": index}

    return build


def assign_in_branch(positive):
    def build():
        x = placeholder([2])
        v = variable("v", [1.0, 2.0])

        def update():
            with tf.control_dependencies([v.assign_add(x)]):
                return v.read_value() * x

        y = tf.cond(x[0] > 0.0, update, lambda: x * v)
        with tf.control_dependencies([y]):
            after = tf.identity(v.read_value())
        return [y, after], {"x": [0.5 if positive else -0.5, 2.0]}

    return build


def assign_in_loop():
    x = placeholder([2])
    v = variable("v", [1.0, 2.0])

    def body(i):
        with tf.control_dependencies([v.assign(v * 0.5 + x)]):
            return [i + 1]

    steps = tf.while_loop(lambda i: i < 3, body, [0])
    steps = steps[0] if isinstance(steps, (list, tuple)) else steps
    with tf.control_dependencies([steps]):
        after = tf.identity(v.read_value())
    return [after, steps], {"x": [0.5, 2.0]}


def growing_array():
    x = placeholder([2])
    array = tf.TensorArray(tf.float32, 0, dynamic_size=True, element_shape=[2])
    body = lambda i, y, a: (i + 2, y * x, a.write(i, y))
    _, _, array = tf.while_loop(lambda i, y, a: i < 6, body, [0, x, array])
    return [array.stack()], {"x": [0.5, 1.5]}


def growing_array_ended_early():
    x = placeholder([2])
    array = tf.TensorArray(tf.float32, 0, dynamic_size=True, element_shape=[2])
    go_on = lambda i, y, a: tf.logical_and(i < 6, tf.reduce_sum(y) < 20.0)
    _, _, array = tf.while_loop(go_on, lambda i, y, a: (i + 1, y * x, a.write(i, y)), [0, x, array])
    return [array.read(1)], {"x": [2.0, 3.0]}


def scattered():
    x = placeholder([3, 2])
    array = tf.TensorArray(tf.float32, 3, element_shape=[2])
    return [array.scatter([2, 0, 1], x * x).stack()], {"x": np.linspace(-1, 1, 6).reshape(3, 2)}


def split_array():
    x = placeholder([6, 2])
    array = tf.TensorArray(tf.float32, 3, element_shape=[2, 2]).split(x, [2, 2, 2])
    return [array.read(1) * array.read(2)], {"x": np.linspace(-1, 1, 12).reshape(6, 2)}


def lists():
    x = placeholder([3, 2])
    ops = tf.raw_ops
    made = ops.TensorListScatterV2(tensor=x, indices=[4, 0, 1], element_shape=[2], num_elements=5)
    made = ops.TensorListResize(input_handle=made, size=2)
    made = ops.TensorListConcatLists(input_a=made, input_b=made, element_dtype=tf.float32)
    made = ops.TensorListScatterIntoExistingList(input_handle=made, tensor=x, indices=[1, 3, 1])
    return [ops.TensorListStack(input_handle=made, element_shape=[2], element_dtype=tf.float32)], {
        "x": np.linspace(-1, 1, 6).reshape(3, 2)}


def pushed_back():
    x = placeholder([2])
    ops = tf.raw_ops
    empty = ops.EmptyTensorList(element_shape=[2], max_num_elements=-1, element_dtype=tf.float32)
    push = lambda l, y: ops.TensorListPushBack(input_handle=l, tensor=y)
    _, _, made = tf.while_loop(lambda i, y, l: i < 3, lambda i, y, l: (i + 1, y * 2.0, push(l, y)), [0, x, empty])
    return [ops.TensorListStack(input_handle=made, element_shape=[2], element_dtype=tf.float32)], {"x": [0.5, 1.5]}


def merge_index():
    x = placeholder([2])
    positive = x[0] > 0.0
    no, yes = tf.raw_ops.Switch(data=x, pred=positive)
    value, index = tf.raw_ops.Merge(inputs=[no * 2.0, tf.square(yes)])
    return [value, index], {"x": [0.5, 2.0]}


def slots(names):
    return {name: variable(name, [0.5 if name in ("m", "mg", "mom") else 3.0] * 2) for name in names}


#: Optimizers' updates of w by the gradient g, as TensorFlow's ops for resources.
UPDATES = {
    "descent": ((), lambda w, s, g: tf.raw_ops.ResourceApplyGradientDescent(var=w.handle, alpha=0.1, delta=g)),
    "nesterov": (("m",), lambda w, s, g: tf.raw_ops.ResourceApplyMomentum(
        var=w.handle, accum=s["m"].handle, lr=0.1, grad=g, momentum=0.9, use_nesterov=True)),
    "adagrad": (("v",), lambda w, s, g: tf.raw_ops.ResourceApplyAdagrad(
        var=w.handle, accum=s["v"].handle, lr=0.1, grad=g)),
    "rms_prop": (("ms", "mom"), lambda w, s, g: tf.raw_ops.ResourceApplyRMSProp(
        var=w.handle, ms=s["ms"].handle, mom=s["mom"].handle, lr=0.1, rho=0.9, momentum=0.5, epsilon=0.01, grad=g)),
    "centered": (("mg", "ms", "mom"), lambda w, s, g: tf.raw_ops.ResourceApplyCenteredRMSProp(
        var=w.handle, mg=s["mg"].handle, ms=s["ms"].handle, mom=s["mom"].handle, lr=0.1, rho=0.9, momentum=0.5,
        epsilon=0.01, grad=g)),
    "adam": (("m", "v"), lambda w, s, g: tf.raw_ops.ResourceApplyAdam(
        var=w.handle, m=s["m"].handle, v=s["v"].handle, beta1_power=0.81, beta2_power=0.998, lr=0.1, beta1=0.9,
        beta2=0.999, epsilon=0.01, grad=g)),
}


def update_in_loop(name):
    def build():
        x = placeholder([2])
        w = variable("w", [1.0, 2.0])
        names, update = UPDATES[name]
        state = slots(names)

        def body(i):
            with tf.control_dependencies([update(w, state, w.read_value() * x)]):
                return [i + 1]

        steps = tf.while_loop(lambda i: i < 3, body, [0])
        steps = steps[0] if isinstance(steps, (list, tuple)) else steps
        with tf.control_dependencies([steps]):
            after = [tf.identity(v.read_value()) for v in [w, *state.values()]]
        return [*after, steps], {"x": [0.5, 2.0]}

    return build


def update_in_branch():
    x = placeholder([2])
    w = variable("w", [1.0, 2.0])
    names, update = UPDATES["adam"]
    state = slots(names)

    def step():
        with tf.control_dependencies([update(w, state, x)]):
            return tf.identity(x)

    y = tf.cond(x[0] > 0.0, step, lambda: -x)
    with tf.control_dependencies([y]):
        return [tf.identity(v.read_value()) for v in [w, *state.values()]], {"x": [0.5, 2.0]}


def spelled_adam():
    x = placeholder([2])
    w, m, v = variable("w", [1.0, 2.0]), variable("m", [0.5, 0.5]), variable("v", [0.3, 0.4])
    power1, power2 = variable("power1", 0.9), variable("power2", 0.99)
    g = w * x
    rate = 0.1 * tf.sqrt(1.0 - power2) / (1.0 - power1)
    m_t = m.assign(0.9 * m + (1.0 - 0.9) * g)
    v_t = v.assign(0.99 * v + (1.0 - 0.99) * tf.square(g))
    step = w.assign_sub(rate * m_t / (tf.sqrt(v_t) + 1e-3))
    with tf.control_dependencies([step]):  # reads of the powers would else race with this
        powers = [power1.assign(power1 * 0.9), power2.assign(power2 * 0.99)]
    with tf.control_dependencies(powers):
        return [tf.identity(u.read_value()) for u in [w, m, v, power1]], {"x": [0.5, 2.0]}


def calls():
    x = placeholder([2])
    w = variable("w", [3.0, 4.0])

    @tf.function
    def inner(a, b):
        return tf.tanh(a) * b

    @tf.function
    def outer(a):
        return inner(a, w) + inner(w, a)

    return [outer(x)], {"x": [0.5, 2.0]}


def call_in_loop():
    x = placeholder([2])
    step = tf.function(lambda y: tf.tanh(y) + x)
    return [tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, step(y)), [0, x])[1]], {"x": [0.5, 2.0]}


CASES = {
    "until": until, "bounded": bounded, "nested": nested, "scan": scan, "map_fn": map_fn, "foldl": foldl,
    "array_backwards": array_backwards, "lstm": lstm, "keras_gru": keras_gru, "branch_true": branch(True),
    "branch_false": branch(False), "branch_in_loop": branch_in_loop, "loop_in_branch": loop_in_branch,
    "case_0": switch_case(0), "case_2": switch_case(2), "case_beyond": switch_case(9),
    "assign_in_true": assign_in_branch(True), "assign_in_false": assign_in_branch(False),
    "assign_in_loop": assign_in_loop, "calls": calls, "call_in_loop": call_in_loop,
    "growing_array": growing_array, "growing_array_ended_early": growing_array_ended_early, "scattered": scattered,
    "split_array": split_array, "lists": lists, "pushed_back": pushed_back, "merge_index": merge_index,
    "update_in_branch": update_in_branch, "spelled_adam": spelled_adam,
    **{f"{name}_in_loop": update_in_loop(name) for name in UPDATES},
}
NO_GRADIENT = {"assign_in_true", "assign_in_false", "assign_in_loop", "lists", "merge_index", "update_in_branch",
               "spelled_adam", *(f"{name}_in_loop" for name in UPDATES)}
#: tf.switch_case of the dataflow form is a stack of tf.cond with asserts; Keras and tf.function have one form.
FUNCTIONS_ONLY = {"keras_gru"}
#: Functions have no Switch and Merge.
DATAFLOW_ONLY = {"merge_index"}


class Run:
    """One case in one form: what TensorFlow says, and the files for graphc."""

    def __init__(self, build, functions, folder, differentiate):
        (v1.enable_control_flow_v2 if functions else v1.disable_control_flow_v2)()
        self.folder = folder
        folder.mkdir(parents=True)
        graph = tf.Graph()
        with graph.as_default():
            fetches, feeds = build()
            fetches = [tf.identity(fetch, f"fetch_{k}") for k, fetch in enumerate(fetches)]
            loss = tf.reduce_sum(fetches[0], name="loss")
            (folder / "plain.pb").write_bytes(graph.as_graph_def().SerializeToString())
            self.names = [fetch.name for fetch in fetches]
            self.feeds = {name: np.asarray(value, np.int32 if name == "i" else np.float32)
                          for name, value in feeds.items()}
            gradient = []
            if differentiate:
                gradient = [tf.identity(g, "dx") for g in v1.gradients(loss, [graph.get_tensor_by_name("x:0")])]
                (folder / "spelled.pb").write_bytes(graph.as_graph_def().SerializeToString())
            with v1.Session(graph=graph) as session:
                session.run(v1.global_variables_initializer())
                values = session.run(fetches + gradient, {f"{name}:0": value for name, value in self.feeds.items()})
        self.values = dict(zip(self.names, values))
        self.gradient = values[-1] if differentiate else None
        for name, value in self.feeds.items():
            np.save(folder / f"{name}.npy", value)

    def graphc(self, graphc, file, fetches, gradients=()):
        out = self.folder / f"{file}.out"
        out.mkdir()
        command = [graphc, "run", self.folder / file, "--out", out]
        command += ["--feed"] + [f"{name}={self.folder / name}.npy" for name in self.feeds]
        command += ["--fetch", *fetches] + (["--gradients", *gradients] if gradients else [])
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError((done.stderr or done.stdout).strip())
        read = lambda name: np.load(out / (name.replace("/", ".").replace(":", "_") + ".npy"))
        return {name: read(name) for name in fetches} | ({"gradient": read("gradient_x:0")} if gradients else {})

    def raised(self, graphc):
        """How many loops the compiled graph still has, and how many recurrences."""
        done = subprocess.run([graphc, "dump", self.folder / "plain.pb", "--fetch", *self.names, "--batch", "2",
                               "--stage", "fused"], capture_output=True, text=True)
        count = lambda op: len(re.findall(rf"graph\.{op}\b", done.stdout))
        return f"{count('static_rnn')} of {count('static_rnn') + count('while')}"


def check(name, functions, graphc, folder):
    differentiate = name not in NO_GRADIENT
    run = Run(CASES[name], functions, folder / f"{name}_{'functions' if functions else 'dataflow'}", differentiate)
    row = [name, "functions" if functions else "dataflow"]
    good = True
    try:
        got = run.graphc(graphc, "plain.pb", run.names, ["loss:0:x:0"] if differentiate else [])
        values = max(difference(got[fetch], want) for fetch, want in run.values.items())
        row.append(f"{values:.1e}")
        good &= values <= BOUND
        if differentiate:
            gradient = difference(got["gradient"], run.gradient)
            row.append(f"{gradient:.1e}")
            good &= gradient <= BOUND
        else:
            row.append("-")
        row.append(run.raised(graphc))
    except RuntimeError as error:
        return row + ["refused", "-", "-", "-", str(error).replace("\n", " | ")], False
    if not differentiate:
        return row + ["-", "" if good else "differs"], good
    try:
        spelled = difference(run.graphc(graphc, "spelled.pb", ["dx:0"])["dx:0"], run.gradient)
        row.append(f"{spelled:.1e}")
        good &= spelled <= BOUND
        note = ""
    except RuntimeError as error:
        row.append("refused")
        note = str(error).replace("\n", " | ")[:300]
    return row + [note if good else "differs " + note], good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graphc", default="build/release/bin/graphc")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="default: all")
    options = parser.parse_args()
    v1.disable_eager_execution()
    titles = ["case", "form", "values", "gradients", "recurrences", "spelled out", ""]
    rows, failed = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for name in options.cases or CASES:
            for functions in (False, True):
                if name not in (DATAFLOW_ONLY if functions else FUNCTIONS_ONLY):
                    row, good = check(name, functions, options.graphc, pathlib.Path(folder))
                    rows.append(row)
                    failed += not good
    widths = [max(len(str(row[k])) for row in rows + [titles]) for k in range(len(titles) - 1)]
    for row in [titles] + rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)), row[-1])
    print(f"{len(rows) - failed} of {len(rows)} agree")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
