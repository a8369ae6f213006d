"""One `vsa batch -` that is kept warm on a machine, so that weights are loaded once. It gets one item at a time: what ends it
is that item's fault. Knows nothing of Ray."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

from .remote import Fetched, is_url


@dataclass
class Outcome:
    """Of an item on a machine: its line, as bytes, or what went wrong."""

    line: bytes = b""
    failed: bool = False  # the line tells a failure
    key: str = ""  # of the line
    crash: str = ""  # the item ended vsa, or took too long, or could not be fetched
    broken: str = ""  # nothing can be computed on this machine


class Ended(Exception):
    pass


class Worker:
    def __init__(self, command, environment, folder, limit):
        """`command` is vsa with its options, which runs in `folder` where that is there. An item may take `limit` seconds."""
        self.command = command
        self.environment = environment
        self.folder = folder
        self.limit = limit
        self.process = None

    def machine(self):
        return socket.gethostname()

    def compute(self, item):
        fetched = Fetched(tempfile.mkdtemp(prefix="vsa-ray-")) if is_url(item.video) or is_url(item.subs or "") else None
        try:
            return self._compute(item, fetched, time.monotonic() + self.limit)
        finally:
            if fetched:
                shutil.rmtree(fetched.folder, ignore_errors=True)

    def _compute(self, item, fetched, deadline):
        late = f"{item.video}: took longer than {self.limit:g} s"
        row = {"video": item.video, "subs": item.subs, "id": item.id, "date": item.date}
        if fetched:
            fetching = Fetching(fetched, item)
            fetching.join(max(0, deadline - time.monotonic()))
            if fetching.is_alive():
                return Outcome(crash=late)
            if fetching.error:
                return Outcome(crash=f"{item.video}: cannot be fetched: {fetching.error}")
            row.update(video=fetching.video, subs=fetching.subs)
        try:
            line = self._ask(json.dumps(row).encode() + b"\n", deadline)
        except TimeoutError:
            return Outcome(crash=late)
        except Ended as ended:
            return Outcome(crash=f"{item.video}: {ended}")
        except OSError as error:
            return Outcome(broken=f"{self.machine()}: {self.command[0]}: cannot be run: {error.strerror}")
        if not line:
            return Outcome(broken=f"{self.machine()}: {self._last_words()}")
        result = json.loads(line)
        if fetched:
            line = fetched.name_back(line)
            for name, own in ("item", item.item), ("key", item.key):
                line = line.replace(result[name].encode(), own.encode(), 1)
            result.update(item=item.item, key=item.key)
        if result.get("item") != item.item:
            return Outcome(broken=f"{self.machine()}: {self.command[0]}: is another vsa than where the run was started; expected the same")
        return Outcome(line, "error" in result, result["key"])

    def _ask(self, row, deadline):
        """The line that vsa answers with; empty if its set-up is wrong. Raises Ended, TimeoutError, OSError if it is not there."""
        if self.process is None or self.process.poll() is not None:
            self._start()
        try:
            self.process.stdin.write(row)
        except BrokenPipeError:
            pass  # it has ended, which shows below
        line = bytearray()
        output = self.process.stdout.fileno()
        while not line.endswith(b"\n"):
            if not select.select([output], [], [], max(0, deadline - time.monotonic()))[0]:
                self.process.kill()
                self.process.wait()
                raise TimeoutError
            block = os.read(output, 1 << 20)
            if not block:
                return self._end()
            line += block
        return bytes(line)

    def _start(self):
        self.words = tempfile.TemporaryFile()
        # It must not outlive this process, whichever way that ends.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *self.command],
            bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.words,
            env={**os.environ, **self.environment}, cwd=self.folder if os.path.isdir(self.folder) else None,
        )  # fmt: skip

    def _end(self):
        code = self.process.wait()
        if code in (2, 3, 127):  # of vsa, and of setpriv where there is no vsa
            return b""
        if code < 0:
            raise Ended(f"vsa was ended by signal {-code} ({signal.strsignal(-code)})")
        raise Ended(f"vsa ended with exit code {code} and no result: {self._last_words()}")

    def _last_words(self):
        self.words.seek(0)
        lines = self.words.read().decode(errors="replace").splitlines()
        return lines[-1] if lines else "vsa ended without a word"


class Fetching(threading.Thread):
    """Fetches an item's files; a store may hang."""

    def __init__(self, fetched, item):
        super().__init__(daemon=True)
        self.fetched, self.item = fetched, item
        self.video = self.subs = None
        self.error = ""
        self.start()

    def run(self):
        try:
            self.video = self.fetched.fetch(self.item.video, self.item.beside)
            self.subs = self.item.subs and self.fetched.fetch(self.item.subs)
        except Exception as error:  # whatever a store throws
            self.error = f"{type(error).__name__}: {error}"
