"""A peer's process, seen from the driver; peers/server.py says what is spoken."""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
OURS = "graphc"
PROGRAMS = {OURS: "graphc-peer", "onednn": "onednn-peer"}
TITLES = {OURS: "graphc", "tensorflow": "TensorFlow", "pytorch": "PyTorch", "jax": "JAX",
          "onnxruntime": "ONNX Runtime", "onednn": "oneDNN"}


class PeerError(Exception):
    pass


class Peer:
    """Alive until closed. It may run on `threads` processors and no others."""

    def __init__(self, name, threads, build, kernel_cache="off"):
        self.name = name
        program = PROGRAMS.get(name)
        command = [str(build / "bin" / program)] if program else [
            sys.executable, str(HERE / "peers" / f"{name}_peer.py")]
        processors = sorted(os.sched_getaffinity(0))[-threads:]
        if len(processors) < threads:
            raise PeerError(f"{threads} threads are asked for, {len(processors)} processors are there")
        environment = os.environ | {"OMP_NUM_THREADS": str(threads), "GRAPHC_KERNEL_CACHE": kernel_cache}
        log = build / "compare" / f"{name}-{threads}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = os.path.relpath(log)
        self.process = subprocess.Popen(
            [*command, "--threads", str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=open(log, "w"), text=True, env=environment,
            preexec_fn=lambda: os.sched_setaffinity(0, processors))

    def send(self, what, **request):
        self.process.stdin.write(json.dumps({"do": what, **request}) + "\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise PeerError(f"{self.name} ended with {self.process.wait()}; its words are in {self.log}")
        answer = json.loads(line)
        if "error" in answer:
            raise PeerError(f"{self.name}: {answer['error']}; its words are in {self.log}")
        return answer

    def ask(self, what, **request):
        self.send(what, **request)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()
