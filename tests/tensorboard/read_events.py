"""Reads a folder of events as TensorBoard does and checks what is in it."""
import glob
import sys

from tensorboard.backend.event_processing import event_accumulator, event_file_loader

folder = sys.argv[1]
events = event_accumulator.EventAccumulator(
    folder, size_guidance={event_accumulator.SCALARS: 0, event_accumulator.HISTOGRAMS: 0})
events.Reload()
tags = events.Tags()
assert set(tags["scalars"]) == {"summaries/loss", "accuracy"}, tags
assert tags["histograms"] == ["summaries/w"], tags
assert tags["graph"], tags
assert events.file_version == 2.0, events.file_version

loss = events.Scalars("summaries/loss")
assert [event.step for event in loss] == list(range(20)), loss
# (1 + 2)^2 and (-1 + 1 + 0.5)^2 at the start; then it falls.
assert abs(loss[0].value - (9 + 0.25) / 2) < 1e-6, loss[0]
assert loss[-1].value < 0.1 * loss[0].value, loss[-1]
assert events.Scalars("accuracy")[0].value == 0.75

first = events.Histograms("summaries/w")[0].histogram_value
assert (first.min, first.max, first.num, first.sum) == (1, 1, 3, 3), first
assert sum(first.bucket) == 3 and len(first.bucket) == len(first.bucket_limit), first

graph = events.Graph()
nodes = {node.name: node for node in graph.node}
assert nodes["MatMul"].op == "MatMul", nodes["MatMul"]
assert list(nodes["MatMul"].input) == ["x", "w/read"], nodes["MatMul"]
shape = nodes["x"].attr["_output_shapes"].list.shape[0]
assert [dim.size for dim in shape.dim] == [-1, 3], shape
assert b"EventWriter.cpp:" in nodes["MatMul"].attr["_source_line"].s, nodes["MatMul"]
for name in ("summaries/loss", "summaries/w", "w/read"):
    assert name in nodes, sorted(nodes)
for node in graph.node:
    for taken in node.input:
        assert taken.lstrip("^").split(":")[0] in nodes, (node.name, taken)

# The loader of TensorBoard's own server, which converts to its newer messages.
(file,) = glob.glob(folder + "/*")
values = [value.tag for event in event_file_loader.EventFileLoader(file).Load() for value in event.summary.value]
for tag, count in (("summaries/loss", 20), ("summaries/w", 20), ("accuracy", 1)):
    assert values.count(tag) == count, (tag, values)
print(f"TensorBoard reads {len(values)} values and {len(graph.node)} nodes")
