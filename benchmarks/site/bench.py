#!/usr/bin/env python3
"""Times `sslbook build` on generated books beside cmark, pandoc and Hugo, in the same run.

Every figure is the median over rounds of the CPU seconds (user + system, children included) of a
whole process; within a round every tool runs once, so that ratios compare like with like. Peak
memory is the largest resident set of the process. cmark only parses and prints; Hugo renders no
formula; pandoc writes MathML; sslbook renders every formula and colours every code block.

    benchmarks/site/bench.py [--rounds 5] [--large 500] [--largest 2000] [--quick]
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from synthetic_book import make_book

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SSLBOOK = os.environ.get("SSLBOOK", os.path.join(ROOT, ".build", "release", "sslbook"))


class Cost:
    def __init__(self, cpu, wall, megabytes):
        self.cpu, self.wall, self.megabytes = cpu, wall, megabytes


def measure(commands, folder):
    """Runs the commands one after another; the sum of their CPU time, the largest of their memory."""
    cpu = wall = megabytes = 0
    for command in commands:
        start = time.monotonic()
        with open(os.devnull, "w") as nothing:
            process = subprocess.Popen(command, cwd=folder, stdout=nothing, stderr=subprocess.PIPE)
            errors = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit("%s failed:\n%s" % (" ".join(command[:4]), errors.decode()[:2000]))
        cpu += usage.ru_utime + usage.ru_stime
        wall += time.monotonic() - start
        megabytes = max(megabytes, usage.ru_maxrss / 1024)
    return Cost(cpu, wall, megabytes)


def median(costs):
    return Cost(*(statistics.median(getattr(c, name) for c in costs)
                  for name in ("cpu", "wall", "megabytes")))


def clean(folder, *names):
    for name in names:
        shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def edit(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


class Suite:
    def __init__(self, folder, rounds):
        self.folder, self.rounds = folder, rounds
        self.rows = []

    def book(self, dialect, chapters, cells=0):
        folder = os.path.join(self.folder, "%s-%d-%d" % (dialect, chapters, cells))
        return folder, make_book(dialect, folder, chapters, cells=cells)

    def row(self, what, tool, cost, goal=None):
        self.rows.append((what, tool, cost, goal))
        goal = "" if goal is None else "goal %.2f%s" % (goal, "" if cost.cpu <= goal else "  MISSED")
        print("%-34s %-10s %8.3f CPU s %8.3f s %7.0f MB  %s"
              % (what, tool, cost.cpu, cost.wall, cost.megabytes, goal), flush=True)

    def ratios(self, what):
        costs = {tool: cost for row, tool, cost, _ in self.rows if row == what}
        ours = costs.pop("sslbook").cpu
        print("%-34s %s" % ("", ", ".join("%s/sslbook %.2f" % (tool, cost.cpu / ours)
                                          for tool, cost in costs.items())), flush=True)

    def static(self, chapters, rounds, goal, peers):
        """Nothing executed, everything rendered anew."""
        what = "%d chapters, cold" % chapters
        ours, _ = self.book("sslbook", chapters)
        plain, plain_paths = self.book("plain", chapters)
        hugo, _ = self.book("hugo", chapters)
        out = os.path.join(plain, "out")
        os.makedirs(out, exist_ok=True)
        tools = {
            "sslbook": (ours, [[SSLBOOK, "build"]]),
            "cmark": (plain, [["cmark", path] for path in plain_paths]),
            "hugo": (hugo, [["hugo", "--quiet"]]),
            "pandoc": (plain, [["pandoc", "-s", "--mathml", "--toc", path, "-o",
                                os.path.join(out, "page.html")] for path in plain_paths]),
        }
        tools = {name: tools[name] for name in ["sslbook"] + peers}
        costs = {name: [] for name in tools}
        for _ in range(rounds):
            clean(ours, "site", ".sslbook")
            clean(hugo, "public", "resources")
            for name, (folder, commands) in tools.items():
                costs[name].append(measure(commands, folder))
        for name in tools:
            self.row(what, name, median(costs[name]), goal if name == "sslbook" else None)
        if peers:
            self.ratios(what)

    def warm(self, chapters, rounds, goals=(None, None)):
        ours, paths = self.book("sslbook", chapters)
        measure([[SSLBOOK, "build"]], ours)
        unchanged, edited = [], []
        for number in range(rounds):
            unchanged.append(measure([[SSLBOOK, "build"]], ours))
            edit(paths[len(paths) // 2], "\nOne more sentence, number %d.\n" % number)
            edited.append(measure([[SSLBOOK, "build"]], ours))
        self.row("%d chapters, nothing changed" % chapters, "sslbook", median(unchanged), goals[0])
        self.row("%d chapters, one prose edit" % chapters, "sslbook", median(edited), goals[1])

    def executed(self, rounds):
        ours, paths = self.book("sslbook", 1, cells=10)
        cold, edited = [], []
        for number in range(rounds):
            clean(ours, "site", ".sslbook")
            cold.append(measure([[SSLBOOK, "build"]], ours))
            edit(paths[0], "\nOne more sentence, number %d.\n" % number)
            edited.append(measure([[SSLBOOK, "build"]], ours))
        self.row("1 chapter of 10 cells, cold", "sslbook", median(cold), 1.0)
        self.row("1 chapter of 10 cells, prose edit", "sslbook", median(edited), 0.05)

    def real(self):
        """The book of this repository, in a copy."""
        folder = os.path.join(self.folder, "real")
        for name in ("chapters", "images"):
            shutil.copytree(os.path.join(ROOT, name), os.path.join(folder, name))
        cold = measure([[SSLBOOK, "build"]], folder)
        warm = measure([[SSLBOOK, "build"]], folder)
        self.row("the real book, cold (wall < 60 s)", "sslbook", cold)
        self.row("the real book, nothing changed", "sslbook", warm, 0.3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", type=int, default=500)
    parser.add_argument("--largest", type=int, default=2000)
    parser.add_argument("--quick", action="store_true", help="10 chapters and the cells only")
    options = parser.parse_args()
    for tool in ("cmark", "pandoc", "hugo"):
        if not shutil.which(tool):
            sys.exit("bench: %s is missing; on Debian: apt-get install cmark pandoc hugo" % tool)
    with tempfile.TemporaryDirectory(prefix="sslbook-bench-") as folder:
        suite = Suite(folder, options.rounds)
        suite.static(10, options.rounds, 0.2, ["cmark", "hugo", "pandoc"])
        suite.executed(options.rounds)
        if not options.quick:
            suite.static(options.large, min(3, options.rounds), 8.0, ["cmark", "hugo", "pandoc"])
            suite.warm(options.large, options.rounds, goals=(0.2, 0.5))
            suite.static(options.largest, 1, None, [])
            suite.warm(options.largest, 1)
            suite.real()


if __name__ == "__main__":
    main()
