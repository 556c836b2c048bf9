"""The tables of a comparison, and their place in benchmarks/README.md."""

import pathlib
import sys

from peer import OURS, TITLES

README = pathlib.Path(__file__).parent.parent / "README.md"
BEGIN = "<!-- written by ./dev bench --compare --write -->"
END = "<!-- end -->"


def number(value):
    """Three significant digits, no exponent."""
    if value is None:
        return "-"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{digits}f}"


def row_of(workload, row, machine):
    figures = row["figures"]
    ours = figures[OURS]
    theirs = [value for name, value in figures.items() if name != OURS]
    ratio = ours / min(theirs) if theirs else None
    cells = [workload.label, f"**{number(ours)}** {workload.unit}"]
    cells += [number(figures.get(name)) if name in figures else "failed" if name in row["errors"] else ""
              for name in list(TITLES)[1:]]
    reached = None
    if workload.limit is not None:
        reached = ours < workload.limit
    elif workload.aim is not None and ratio is not None:
        reached = ratio <= workload.aim
    cells.append("" if ratio is None else f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.3f}")
    cells.append(workload.aim_text() + {None: "", True: " ✓", False: " ✗"}[reached])
    if workload.flops():
        arithmetic = workload.flops() / machine["gflops"] * 1e-6
        floor = max(arithmetic, workload.bytes() / machine["gigabytes_per_second"] * 1e-6)
        cells += [f"{number(floor)} ms", f"{arithmetic / ours:.0%}"]
    else:
        cells += ["", ""]
    return cells


def table(results, workloads, threads):
    heads = ["workload", *TITLES.values(), "ratio", "aim", "floor", "of peak"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    notes = []
    for workload in workloads:
        row = results["rows"].get(f"{workload.label}, {threads} threads")
        if row is None:
            continue
        lines.append("| " + " | ".join(row_of(workload, row, results["facts"].get(f"{threads} threads"))) + " |")
        if workload.note:
            notes.append(f"{workload.label}: {workload.note}.")
        notes += [f"{workload.label}: {error}." for error in row["errors"].values()]
    if len(lines) == 2:
        return ""
    return "\n".join(lines) + "\n" + "".join(f"\n- {note}" for note in notes) + ("\n" if notes else "")


def tables(results, workloads, options):
    facts = results["facts"]
    versions = ", ".join(f"{title} {facts[name]}" for name, title in TITLES.items() if name in facts)
    commit = f", graphc at {facts['commit']}" if facts.get("commit") else ""
    text = f"{facts['date']}, {facts['processor']}{commit}; {versions}.\n"
    if options.quick:
        text += "A quick run: too short to judge by.\n"
    if options.note:
        text += options.note.rstrip(".") + ".\n"
    for threads in options.threads:
        part = table(results, workloads, threads)
        if not part:
            continue
        machine = facts.get(f"{threads} threads")
        limits = "" if machine is None else (f": {machine['gflops']:.0f} GFLOP/s in a large matrix product, "
                                             f"{machine['gigabytes_per_second']:.1f} GB/s")
        text += f"\n### {threads} thread{'s' if threads > 1 else ''}{limits}\n\n{part}"
    return text


def write(text):
    page = README.read_text()
    if BEGIN not in page or END not in page:
        sys.exit(f"{README} has no place for the tables: {BEGIN} ... {END}")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    README.write_text(f"{before}{BEGIN}\n{text}{END}{after}")
