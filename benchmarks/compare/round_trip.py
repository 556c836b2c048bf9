#!/usr/bin/env python3
"""Runs graphc's graphs in TensorFlow and compares.

For every built-in program `graphc run NAME --record DIR` takes two training steps and writes its graph
as GraphDef, what was fed, what came out, and checkpoints. TensorFlow loads the graph, restores the
checkpoints and has to come to the same results, gradients and variables.

    python benchmarks/compare/round_trip.py [--graphc build/release/bin/graphc] [PROGRAM ...]
    python benchmarks/compare/round_trip.py --control-flow
    python benchmarks/compare/round_trip.py --recorded FOLDER

The graph is also written as a MetaGraphDef: TensorFlow's import_meta_graph gives a saver, which restores
graphc's checkpoint, and a train_op, whose step has to leave the same variables in TensorFlow's checkpoint.

The second form runs loops and branches (control_flow.mlir), whose results follow from arithmetic. The
third one freezes graphs that TensorFlow wrote: every folder in FOLDER has a model.meta[.gz], a
checkpoint `trained`, and in program.json the names of its probes, whose values after training are
probe_trained_<i>.npy.

Prints a table of the largest differences, each relative to the largest element of its tensor, and
fails where one is above its bound.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # else a line about it
import numpy as np
import tensorflow as tf

from update_order import updates_too_early

v1 = tf.compat.v1

RESULTS = 1e-4  # loss, predictions, gradients
VARIABLES = 1e-3  # Adam and RMSProp divide small gradients by their own size


def difference(ours, theirs):
    """The largest difference relative to the largest element; NaN equals NaN, shapes have to agree."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return float("inf")
    if ours.dtype.kind == "f" and not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return float("inf")
    a, b = np.nan_to_num(ours.astype(np.float64)), np.nan_to_num(theirs.astype(np.float64))
    if a.size == 0:
        return 0.0
    return float(np.max(np.abs(a - b)) / max(np.max(np.abs(b)), 1e-12))


def load_graph(path):
    definition = v1.GraphDef()
    definition.ParseFromString(path.read_bytes())
    graph = tf.Graph()
    with graph.as_default():
        v1.import_graph_def(definition, name="")
    return graph


class Variables:
    """The ref variables of a graph."""

    def __init__(self, graph):
        self.names = [op.name for op in graph.get_operations() if op.type == "VariableV2"]
        self.values, self.feeds, assigns = [], [], []
        with graph.as_default():
            for name in self.names:
                variable = graph.get_tensor_by_name(name + ":0")
                self.values.append(variable)
                self.feeds.append(v1.placeholder(variable.dtype.base_dtype, variable.shape))
                assigns.append(v1.assign(variable, self.feeds[-1]))
            self.assign = tf.group(assigns)

    def restore(self, session, checkpoint):
        values = [checkpoint.get_tensor(name) for name in self.names]
        session.run(self.assign, dict(zip(self.feeds, values)))


class Recording:
    def __init__(self, folder):
        self.folder = folder
        self.json = json.loads((folder / "recording.json").read_text())

    def tensors(self, files):
        return {name: np.load(self.folder / file) for name, file in files.items()}

    def checkpoint(self, number):
        return tf.train.load_checkpoint(str(self.folder / f"state-{number}"))


def check_checkpoint(recording):
    """TensorFlow's reader finds what the session held, bit for bit; the number of variables."""
    reader = recording.checkpoint(0)
    variables = recording.tensors(recording.json["variables"])
    for name, value in variables.items():
        if not np.array_equal(reader.get_tensor(name), value):
            raise SystemExit(f"{recording.folder}: variable {name} differs in the checkpoint")
    return len(variables)


def run_forward(recording):
    """graph.pb, as it was recorded: the loss and the predictions of the first step."""
    graph = load_graph(recording.folder / "graph.pb")
    step = recording.json["steps"][0]
    with v1.Session(graph=graph) as session:
        Variables(graph).restore(session, recording.checkpoint(0))
        feeds = recording.tensors(recording.json["feeds"]) | recording.tensors(step["draws"])
        expected = recording.tensors(step["fetches"])
        names = [name for name in expected if not name.startswith("gradients")]
        results = session.run(names, feeds)
        return max(difference(got, expected[name]) for name, got in zip(names, results))


def run_frozen(recording, graphc):
    """The predictions of the graph without its variables, by `graphc freeze`."""
    predictions = recording.json["predictions"]
    frozen = recording.folder / "frozen.pb"
    subprocess.run([graphc, "freeze", recording.folder / "graph.pb", "--checkpoint", recording.folder / "state-0",
                    "--fetch", predictions, "-o", frozen], check=True, stdout=subprocess.DEVNULL)
    graph = load_graph(frozen)
    step = recording.json["steps"][0]
    feeds = recording.tensors(recording.json["feeds"]) | recording.tensors(step["draws"])
    there = {op.name for op in graph.get_operations()}
    with v1.Session(graph=graph) as session:
        got = session.run(predictions, {name: value for name, value in feeds.items() if name.split(":")[0] in there})
    return difference(got, recording.tensors(step["fetches"])[predictions])


def run_training(recording):
    """training.pb: every step, each from the checkpoint before it."""
    graph = load_graph(recording.folder / "training.pb")
    variables = Variables(graph)
    worst = {"results": 0.0, "gradients": 0.0, "variables": 0.0}
    with v1.Session(graph=graph) as session:
        train = graph.get_operation_by_name(recording.json["train"])
        for number, step in enumerate(recording.json["steps"]):
            variables.restore(session, recording.checkpoint(number))
            feeds = recording.tensors(recording.json["feeds"]) | recording.tensors(step["draws"])
            expected = recording.tensors(step["fetches"])
            results = session.run([train, *expected], feeds)[1:]
            for (name, want), got in zip(expected.items(), results):
                kind = "gradients" if name.startswith("gradients") else "results"
                worst[kind] = max(worst[kind], difference(got, want))
            after = recording.checkpoint(number + 1)
            for name, got in zip(variables.names, session.run(variables.values)):
                worst["variables"] = max(worst["variables"], difference(got, after.get_tensor(name)))
    return worst


def run_meta(recording):
    """model.meta by TensorFlow's own importer: restored, trained one step and saved through its collections.

    The train op alone, under TensorFlow's usual optimizers: what these leave has to keep updates behind reads.
    """
    graph = tf.Graph()
    step = recording.json["steps"][0]
    feeds = recording.tensors(recording.json["feeds"]) | recording.tensors(step["draws"])
    with graph.as_default(), v1.Session(graph=graph) as session:
        saver = v1.train.import_meta_graph(str(recording.folder / "model.meta"))
        saver.restore(session, str(recording.folder / "state-0"))
        metadata = v1.RunMetadata()
        session.run(graph.get_collection("train_op"), feeds, options=v1.RunOptions(output_partition_graphs=True),
                    run_metadata=metadata)
        theirs = tf.train.load_checkpoint(saver.save(session, str(recording.folder / "theirs"), write_meta_graph=False))
        trained = len(v1.trainable_variables())
        names = [variable.op.name for variable in v1.global_variables()]
    ours = recording.checkpoint(1)
    if not trained or len(names) != len(recording.json["variables"]):
        raise SystemExit(f"{recording.folder}: {trained} variables to train, {len(names)} in all")
    for optimized in metadata.partition_graphs:
        for update, taker in updates_too_early(optimized):
            raise SystemExit(f"{recording.folder}: {update} does not wait for {taker}")
    return max(difference(theirs.get_tensor(name), ours.get_tensor(name)) for name in names)


def run_control_flow(graphc):
    """Loops and branches, and their gradients, against what they are by arithmetic."""
    with tempfile.TemporaryDirectory() as temporary:
        path, module = pathlib.Path(temporary) / "control_flow.pb", pathlib.Path(temporary) / "control_flow.mlir"
        source = pathlib.Path(__file__).with_name("control_flow.mlir")
        subprocess.run([pathlib.Path(graphc).with_name("graphc-opt"), source, "-graph-insert-gradients",
                        "-mlir-print-debuginfo", "-o", module], check=True)
        subprocess.run([graphc, "dump", module, "--format", "graphdef", "-o", path], check=True)
        graph = load_graph(path)
    good = True
    print(f"{'x':>5} {'yes':>6} {'tensor':12} {'expected':>12} {'TensorFlow':>12}")
    with v1.Session(graph=graph) as session:
        for x, yes in [(1.5, True), (3.0, False), (200.0, True)]:
            # Squared until it is 100 or more: x^(2^n), whose gradient is 2^n x^(2^n - 1).
            n, squared = 0, x
            while squared < 100:
                n, squared = n + 1, squared * squared
            expected = {
                "squared": squared,
                "gradient": 2.0**n * x ** (2.0**n - 1),
                "branch": np.tanh(x) if yes else 2 * x,
                "row": np.array([[0, 1], [x, x], [4, 5]], np.float32),
                "nested": sum(x * i for i in range(4) if i % 2) + 3.0,
                "drawn_again": 1.0,
                "fibonacci": np.array([[1], [1], [2], [3], [5], [8]], np.float32),
            }
            got = session.run([name + ":0" for name in expected], {"x:0": x, "yes:0": yes})
            for (name, want), value in zip(expected.items(), got):
                close = np.allclose(value, want, rtol=1e-5)
                good &= close
                shown = (lambda array: f"{float(np.sum(array)):12.5g}")
                print(f"{x:5} {yes!s:>6} {name:12} {shown(want)} {shown(value)}{'' if close else '  TOO FAR APART'}")
    return good


def freeze_recorded(folder, graphc):
    """Freezes each program of the folder with its trained variables; False where a probe is far off."""
    good = True
    print(f"{'program':20} {'nodes':>6} {'probes':>9}")
    for program in sorted(path.parent for path in folder.glob("*/program.json")):
        description = json.loads((program / "program.json").read_text())
        probes = np.atleast_1d(description["probe"]).tolist()
        with tempfile.TemporaryDirectory() as temporary:
            frozen = pathlib.Path(temporary) / "frozen.pb"
            command = [graphc, "freeze", next(program.glob("model.meta*")), "--checkpoint", program / "trained", "-o", frozen]
            subprocess.run(command + [part for probe in probes for part in ("--fetch", probe)], check=True,
                           stdout=subprocess.DEVNULL)
            graph = load_graph(frozen)
        there = {op.name for op in graph.get_operations()}
        feeds = {name: np.load(program / value) if isinstance(value, str) else value
                 for name, value in description["steps"][0]["feeds"].items() if name.split(":")[0] in there}
        with v1.Session(graph=graph) as session:
            got = session.run(probes, feeds)
        worst = max(difference(value, np.load(program / f"probe_trained_{i}.npy")) for i, value in enumerate(got))
        good &= worst <= RESULTS
        print(f"{program.name:20} {len(there):6} {worst:9.1e}{'' if worst <= RESULTS else '  TOO FAR APART'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--graphc", default="build/release/bin/graphc")
    # Odd: over an even number the mean of signs, the gradient of an absolute error, may be zero but for rounding.
    parser.add_argument("--batch", type=int, default=21)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the recordings, which stay")
    parser.add_argument("--control-flow", action="store_true", help="run loops and branches instead")
    parser.add_argument("--recorded", type=pathlib.Path, help="freeze TensorFlow's programs in this folder instead")
    parser.add_argument("programs", nargs="*")
    arguments = parser.parse_args()
    if arguments.recorded:
        return 0 if freeze_recorded(arguments.recorded, arguments.graphc) else 1
    if arguments.control_flow:
        return 0 if run_control_flow(arguments.graphc) else 1
    names = arguments.programs
    if not names:
        listed = subprocess.run([arguments.graphc, "programs"], check=True, capture_output=True, text=True)
        names = [line.split()[0] for line in listed.stdout.splitlines()[2:] if line.strip()]
    print(f"{'program':18} {'nodes':>6} {'variables':>9} {'forward':>9} {'frozen':>9} {'training':>9} {'gradients':>9} {'updated':>9} {'meta':>9}")
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        for name in names:
            folder = (arguments.keep or pathlib.Path(temporary)) / name
            command = [arguments.graphc, "run", name, "--quick", "--batch", str(arguments.batch),
                       "--record", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                print(f"{name:18} {done.stderr.strip()}")
                failed = True
                continue
            recording = Recording(folder)
            count = check_checkpoint(recording)
            forward = run_forward(recording)
            frozen = run_frozen(recording, arguments.graphc)
            worst = run_training(recording)
            meta = run_meta(recording)
            nodes = len(load_graph(folder / "training.pb").get_operations())
            good = max(forward, frozen, worst["results"], worst["gradients"]) <= RESULTS and max(worst["variables"], meta) <= VARIABLES
            failed |= not good
            print(f"{name:18} {nodes:6} {count:9} {forward:9.1e} {frozen:9.1e} {worst['results']:9.1e} "
                  f"{worst['gradients']:9.1e} {worst['variables']:9.1e} {meta:9.1e}{'' if good else '  TOO FAR APART'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
