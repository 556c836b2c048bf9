#!/usr/bin/env python3
"""Runs the same workloads in graphc and its peers, in turns, and prints a table.

Each peer is a process that stays alive; before anything is timed, its outputs are compared with
graphc's for the same weights and inputs. Started by `./dev bench --compare`.
"""

import argparse
import datetime
import json
import pathlib
import platform
import re
import shutil
import statistics
import sys
import time

import numpy

import report
from peer import OURS, TITLES, Peer, PeerError
from workloads import WORKLOADS, data_for

# Relative to the largest element. Sums of some hundred float32 terms in another order; gradients
# carry the difference over 128 steps; an optimizer step divides by a gradient's size.
TOLERANCES = {"logits": 1e-4, "loss": 1e-4, "outputs": 1e-4, "gradient": 1e-3, "loss_after_2_steps": 1e-3,
              "y": 0}
ROW_SECONDS = 20  # that all rounds of a workload take together, where that is enough for three
PAUSE = 0.02  # seconds between two peers' turns: waiting threads of the last one go to sleep


class Comparison:
    def __init__(self, options):
        self.options = options
        self.build = options.build
        self.folder = options.build / "compare"
        self.results_file = self.folder / "results.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.results = {"rows": {}, "facts": {}}
        if options.resume and self.results_file.exists():
            self.results = json.loads(self.results_file.read_text())
        self.peers = {}
        self.selected = [w for w in WORKLOADS if re.search(options.only, w.label)]

    def wanted(self):
        """Rows still to be measured."""
        for workload in self.selected:
            for threads in workload.threads:
                if threads in self.options.threads and self.key(workload, threads) not in self.results["rows"]:
                    yield workload, threads

    @staticmethod
    def key(workload, threads):
        return f"{workload.label}, {threads} threads"

    def peer(self, name, threads):
        if (name, threads) not in self.peers:
            self.peers[name, threads] = Peer(name, threads, self.build)
        return self.peers[name, threads]

    def data(self, workload):
        folder = self.folder / "data" / re.sub(r"\W+", "-", json.dumps(workload.request()))
        if not folder.exists():
            unfinished = folder.with_suffix(".tmp")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            for name, values in data_for(workload).items():
                numpy.save(unfinished / f"{name}.npy", values)
            unfinished.rename(folder)
        return str(folder)

    def run(self):
        rows = list(self.wanted())
        self.start_peers(rows)
        for workload, threads in rows:
            started = time.monotonic()
            measure = self.measure_fresh if workload.fresh else self.measure_in_turns
            figures, errors = measure(workload, threads)
            self.results["rows"][self.key(workload, threads)] = {"figures": figures, "errors": errors}
            self.results_file.write_text(json.dumps(self.results, indent=1))
            text = ", ".join(f"{TITLES[name]} {report.number(value)}" for name, value in figures.items())
            print(f"{self.key(workload, threads)}: {text} {workload.unit}"
                  f" ({time.monotonic() - started:.0f} s)", flush=True)
            for error in errors.values():
                print(f"  {error}", flush=True)
        for peer in self.peers.values():
            peer.close()

    def start_peers(self, rows):
        """Starts all that are needed; TensorFlow builds its graphs on all cores before any is timed."""
        facts = self.results["facts"]
        facts["date"] = datetime.date.today().isoformat()
        facts["processor"] = processor()
        facts["commit"] = self.options.commit
        in_turns = [(w, threads) for w, threads in rows if not w.fresh]
        started = time.monotonic()
        for workload, threads in in_turns:
            for name in (OURS, *workload.peers):
                self.peer(name, threads)
        for (name, threads), peer in self.peers.items():
            if name == "tensorflow":
                known = {}
                for workload, row_threads in in_turns:
                    if row_threads == threads and name in workload.peers and workload.kind.startswith("lstm"):
                        sizes = workload.sizes
                        known.setdefault((workload.kind, sizes["H"], sizes["T"]),
                                         {"workload": workload.request(), "data": self.data(workload)})
                peer.send("warm", workloads=list(known.values()))
        for (name, threads), peer in self.peers.items():
            if name == "tensorflow":
                peer.answer()
        for (name, threads), peer in self.peers.items():
            if name == OURS:
                facts[f"{threads} threads"] = peer.ask("facts")
            else:
                facts[name] = peer.ask("facts")["version"]
        print(f"started and built in {time.monotonic() - started:.0f} s", flush=True)

    def measure_in_turns(self, workload, threads):
        data, errors, ready, samples = self.data(workload), {}, [], {}
        round_seconds = 0
        for name in (OURS, *workload.peers):
            peer = self.peer(name, threads)
            try:
                peer.ask("prepare", workload=workload.request(), data=data)
                self.check(peer, workload, data)
                peer.ask("run", groups=1, steps=1)
                step = peer.ask("run", groups=1, steps=2)["seconds"][0]
                # Steps short beside the clock and the call are timed in groups.
                steps = max(1, round(2e-3 / step))
                groups = max(1, round(self.options.turn / (step * steps)))
                ready.append((peer, {"groups": groups, "steps": steps}))
                round_seconds += step * steps * groups
                samples[name] = []
            except PeerError as error:
                if name == OURS:
                    raise
                errors[name] = str(error)
        # Slow workloads get fewer rounds, but three.
        fitting = max(3, int(ROW_SECONDS / round_seconds))
        for _ in range(min(self.options.rounds, fitting)):
            for peer, turn in ready:
                time.sleep(PAUSE)
                samples[peer.name] += peer.ask("run", **turn)["seconds"]
        for peer, _ in ready:
            peer.ask("drop")
        scale = {"ms": 1e3, "µs": 1e6}[workload.unit]
        return {name: statistics.median(seconds) * scale for name, seconds in samples.items()}, errors

    def check(self, peer, workload, data):
        """Raises PeerError where the peer's outputs are not ours."""
        folder = self.folder / "checked"
        folder_of = lambda name: folder / name  # noqa: E731
        shutil.rmtree(folder_of(peer.name), ignore_errors=True)
        folder_of(peer.name).mkdir(parents=True)
        peer.ask("check", data=data, results=str(folder_of(peer.name)))
        if peer.name == OURS:
            return
        compared = 0
        for file in sorted(folder_of(peer.name).glob("*.npy")):
            ours, theirs = numpy.load(folder_of(OURS) / file.name), numpy.load(file)
            if ours.shape != theirs.shape:
                raise PeerError(f"{peer.name}: {file.stem} is {theirs.shape}, ours {ours.shape}")
            allowed = TOLERANCES[file.stem.split(".")[0]]
            apart = float(numpy.abs(ours - theirs).max() / max(numpy.abs(ours).max(), 1e-12))
            if not apart <= allowed:
                raise PeerError(f"{peer.name}: {file.stem} is {apart:.1e} from ours, {allowed:g} is allowed")
            compared += 1
        if compared == 0:
            raise PeerError(f"{peer.name} gave nothing to compare")

    def measure_fresh(self, workload, threads):
        """The first steps of a new process."""
        data, figures, errors = self.data(workload), {}, {}
        for name in (OURS, *workload.peers):
            cache = "off"
            if workload.kernel_cache:
                cache = str(self.folder / "kernels")
                shutil.rmtree(cache, ignore_errors=True)
                self.first_step(name, threads, workload, data, cache)
            try:
                figures[name] = self.first_step(name, threads, workload, data, cache)
            except PeerError as error:
                if name == OURS:
                    raise
                errors[name] = str(error)
        return figures, errors

    def first_step(self, name, threads, workload, data, cache):
        peer = Peer(name, threads, self.build, cache)
        try:
            peer.ask("facts") if name != OURS else None  # it has started
            seconds = peer.ask("prepare", workload=workload.request(), data=data)["seconds"]
            if workload.fresh == "seconds":
                return seconds
            peer.ask("run", groups=1, steps=3)
            return peer.ask("memory")["bytes"] / 1e6
        finally:
            peer.close()


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --compare", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two short rounds, to see that everything works")
    parser.add_argument("--only", default="", metavar="REGEX", help="workloads whose label matches")
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")], default=[2, 1],
                        metavar="N,N", help="numbers of threads (default 2,1)")
    parser.add_argument("--resume", action="store_true", help="keep the rows that an unfinished run has measured")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    parser.add_argument("--note", default="", help="a sentence for the table: what else the machine did")
    parser.add_argument("--build", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--commit", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.build = options.build.absolute()
    options.rounds, options.turn = (2, 0.05) if options.quick else (7, 0.25)
    comparison = Comparison(options)
    if not comparison.selected:
        parser.error(f"no workload's label matches '{options.only}'; there are\n  "
                     + "\n  ".join(w.label for w in WORKLOADS))
    try:
        comparison.run()
    except PeerError as error:
        sys.exit(f"compare: {error}")
    text = report.tables(comparison.results, comparison.selected, options)
    print("\n" + text)
    if options.write:
        report.write(text)


if __name__ == "__main__":
    main()
