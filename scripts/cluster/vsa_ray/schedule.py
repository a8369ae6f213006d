"""Who does which item: a worker for each share of cores that the Ray cluster has, as it grows and shrinks."""

import time
from collections import deque

import ray

from .problem import Problem

# How often an item may end vsa, or be lost with its machine, until it is its own fault.
TRIES = 2
LOSSES = 3
# How many workers in a row may end as they start, until it is no machine's fault.
STARTS = 10


def room(threads):
    """How many workers the machines that are there now have cores for."""
    return sum(int(node["Resources"].get("CPU", 0) // threads) for node in ray.nodes() if node["Alive"])


class Schedule:
    def __init__(self, items, start_worker, wanted, finished, given_up, stopped):
        """start_worker() gives an actor of Worker, wanted() how many there are to be. finished(item, outcome) and
        given_up(item, message) get each item once; once stopped() is true, no more are begun."""
        self.waiting = deque(items)
        self.again = deque()  # for the end: they have ended vsa once
        self.start_worker, self.wanted = start_worker, wanted
        self.finished, self.given_up, self.stopped = finished, given_up, stopped
        self.starting, self.idle, self.working = {}, [], {}  # {call: worker}, [worker], {call: (worker, item)}
        self.tries, self.losses, self.failed_starts = {}, {}, 0

    def run(self):
        """Gives how many items were not begun. Raises Problem if a machine cannot compute anything."""
        while self.working or ((self.waiting or self.again) and not self.stopped()):
            if not self.stopped():
                self._start_workers()
                self._give_items()
            calls = [*self.working, *self.starting]
            if not calls:
                time.sleep(0.2)  # no machine is there
                continue
            done, _ = ray.wait(calls, timeout=0.2)
            for call in done:
                self._take(call)
        return len(self.waiting) + len(self.again)

    def workers(self):
        return len(self.idle) + len(self.working)

    def _start_workers(self):
        to_do = len(self.waiting) + len(self.again) + len(self.working)
        for _ in range(min(self.wanted(), to_do) - self.workers() - len(self.starting)):
            worker = self.start_worker()
            self.starting[worker.machine.remote()] = worker

    def _give_items(self):
        while self.idle and (self.waiting or self.again):
            worker, item = self.idle.pop(), (self.waiting or self.again).popleft()
            self.working[worker.compute.remote(item)] = worker, item

    def _take(self, call):
        if call in self.starting:
            self._take_worker(self.starting.pop(call), call)
            return
        worker, item = self.working.pop(call)
        try:
            outcome = ray.get(call)
        except ray.exceptions.RayTaskError as error:
            self.idle.append(worker)
            self._ended(item, f"{item.video}: {type(error.cause).__name__}: {error.cause}")
            return
        except ray.exceptions.RayError:
            self._drop(worker)
            self._lost(item)
            return
        if outcome.broken:
            raise Problem(outcome.broken)
        self.idle.append(worker)
        if outcome.crash:
            self._ended(item, outcome.crash)
        else:
            self.finished(item, outcome)

    def _take_worker(self, worker, call):
        try:
            ray.get(call)
        except ray.exceptions.RayError as error:
            self._drop(worker)
            self.failed_starts += 1
            if self.failed_starts == STARTS:
                raise Problem(f"no worker can be started: {' '.join(str(error).split())}") from error
        else:
            self.idle.append(worker)
            self.failed_starts = 0

    def _drop(self, worker):
        # Perhaps it cannot be reached just now; it must not go on by itself.
        ray.kill(worker)

    def _ended(self, item, how):
        self.tries[item.item] = self.tries.get(item.item, 0) + 1
        if self.tries[item.item] < TRIES:
            self.again.append(item)
        else:
            self.given_up(item, f"{how}, twice; expected a result")

    def _lost(self, item):
        self.losses[item.item] = self.losses.get(item.item, 0) + 1
        if self.losses[item.item] < LOSSES:
            self.waiting.appendleft(item)
        else:
            self.given_up(item, f"{item.video}: was lost with the machine that it ran on, {LOSSES} times; expected a result")
