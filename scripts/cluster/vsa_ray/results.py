"""RESULTS, as `vsa batch` writes it: a line of JSON for each item, the last one of an item counting. Lines are appended whole
as they come and put in order at the end; a lock keeps other runs out, those of `vsa batch` too."""

import fcntl
import json
import os
import stat
import time
from dataclasses import dataclass

from .problem import Problem

# What every line starts with: tells an unfinished one from the last words of some other file.
START = b'{"schema":"vsa.result/1",'
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # of an editor; files may have been joined
IN_USE = "is in use by another vsa batch; expected to be its only writer"


@dataclass(slots=True)
class Line:
    offset: int
    size: int  # with its newline
    item: str  # SHA-256 of which item it is of; empty for a line that no batch wrote
    key: str  # SHA-256 of all that it depends on
    failed: bool


def parse_line(text):
    """(item, key, failed) of a line, or None if it is no result."""
    try:
        result = json.loads(text)
    except ValueError:
        return None
    if not isinstance(result, dict) or result.get("schema") != "vsa.result/1":
        return None
    return str(result.get("item", "")), str(result.get("key", "")), "error" in result


def _lock(file):
    """Whether it could be locked: tried for a second, for a process that a killed run was starting may still hold the lock."""
    for _ in range(50):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


class Results:
    """Locked until closed, or until the process ends. Raises Problem: in use, not to be written, or it holds something else."""

    def __init__(self, path):
        self.name = path
        self.path = os.path.realpath(path)
        self.beside = self.path + ".part"
        self.made = False
        self.lines = []
        self.last = {}  # of each item, its last line
        self.size = 0  # up to the end of the last whole line
        self.end = 0  # of the file, as this run has left it
        self.torn = False  # lines that a crash or a power cut left unfinished
        try:
            self.files = [self._open_locked()]  # the file, and before it those that it replaced, which stay locked
            self._start()
        except OSError as error:
            raise Problem(f"{path}: cannot be written: {error.strerror}") from error

    def _start(self):
        try:
            self._read()
            self._remove_rest()
        except BaseException:
            self.close()
            raise

    @property
    def file(self):
        return self.files[-1]

    def _open_locked(self):
        """Locks what the name names at the end of it all: between the two another run may have renamed a new file to it."""
        while True:
            try:
                file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o666)
                self.made = True
            except FileExistsError:
                file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_NONBLOCK)
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise Problem(f"{self.name}: is not a regular file; expected one to write results to")
            if not _lock(file):
                raise Problem(f"{self.name}: {IN_USE}")
            if self._is_named(file):
                return file
            os.close(file)

    def _is_named(self, file):
        try:
            return os.path.samestat(os.fstat(file), os.stat(self.path))
        except FileNotFoundError:
            return False

    def _read(self):
        offset = 0
        unknown = None  # the first line that may be the torn end of something else
        with open(self.file, "rb", closefd=False) as file:
            for number, text in enumerate(file, 1):
                if text.startswith(BYTE_ORDER_MARK):
                    offset += len(BYTE_ORDER_MARK)
                    text = text.removeprefix(BYTE_ORDER_MARK)
                mark = parse_line(text) if text.endswith(b"\n") else None
                if mark:
                    self._add(Line(offset, len(text), *mark))
                    self.torn = self.torn or offset != self.size
                    self.size = offset + len(text)
                elif not self._is_torn(text):
                    self._refuse(number)
                elif unknown is None and text.strip(b" \t\r\n\0") and not text.startswith(START[: len(text)]):
                    unknown = number
                offset += len(text)
        if unknown and not self.lines:
            self._refuse(unknown)
        self.torn = self.torn or offset != self.size
        self.end = offset

    @staticmethod
    def _is_torn(text):
        """Whether that can be left of a line. The end of a line is, too, if something follows it."""
        bare = text.strip(b" \t\r\n\0")
        if not bare or b"\0" in text or bare.startswith(START[: len(bare)]):
            return True
        if not text.endswith(b"}\n"):
            return False
        try:
            json.loads(text)
        except ValueError:
            return True
        return False

    def _remove_rest(self):
        """What a killed run left beside the file; something else of that name stays."""
        try:
            status = os.lstat(self.beside)
        except FileNotFoundError:
            return
        rest = stat.S_ISREG(status.st_mode)
        if rest:
            with open(self.beside, "rb") as file:
                beginning = file.read(len(START))
            rest = beginning == START[: len(beginning)]
        if not rest:
            raise Problem(f"{self.beside}: is in the way, and no rest of a vsa batch; expected that name to be free")
        os.unlink(self.beside)

    def _refuse(self, number):
        raise Problem(f"{self.name}:{number}: is no result of vsa, so this is no file of vsa batch; expected another name")

    def _add(self, line):
        self.lines.append(line)
        if line.item:
            self.last[line.item] = line

    def append(self, text, item, key, failed):
        """Writes a line, bytes that end with a newline, at once."""
        self._check_alone()
        try:
            if self.torn:
                self.arrange([line.item for line in self.lines if line.item])
            written = 0
            while written < len(text):
                written += os.write(self.file, text[written:])
        except OSError as error:
            os.ftruncate(self.file, self.size)
            self.end = self.size
            raise Problem(f"{self.name}: cannot be written: {error.strerror}") from error
        self._add(Line(self.size, len(text), item, key, failed))
        self.size += len(text)
        self.end = self.size

    def _check_alone(self):
        """Where locks do not reach, as over NFS without them, another run may write the same file; and who moved it may have put
        something else in its place."""
        if os.path.exists(self.path) and not self._is_named(self.file):
            raise Problem(
                f"{self.name}: is no longer the file that this run wrote, which was removed or moved; expected to be its only writer"
            )
        if os.fstat(self.file).st_size != self.end:
            raise Problem(
                f"{self.name}: was written by somebody else, too, though it is locked; expected to be its only writer, and its "
                "file system to have locks"
            )

    def arrange(self, order):
        """Makes the file hold the last line of each item, in this order, after the lines of other items: written beside and
        renamed, unless it is so already."""
        self._check_alone()
        order = dict.fromkeys(order)
        lines = [line for line in self.lines if line.item not in order and (not line.item or self.last[line.item] is line)]
        lines += [self.last[item] for item in order if item in self.last]
        if not self.torn and lines == self.lines and self._is_named(self.file):
            return
        try:
            file = os.open(self.beside, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o666)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(file, 0)
            os.fchmod(file, stat.S_IMODE(os.fstat(self.file).st_mode))
            with open(file, "ab", closefd=False) as copy:
                for line in lines:
                    copy.write(os.pread(self.file, line.size, line.offset))
            os.fsync(file)
            os.rename(self.beside, self.path)
        except OSError as error:
            raise Problem(f"{self.name}: cannot be put in order: {error.strerror}; all lines are kept") from error
        self.files.append(file)
        self.size, self.torn, self.lines, self.last = 0, False, [], {}
        for line in lines:
            self._add(Line(self.size, line.size, line.item, line.key, line.failed))
            self.size += line.size
        self.end = self.size

    def close(self):
        """Leaves no empty file behind if nothing came of the run."""
        if self.made and self.size == 0 and self._is_named(self.file):
            os.unlink(self.path)
        for file in self.files:
            os.close(file)
