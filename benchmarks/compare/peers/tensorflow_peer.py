"""TensorFlow 1's graph mode: static_rnn with the legacy cells, sessions with feeds."""

import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tensorflow  # noqa: E402

import server  # noqa: E402

tf = tensorflow.compat.v1
tf.disable_v2_behavior()
tf.logging.set_verbosity(tf.logging.ERROR)
THREADS = server.threads()


class Workload:
    """A graph of its own and a session over it."""

    def __init__(self, sizes, data):
        self.sizes = sizes
        self.data = data
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.build()
            self.init = tf.global_variables_initializer()
            self.fed = {variable: tf.placeholder(variable.dtype.base_dtype, variable.shape)
                        for variable in tf.trainable_variables()}
            self.load = [tf.assign(variable, value) for variable, value in self.fed.items()]
        self.session = tf.Session(
            graph=self.graph,
            config=tf.ConfigProto(intra_op_parallelism_threads=THREADS,
                                  inter_op_parallelism_threads=THREADS))
        self.reset(data)

    def reset(self, data):
        self.session.run(self.init)  # the optimizer starts afresh
        self.session.run(self.load, {value: data[variable.op.name.replace("/", ".")]
                                     for variable, value in self.fed.items()})


class LstmNet(Workload):
    def build(self):
        hidden, steps = self.sizes["H"], self.sizes["T"]
        self.x = tf.placeholder(tf.float32, [None, steps, 9], "inputs")
        self.keep = tf.placeholder(tf.float32, [], "keep")
        rows = tf.reshape(tf.transpose(self.x, [1, 0, 2]), [-1, 9])
        sequence = tf.split(tf.layers.dense(rows, hidden, name="dense"), steps, 0)
        cell = tf.nn.rnn_cell.MultiRNNCell(
            [tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.BasicLSTMCell(hidden), output_keep_prob=self.keep)
             for _ in range(2)])
        outputs, _ = tf.nn.static_rnn(cell, sequence, dtype=tf.float32)
        self.logits = tf.layers.dense(outputs[-1], 6, name="logits")


class LstmInference(LstmNet):
    def step(self):
        return self.session.run(self.logits, {self.x: self.data["x"], self.keep: 1.0})

    def check(self, data, results):
        self.reset(data)
        server.save(results, logits=self.step())


class Training:
    """What follows the logits, the same for both nets."""

    def add_training(self, clip):
        self.y = tf.placeholder(tf.float32, [None, 6], "labels")
        self.rate = tf.placeholder(tf.float32, [], "learning_rate")
        self.loss = tf.reduce_mean(
            tf.nn.softmax_cross_entropy_with_logits_v2(labels=self.y, logits=self.logits))
        adam = tf.train.AdamOptimizer(self.rate)
        self.gradients = adam.compute_gradients(self.loss)
        applied = [(tf.clip_by_value(g, -1.0, 1.0) if clip else g, v) for g, v in self.gradients]
        self.train = adam.apply_gradients(applied)

    def feeds(self, keep):
        return {self.x: self.data["x"], self.y: self.data["y"], self.keep: keep,
                self.rate: server.LEARNING_RATE}

    def step(self, keep=server.KEEP):
        return self.session.run([self.train, self.loss], self.feeds(keep))[1]

    def check(self, data, results):
        self.reset(data)
        logits, loss, gradients = self.session.run(
            [self.logits, self.loss, [g for g, _ in self.gradients]], self.feeds(1.0))
        server.save(results, logits=logits, loss=loss)
        server.save_gradients(results, {v.op.name.replace("/", "."): g
                                        for (_, v), g in zip(self.gradients, gradients)})
        self.step(1.0)
        self.step(1.0)
        server.save(results, loss_after_2_steps=self.step(1.0))


class LstmTraining(Training, LstmNet):
    def build(self):
        LstmNet.build(self)
        self.add_training(clip=True)


class CnnTraining(Training, Workload):
    def build(self):
        self.x = tf.placeholder(tf.float32, [None, self.sizes["T"], 9], "inputs")
        self.keep = tf.placeholder(tf.float32, [], "keep")
        h = self.x
        for filters in (18, 36, 72):
            h = tf.layers.conv1d(h, filters, 2, padding="same", activation=tf.nn.relu)
            h = tf.layers.max_pooling1d(h, 4, 4, padding="same")
        h = tf.nn.dropout(tf.reshape(h, [-1, 144]), rate=1 - self.keep)
        self.logits = tf.layers.dense(h, 6)
        self.add_training(clip=False)


class EmptyRun(Workload):
    def build(self):
        self.x = tf.placeholder(tf.float32, [])
        self.y = tf.identity(self.x)

    def step(self):
        return self.session.run(self.y, {self.x: 1.5})

    def check(self, data, results):
        server.save(results, y=self.step())


BUILT = {}


def kept(kind):
    """Graphs of thousands of ops take long to build: batches of all sizes use the same one."""

    def make(sizes, data):
        key = kind, sizes["H"], sizes["T"]
        if key not in BUILT:
            BUILT[key] = kind(sizes, data)
        BUILT[key].data = data
        return BUILT[key]

    return make


server.serve(
    {"lstm_training": kept(LstmTraining), "lstm_inference": kept(LstmInference),
     "cnn_training": CnnTraining, "empty_run": EmptyRun},
    {"version": tensorflow.__version__})
