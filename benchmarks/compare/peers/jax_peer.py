"""JAX: one jitted function a step, lax.scan over time with the inputs' product before it."""

import os

import server

THREADS = server.threads()
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = (f"--xla_cpu_multi_thread_eigen={'true' if THREADS > 1 else 'false'} "
                           f"intra_op_parallelism_threads={THREADS}")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy  # noqa: E402

B1, B2, EPSILON = 0.9, 0.999, 1e-8


def dropout(key, x, keep):
    return x if keep == 1 else jnp.where(jax.random.bernoulli(key, keep, x.shape), x / keep, 0)


def lstm_layer(kernel, bias, sequence):
    hidden = kernel.shape[1] // 4
    from_inputs = sequence @ kernel[:-hidden] + bias
    weights = kernel[-hidden:]

    def step(state, z):
        c, h = state
        i, j, f, o = jnp.split(z + h @ weights, 4, axis=1)
        c = c * jax.nn.sigmoid(f + 1) + jax.nn.sigmoid(i) * jnp.tanh(j)
        h = jnp.tanh(c) * jax.nn.sigmoid(o)
        return (c, h), h

    zeros = jnp.zeros((sequence.shape[1], hidden))
    return jax.lax.scan(step, (zeros, zeros), from_inputs)[1]


def lstm_net(weights, x, key, keep):
    h = x.transpose(1, 0, 2) @ weights["dense.kernel"] + weights["dense.bias"]
    for layer, key in enumerate(jax.random.split(key)):
        cell = f"rnn.multi_rnn_cell.cell_{layer}.basic_lstm_cell"
        h = dropout(key, lstm_layer(weights[f"{cell}.kernel"], weights[f"{cell}.bias"], h), keep)
    return h[-1] @ weights["logits.kernel"] + weights["logits.bias"]


def cnn_net(weights, x, key, keep):
    h = x
    for name in ("conv1d", "conv1d_1", "conv1d_2"):
        h = jax.lax.conv_general_dilated(h, weights[f"{name}.kernel"], (1,), "SAME",
                                         dimension_numbers=("NWC", "WIO", "NWC"))
        h = jax.nn.relu(h + weights[f"{name}.bias"])
        h = jax.lax.reduce_window(h, -jnp.inf, jax.lax.max, (1, 4, 1), (1, 4, 1), "SAME")
    h = dropout(key, h.reshape(-1, 144), keep)
    return h @ weights["dense.kernel"] + weights["dense.bias"]


class Training:
    def __init__(self, net, clip, data):
        self.x, self.y = data["x"], data["y"]

        def loss_of(weights, x, y, key, keep):
            logits = net(weights, x, key, keep)
            return -(y * jax.nn.log_softmax(logits)).sum(1).mean(), logits

        def step(state, x, y, keep):
            weights, m, v, count, key = state
            key, use = jax.random.split(key)
            (loss, _), gradients = jax.value_and_grad(loss_of, has_aux=True)(weights, x, y, use, keep)
            if clip:
                gradients = jax.tree.map(lambda g: jnp.clip(g, -1, 1), gradients)
            count = count + 1
            m = jax.tree.map(lambda m, g: B1 * m + (1 - B1) * g, m, gradients)
            v = jax.tree.map(lambda v, g: B2 * v + (1 - B2) * g * g, v, gradients)
            rate = server.LEARNING_RATE * jnp.sqrt(1 - B2**count) / (1 - B1**count)
            weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, m, v)
            return (weights, m, v, count, key), loss

        self.first = jax.jit(jax.value_and_grad(loss_of, has_aux=True), static_argnums=4)
        self.run = jax.jit(step, static_argnums=3, donate_argnums=0)
        self.reset(data)

    def reset(self, data):
        weights = {name: jnp.array(value) for name, value in data.trained().items()}
        zeros = lambda: jax.tree.map(jnp.zeros_like, weights)  # noqa: E731
        self.state = (weights, zeros(), zeros(), jnp.float32(0), jax.random.key(1, impl="rbg"))

    def step(self, keep=server.KEEP):
        self.state, loss = self.run(self.state, self.x, self.y, keep)
        return float(loss)

    def check(self, data, results):
        self.reset(data)
        (loss, logits), gradients = self.first(self.state[0], self.x, self.y, self.state[4], 1)
        server.save(results, logits=logits, loss=loss)
        server.save_gradients(results, gradients)
        self.step(1)
        self.step(1)
        server.save(results, loss_after_2_steps=numpy.float32(self.step(1)))


class LstmInference:
    def __init__(self, sizes, data):
        self.x = data["x"]
        self.weights = {name: jnp.array(value) for name, value in data.trained().items()}
        self.run = jax.jit(lambda weights, x: lstm_net(weights, x, jax.random.key(1), 1))

    def step(self):
        return numpy.asarray(self.run(self.weights, self.x))

    def check(self, data, results):
        server.save(results, logits=self.step())


class EmptyRun:
    def __init__(self, sizes, data):
        self.run = jax.jit(lambda x: x)
        self.x = numpy.float32(1.5)

    def step(self):
        return numpy.asarray(self.run(self.x))

    def check(self, data, results):
        server.save(results, y=self.step())


server.serve(
    {"lstm_training": lambda sizes, data: Training(lstm_net, True, data),
     "lstm_inference": LstmInference,
     "cnn_training": lambda sizes, data: Training(cnn_net, False, data),
     "empty_run": EmptyRun},
    {"version": jax.__version__})
