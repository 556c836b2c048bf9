"""How a peer is spoken with: one JSON object a line, requests on standard input, answers on
standard output.

    {"do": "facts"}                                       {"version": "2.21.0"}
    {"do": "prepare", "workload": {...}, "data": FOLDER}  {"seconds": 1.2}   built and first step run
    {"do": "check", "data": FOLDER, "results": FOLDER}    {}                 what is compared, as .npy
    {"do": "run", "groups": 3, "steps": 10}               {"seconds": [..]}  a step's mean in each group
    {"do": "warm", "workloads": [...]}                    {}                 build these, for later
    {"do": "memory"}                                      {"bytes": 1e9}     most this process has had
    {"do": "drop"}                                        {}                 forget the workload

An answer {"error": "..."} says what went wrong. Weights and inputs are .npy files; a variable
"dense/kernel" lies in dense.kernel.npy.
"""

import argparse
import gc
import json
import os
import pathlib
import sys
import time
import traceback

import numpy

LEARNING_RATE = 5e-4
KEEP = 0.5


class Weights(dict):
    """The .npy files of a folder by their names without the ending."""

    def __init__(self, folder):
        files = sorted(pathlib.Path(folder).glob("*.npy"))
        super().__init__((file.stem, numpy.load(file)) for file in files)

    def trained(self):
        """The variables, without what is fed."""
        return {name: value for name, value in self.items() if "." in name}


def save(folder, **values):
    for name, value in values.items():
        numpy.save(pathlib.Path(folder) / f"{name}.npy", numpy.asarray(value))


def save_gradients(folder, gradients):
    save(folder, **{f"gradient.{name}": value for name, value in gradients.items()})


def threads():
    """How many threads a run may use; OMP_NUM_THREADS and the processor mask say the same."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    return parser.parse_args().threads


def peak_memory():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024


def run(workload, groups, steps):
    seconds = []
    for _ in range(groups):
        start = time.perf_counter()
        for _ in range(steps):
            workload.step()
        seconds.append((time.perf_counter() - start) / steps)
    return seconds


def warm(kinds, workload, data):
    """Builds a workload that the peer keeps, and runs it once on a single row."""
    few = Weights(data)
    for name in ("x", "y"):
        few[name] = few[name][:1]
    kinds[workload["kind"]](workload, few).step()


def serve(kinds, facts):
    """`kinds` makes a workload with step() and check(data, results) from its sizes and data."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    workload = None
    for line in sys.stdin:
        request = json.loads(line)
        what = request.pop("do")
        try:
            answer = {}
            if what == "facts":
                answer = facts
            elif what == "prepare":
                start = time.perf_counter()
                workload = kinds[request["workload"]["kind"]](request["workload"], Weights(request["data"]))
                workload.step()
                answer = {"seconds": time.perf_counter() - start}
            elif what == "warm":
                for each in request["workloads"]:
                    warm(kinds, **each)
            elif what == "check":
                workload.check(Weights(request["data"]), request["results"])
            elif what == "run":
                answer = {"seconds": run(workload, **request)}
            elif what == "memory":
                answer = {"bytes": peak_memory()}
            elif what == "drop":
                workload = None
                gc.collect()
            else:
                answer = {"error": f"unknown request '{what}'"}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
