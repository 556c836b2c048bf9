"""ONNX Runtime, inference: the net as a model with its LSTM op."""

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import server

THREADS = server.threads()


class Workload:
    def __init__(self, sizes, data):
        self.feeds = {}
        self.build(sizes, data)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        # Spinning threads would take processor time from the peers that run next.
        options.add_session_config_entry("session.intra_op.allow_spinning", "1")
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self.session = onnxruntime.InferenceSession(
            self.model.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def make(self, nodes, weights, given, result):
        graph = helper.make_graph(nodes, "net", [given], [result],
                                  [numpy_helper.from_array(value, name) for name, value in weights.items()])
        self.model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        onnx.checker.check_model(self.model)

    def step(self):
        return self.session.run(None, self.feeds)[0]


class LstmInference(Workload):
    def build(self, sizes, data):
        hidden, steps = sizes["H"], sizes["T"]
        self.feeds = {"x": data["x"]}
        weights = {name: data[name] for name in ("dense.kernel", "dense.bias", "logits.kernel", "logits.bias")}
        weights["axis1"] = numpy.array([1])
        weights["axis0"] = numpy.array([0])
        nodes = [
            helper.make_node("Transpose", ["x"], ["xt"], perm=[1, 0, 2]),
            helper.make_node("MatMul", ["xt", "dense.kernel"], ["xk"]),
            helper.make_node("Add", ["xk", "dense.bias"], ["sequence"]),
        ]
        sequence = "sequence"
        for layer in range(2):
            cell = f"rnn.multi_rnn_cell.cell_{layer}.basic_lstm_cell"
            i, j, f, o = numpy.split(data[f"{cell}.kernel"], 4, axis=1)
            kernel = numpy.concatenate([i, o, f, j], axis=1).T  # ONNX's gates are i, o, f, c
            i, j, f, o = numpy.split(data[f"{cell}.bias"], 4)
            bias = numpy.concatenate([i, o, f + 1, j])
            weights[f"w{layer}"] = numpy.ascontiguousarray(kernel[None, :, :hidden])
            weights[f"r{layer}"] = numpy.ascontiguousarray(kernel[None, :, hidden:])
            weights[f"b{layer}"] = numpy.concatenate([bias, 0 * bias])[None]
            nodes.append(helper.make_node(
                "LSTM", [sequence, f"w{layer}", f"r{layer}", f"b{layer}"],
                [f"y{layer}", f"h{layer}"], hidden_size=hidden))
            nodes.append(helper.make_node("Squeeze", [f"y{layer}", "axis1"], [f"sequence{layer}"]))
            sequence = f"sequence{layer}"
        nodes.pop()
        nodes += [
            helper.make_node("Squeeze", ["h1", "axis0"], ["last"]),
            helper.make_node("Gemm", ["last", "logits.kernel", "logits.bias"], ["logits"]),
        ]
        self.make(nodes, weights,
                  helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", steps, 9]),
                  helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 6]))

    def check(self, data, results):
        server.save(results, logits=self.step())


class EmptyRun(Workload):
    def build(self, sizes, data):
        self.feeds = {"x": numpy.array(1.5, numpy.float32)}
        self.make([helper.make_node("Identity", ["x"], ["y"])], {},
                  helper.make_tensor_value_info("x", TensorProto.FLOAT, []),
                  helper.make_tensor_value_info("y", TensorProto.FLOAT, []))

    def check(self, data, results):
        server.save(results, y=self.step())


server.serve({"lstm_inference": LstmInference, "empty_run": EmptyRun},
             {"version": onnxruntime.__version__})
