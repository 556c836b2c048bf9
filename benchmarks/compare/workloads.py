"""What is compared: sizes, who takes part, what is aimed at, and the work that must be done."""

import dataclasses

import numpy

WINDOW = 9  # channels of a sensor window
CLASSES = 6
STEPS = 128


@dataclasses.dataclass(frozen=True)
class Workload:
    label: str
    kind: str
    sizes: dict
    peers: tuple
    unit: str = "ms"
    aim: float | None = None   # of the ratio to the fastest peer
    limit: float | None = None  # of our own figure, in `unit`
    fresh: str = ""  # "seconds" or "bytes": what one new process says of its first steps
    kernel_cache: bool = False
    threads: tuple = (2, 1)
    note: str = ""

    def request(self):
        return {"kind": self.kind, **self.sizes}

    def aim_text(self):
        if self.limit is not None:
            return f"< {self.limit:g} {self.unit}"
        return "" if self.aim is None else f"≤ {self.aim:.2f}"

    def flops(self):
        """Multiplications and additions of the matrix products, or nothing where that says little."""
        if self.kind == "cnn_training":
            return 3 * cnn_flops(self.sizes["B"])
        if self.kind not in ("lstm_training", "lstm_inference", "recurrence") or self.fresh:
            return 0
        windows = self.sizes["B"] * self.sizes["T"]
        hidden = self.sizes["H"]
        recurrent = 2 * windows * 2 * 2 * 4 * hidden * hidden
        if self.kind == "recurrence":
            return 3 * recurrent
        forward = recurrent + 2 * windows * WINDOW * hidden
        return forward if self.kind == "lstm_inference" else 3 * forward

    def bytes(self):
        """That must travel: windows come in; a training step writes and reads two layers' outputs."""
        if not self.flops():
            return 0
        windows = self.sizes["B"] * self.sizes["T"]
        given = windows * WINDOW * 4
        if self.kind == "lstm_inference":
            return given
        if self.kind == "cnn_training":
            return 2 * given
        return 2 * given + 2 * 2 * windows * self.sizes["H"] * 4


CNN = ((9, 18, 128), (18, 36, 32), (36, 72, 8))  # channels in, channels out, positions


def cnn_flops(batch):
    convolutions = sum(2 * 2 * a * b * positions for a, b, positions in CNN)
    return batch * (convolutions + 2 * 144 * CLASSES)


WHOLE = ("tensorflow", "pytorch", "jax")
INFERENCE = WHOLE + ("onnxruntime",)


def lstm(kind, batch, hidden, steps=STEPS):
    return dict(kind=kind, sizes={"B": batch, "H": hidden, "T": steps})


def training(batch, hidden, aim):
    return Workload(f"training step, B {batch} H {hidden}", **lstm("lstm_training", batch, hidden),
                    peers=WHOLE, aim=aim)


def inference(batch, hidden, aim):
    return Workload(f"inference, B {batch} H {hidden}", **lstm("lstm_inference", batch, hidden),
                    peers=INFERENCE, aim=aim)


def recurrence(batch, hidden):
    return Workload(f"recurrence alone, forward + backward, B {batch} H {hidden}",
                    **lstm("recurrence", batch, hidden), peers=("onednn",), aim=0.5)


def first_step(steps, peers, limit=None, **others):
    return Workload(f"record + compile + first step, B 100 H 27 T {steps}",
                    **lstm("lstm_training", 100, 27, steps), peers=peers, unit="s", limit=limit,
                    fresh="seconds", threads=(2,), **others)


WORKLOADS = [
    training(600, 27, 0.45),
    training(1500, 32, 0.60),
    training(128, 128, 0.70),
    training(32, 512, 0.70),
    recurrence(600, 27),
    recurrence(1500, 32),
    inference(600, 27, 0.50),
    inference(1500, 32, 0.60),
    inference(16, 27, None),
    inference(1, 27, 0.50),
    Workload("HAR CNN training step, B 600", "cnn_training", {"B": 600, "T": STEPS}, WHOLE, aim=0.50),
    first_step(128, WHOLE, limit=1),
    dataclasses.replace(first_step(128, (), kernel_cache=True),
                        label="the same, kernels on disk, T 128"),
    first_step(1024, ("pytorch", "jax"), note="aim: under 8 times T 128; TensorFlow takes minutes"),
    Workload("empty run", "empty_run", {}, INFERENCE, unit="µs", limit=3),
    Workload("peak memory, training B 600 H 27", **lstm("lstm_training", 600, 27), peers=WHOLE, unit="MB",
             limit=300, fresh="bytes", threads=(2,)),
]


def data_for(workload):
    """The same weights and inputs for everyone, by TensorFlow's names of variables."""
    random = numpy.random.RandomState(1)
    sizes = workload.sizes

    def normal(*shape, deviation=1.0):
        return (random.standard_normal(shape) * deviation).astype(numpy.float32)

    def layer(name, *shape):
        inputs = numpy.prod(shape[:-1])
        return {f"{name}.kernel": normal(*shape, deviation=inputs**-0.5),
                f"{name}.bias": normal(shape[-1], deviation=0.1)}

    def cells(hidden):
        return {name: value for number in range(2)
                for name, value in layer(f"rnn.multi_rnn_cell.cell_{number}.basic_lstm_cell",
                                         2 * hidden, 4 * hidden).items()}

    if workload.kind == "empty_run":
        return {}
    if workload.kind == "recurrence":
        sequence = sizes["T"], sizes["B"], sizes["H"]
        return {"sequence": normal(*sequence), "output_gradient": normal(*sequence), **cells(sizes["H"])}
    values = {"x": normal(sizes["B"], sizes["T"], WINDOW),
              "y": numpy.eye(CLASSES, dtype=numpy.float32)[random.randint(0, CLASSES, sizes["B"])]}
    if workload.kind == "cnn_training":
        for name, (inputs, filters, _) in zip(("conv1d", "conv1d_1", "conv1d_2"), CNN):
            values |= layer(name, 2, inputs, filters)
        return values | layer("dense", 144, CLASSES)
    hidden = sizes["H"]
    return values | layer("dense", WINDOW, hidden) | cells(hidden) | layer("logits", hidden, CLASSES)
