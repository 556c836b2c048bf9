"""PyTorch as its users write it: nn.LSTM, Adam's fused kernel."""

import numpy
import torch
from torch import nn
from torch.nn import functional

import server

THREADS = server.threads()
torch.set_num_threads(THREADS)
torch.set_num_interop_threads(1)


def tensor(array):
    return torch.from_numpy(numpy.ascontiguousarray(array))


def set_parameter(parameter, array):
    with torch.no_grad():
        parameter.copy_(tensor(array))


def from_gates(array):
    """TensorFlow's gates i, j, f, o along the last axis as PyTorch's i, f, j, o; or the way back."""
    i, second, third, o = numpy.split(array, 4, axis=-1)
    return numpy.concatenate([i, third, second, o], axis=-1)


class LstmNet(nn.Module):
    def __init__(self, hidden, keep):
        super().__init__()
        self.hidden = hidden
        self.dense = nn.Linear(9, hidden)
        self.lstm = nn.LSTM(hidden, hidden, num_layers=2, dropout=1 - keep)
        self.logits = nn.Linear(hidden, 6)
        for layer in range(2):  # TensorFlow's cell has one bias
            getattr(self.lstm, f"bias_hh_l{layer}").requires_grad_(False)

    def forward(self, x):
        sequence, _ = self.lstm(self.dense(x.transpose(0, 1)))
        last = functional.dropout(sequence[-1], self.lstm.dropout, self.training)
        return self.logits(last)

    def load(self, data):
        for name in ("dense", "logits"):
            set_parameter(getattr(self, name).weight, data[f"{name}.kernel"].T)
            set_parameter(getattr(self, name).bias, data[f"{name}.bias"])
        for layer in range(2):
            cell = f"rnn.multi_rnn_cell.cell_{layer}.basic_lstm_cell"
            kernel = from_gates(data[f"{cell}.kernel"]).T
            bias = from_gates(data[f"{cell}.bias"]).copy()
            bias[self.hidden:2 * self.hidden] += 1  # the forget bias
            set_parameter(getattr(self.lstm, f"weight_ih_l{layer}"), kernel[:, :self.hidden])
            set_parameter(getattr(self.lstm, f"weight_hh_l{layer}"), kernel[:, self.hidden:])
            set_parameter(getattr(self.lstm, f"bias_ih_l{layer}"), bias)
            set_parameter(getattr(self.lstm, f"bias_hh_l{layer}"), 0 * bias)

    def gradients(self):
        found = {}
        for name in ("dense", "logits"):
            found[f"{name}.kernel"] = getattr(self, name).weight.grad.numpy().T
            found[f"{name}.bias"] = getattr(self, name).bias.grad.numpy()
        for layer in range(2):
            cell = f"rnn.multi_rnn_cell.cell_{layer}.basic_lstm_cell"
            halves = [getattr(self.lstm, f"weight_{part}_l{layer}").grad.numpy().T for part in ("ih", "hh")]
            found[f"{cell}.kernel"] = from_gates(numpy.concatenate(halves))
            found[f"{cell}.bias"] = from_gates(getattr(self.lstm, f"bias_ih_l{layer}").grad.numpy())
        return found


class CnnNet(nn.Module):
    LAYERS = ("conv1d", "conv1d_1", "conv1d_2")

    def __init__(self, keep):
        super().__init__()
        widths = (9, 18, 36, 72)
        self.convolutions = nn.ModuleList(nn.Conv1d(a, b, 2) for a, b in zip(widths, widths[1:]))
        self.dropout = nn.Dropout(1 - keep)
        self.dense = nn.Linear(144, 6)

    def forward(self, x):
        h = x.transpose(1, 2)
        for convolution in self.convolutions:
            h = functional.relu(convolution(functional.pad(h, (0, 1))))  # TensorFlow's "same"
            h = functional.max_pool1d(h, 4)
        return self.dense(self.dropout(h.transpose(1, 2).reshape(-1, 144)))

    def load(self, data):
        for name, convolution in zip(self.LAYERS, self.convolutions):
            set_parameter(convolution.weight, data[f"{name}.kernel"].transpose(2, 1, 0))
            set_parameter(convolution.bias, data[f"{name}.bias"])
        set_parameter(self.dense.weight, data["dense.kernel"].T)
        set_parameter(self.dense.bias, data["dense.bias"])

    def gradients(self):
        found = {"dense.kernel": self.dense.weight.grad.numpy().T, "dense.bias": self.dense.bias.grad.numpy()}
        for name, convolution in zip(self.LAYERS, self.convolutions):
            found[f"{name}.kernel"] = convolution.weight.grad.numpy().transpose(2, 1, 0)
            found[f"{name}.bias"] = convolution.bias.grad.numpy()
        return found


class Training:
    def __init__(self, net, data, clip):
        self.net, self.clip = net, clip
        self.x, self.y = data["x"], data["y"]
        self.reset(data)

    def reset(self, data):
        self.net.load(data)
        trained = [parameter for parameter in self.net.parameters() if parameter.requires_grad]
        self.adam = torch.optim.Adam(trained, server.LEARNING_RATE, fused=True)

    def backward(self):
        self.adam.zero_grad()
        self.output = self.net(tensor(self.x))
        loss = functional.cross_entropy(self.output, tensor(self.y))
        loss.backward()
        return loss

    def step(self):
        loss = self.backward()
        if self.clip:
            nn.utils.clip_grad_value_(self.net.parameters(), 1.0)
        self.adam.step()
        return loss.item()

    def check(self, data, results):
        self.reset(data)
        dropout = {}
        for module in self.net.modules():  # none while numbers are compared
            if isinstance(module, nn.Dropout):
                dropout[module], module.p = module.p, 0.0
            elif isinstance(module, nn.LSTM):
                dropout[module], module.dropout = module.dropout, 0.0
        loss = self.backward()
        server.save(results, logits=self.output.detach(), loss=loss.detach())
        server.save_gradients(results, self.net.gradients())
        self.step()
        self.step()
        server.save(results, loss_after_2_steps=self.step())
        for module, share in dropout.items():
            setattr(module, "p" if isinstance(module, nn.Dropout) else "dropout", share)


class LstmInference:
    def __init__(self, sizes, data):
        self.net = LstmNet(sizes["H"], 1).eval()
        self.net.load(data)
        self.x = data["x"]

    def step(self):
        with torch.inference_mode():
            return self.net(tensor(self.x)).numpy()

    def check(self, data, results):
        server.save(results, logits=self.step())


class EmptyRun:
    def __init__(self, sizes, data):
        pass

    def step(self):
        return torch.tensor(1.5).item()

    def check(self, data, results):
        server.save(results, y=numpy.float32(self.step()))


server.serve(
    {"lstm_training": lambda sizes, data: Training(LstmNet(sizes["H"], server.KEEP), data, clip=True),
     "lstm_inference": LstmInference,
     "cnn_training": lambda sizes, data: Training(CnnNet(server.KEEP), data, clip=False),
     "empty_run": EmptyRun},
    {"version": torch.__version__})
