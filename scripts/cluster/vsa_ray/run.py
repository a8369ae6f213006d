"""The command line, and the run from there to RESULTS."""

import argparse
import json
import logging
import os
import shutil
import signal
import sys
import time

import ray

import vsa_ray

from .items import Lister
from .problem import Problem
from .results import Results
from .schedule import Schedule, room
from .worker import Worker

# Options of vsa batch that the runner takes care of, or that make no sense on many machines.
OF_ONE_MACHINE = ["--output", "--jobs", "--shard", "--dry-run", "--list", "--fail-fast", "--prune", "--force", "--verbose", "--log-level"]
INTERRUPTED = 130


def parse(arguments):
    """The runner's own options; `results`, `inputs` and what vsa is to get, `options`, beside them."""
    parser = argparse.ArgumentParser(
        prog="scripts/cluster/ray",
        usage="%(prog)s RESULTS INPUT... [OPTION...]",
        description="vsa batch on a Ray cluster. INPUT is as of vsa batch, or a URL of fsspec (s3://, gs://, ...). Other options are those of vsa batch.",
        allow_abbrev=False,
    )
    parser.add_argument("--address", help="of the cluster (default: $RAY_ADDRESS, else the one that runs here, else this machine alone)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="cores of each worker, a vsa that does one video at a time (default: 1)")
    parser.add_argument("--workers", type=int, metavar="N", help="how many, so that the cluster grows where it can (default: as many as it has cores for)")
    parser.add_argument("--limit", type=float, default=3600, metavar="SECONDS", help="that a video may take (default: 3600)")
    parser.add_argument("--retry-failed", action="store_true", help="computes again what failed in an earlier run")
    parser.add_argument("--quiet", action="store_true", help="errors alone on stderr")
    first = next((i for i, one in enumerate(arguments) if one.startswith("-") and one != "-"), len(arguments))
    options, rest = parser.parse_known_args(arguments[first:])
    if first < 2:
        parser.error("expected RESULTS and an INPUT, before the options")
    for one in rest:
        if one.partition("=")[0] in OF_ONE_MACHINE:
            parser.error(f"{one} has no meaning here")
    if options.threads < 1 or options.limit <= 0 or (options.workers or 1) < 1:
        parser.error("--threads, --limit and --workers are greater than 0")
    options.results, options.inputs, options.options = arguments[0], arguments[1:first], rest
    if not any(one.partition("=")[0] == "--dtype" for one in rest):
        options.options += ["--dtype", "fp32"]  # machines may differ in whether they compute bf16 natively
    return options


def failure_line(item, message):
    """As vsa writes it of a fault of its own."""
    line = {"schema": "vsa.result/1", "id": item.id, "date": item.date, "item": item.item, "key": item.key}
    if item.date is None:
        del line["date"]
    line |= {"video": {"path": item.video}, "error": {"kind": "internal", "message": message}}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Run:
    """What is known of a run while it goes on."""

    def __init__(self, items, results, options):
        self.results = results
        self.quiet = options.quiet
        self.kept = self.kept_failures = self.computed = self.failed = self.changed = 0
        self.to_do = []
        for item in items:
            line = results.last.get(item.item)
            if line and line.key == item.key and not (line.failed and options.retry_failed):
                self.kept += not line.failed
                self.kept_failures += line.failed
            else:
                self.to_do.append(item)
        self.told = time.monotonic()

    def finished(self, item, outcome):
        self.changed += outcome.key != item.key
        if not outcome.failed:
            self.results.append(outcome.line, item.item, outcome.key, False)
            self.computed += 1
        else:
            self._fail(item, outcome.line, outcome.key, json.loads(outcome.line)["error"]["message"])
        self._tell_progress()

    def given_up(self, item, message):
        self._fail(item, failure_line(item, message), item.key, message)
        self._tell_progress()

    def _fail(self, item, line, key, message):
        self.failed += 1
        earlier = self.results.last.get(item.item)
        if earlier and not earlier.failed:
            message += "; its earlier result stays"
        else:
            self.results.append(line, item.item, key, True)
        say(message)

    def _tell_progress(self):
        if not self.quiet and time.monotonic() > self.told + 10:
            self.told = time.monotonic()
            say(f"{self.computed + self.failed} of {len(self.to_do)}, {self.failed} failed")

    def summary(self, name, left):
        if self.kept_failures:
            yield f"{name}: failures of an earlier run kept: {self.kept_failures}; --retry-failed computes again"
        if self.changed:
            yield (
                f"{name}: lines with other keys than planned: {self.changed}; a video has changed meanwhile, or a machine "
                "has another vsa or bundle; start again"
            )
        yield f"{self.computed} computed, {self.kept} kept, {self.failed + self.kept_failures} failed" + (f", {left} left" if left else "")


def say(message):
    print(f"ray: {message}", file=sys.stderr, flush=True)


class Signals:
    """The first Ctrl-C, or SIGTERM, lets the running videos finish, the second ends at once."""

    def __init__(self):
        self.stopped = False
        for one in signal.SIGINT, signal.SIGTERM:
            signal.signal(one, self._handle)

    def _handle(self, *_):
        if self.stopped:
            raise KeyboardInterrupt
        self.stopped = True


def connect(options):
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # The machines need Ray and vsa, not these scripts.
    ray.cloudpickle.register_pickle_by_value(vsa_ray)
    try:
        ray.init(address=options.address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError) as error:
        raise Problem(f"{options.address}: no Ray cluster answers: {error}") from error


def compute(state, vsa, options):
    """Gives how many items were not begun, and whether the run was interrupted."""
    connect(options)
    signals = Signals()  # after Ray's own
    try:
        if not options.workers and room(options.threads) == 0:
            raise Problem(f"--threads {options.threads}: no machine of the cluster has so many cores", 2)
        actor = ray.remote(num_cpus=options.threads, scheduling_strategy="SPREAD")(Worker)
        one = ["--jobs", "1", "--threads", str(options.threads), "--quiet"]
        command = [vsa, "batch", "-", "--output", "-", *one, *options.options]
        environment = {name: value for name, value in os.environ.items() if name.startswith("VSA_")}
        left = Schedule(
            state.to_do,
            start_worker=lambda: actor.remote(command, environment, os.getcwd(), options.limit),
            wanted=lambda: options.workers or room(options.threads),
            finished=state.finished,
            given_up=state.given_up,
            stopped=lambda: signals.stopped,
        ).run()
        return left, signals.stopped
    finally:
        ray.shutdown()


def run(options):
    vsa = shutil.which(os.environ.get("VSA", "vsa"))
    if vsa is None:
        raise Problem(f"{os.environ.get('VSA', 'vsa')}: no such program; expected vsa in PATH, or its path in VSA")
    vsa = os.path.abspath(vsa)
    results = Results(options.results)
    left, interrupted = 0, False
    try:
        lister = Lister(vsa, options.options)
        items = lister.list(options.inputs)
        state = Run(items, results, options)
        try:
            if state.to_do:
                left, interrupted = compute(state, vsa, options)
        finally:
            if results.lines:
                results.arrange([item.item for item in items])
    finally:
        results.close()
    if not options.quiet:
        for line in state.summary(options.results, left):
            say(line)
    if interrupted:
        return INTERRUPTED
    return 1 if state.failed or state.kept_failures or lister.failed else 0


def main(arguments):
    options = parse(arguments)
    try:
        return run(options)
    except Problem as problem:
        if str(problem):
            say(problem)
        return problem.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
