"""The program `vsa`: where it is, what it is given, and what it says when it fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from .results import Result

AnyPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]


class Error(Exception):
    """What went wrong, in one line: what the program says, without its "vsa: ".

    exit_code: the program's: 1 the video or its subtitles cannot be used, 2 a wrong option or value, 3 set-up failed (model, tokenizer), 130 interrupted;
        below 0 the signal that ended it. None where it did not run.
    result: of `classify`, the result of a video that cannot be used, with "error"; else None.
    """

    def __init__(self, message: str, exit_code: int | None = None, result: Result | None = None):
        super().__init__(message)
        self.exit_code = exit_code
        self.result = result


def find_program() -> str:
    """The path of the program: what VSA_PROGRAM names, a path or a name in PATH, else `vsa` in PATH. Error: it is not there."""
    named = os.environ.get("VSA_PROGRAM")
    found = shutil.which(named or "vsa")
    if found:
        return found
    if named:
        raise Error(f"VSA_PROGRAM: {named}: no such program that can be run; expected the path of the program vsa")
    raise Error("the program vsa is not found: expected it in PATH, or its path in the variable VSA_PROGRAM")


def arguments(options: Mapping[str, object], refused: Mapping[str, str]) -> Iterator[bytes]:
    """Options to those of the program by name: start=10 is --start=10, no_subs=True --no-subs; False and None are left out.

    TypeError: one of them is `refused`, which are names and why. ValueError: a value holds a NUL byte.
    """
    for name, value in options.items():
        if value is None or value is False:
            continue
        why = refused.get(name.replace("-", "_"))
        if why:
            raise TypeError(f"the option {name} is not for here: {why}")
        option = b"--" + os.fsencode(name.replace("_", "-"))
        if value is True:
            yield option
            continue
        text = os.fsencode(value) if isinstance(value, str | bytes | os.PathLike) else str(value).encode()
        if b"\0" in text:
            raise ValueError(f"{name}={value!r}: holds a NUL byte")
        if text:
            yield option + b"=" + text  # as one argument: the value may begin with "-"
        else:
            yield from (option, text)


def path_bytes(path: AnyPath) -> bytes:
    """A path as the system has it. ValueError: it is empty or holds a NUL byte, as that of no file does."""
    name = os.fsencode(path)
    if not name:
        raise ValueError("an empty path; expected that of a video")
    if b"\0" in name:
        raise ValueError(f"{path!r}: holds a NUL byte; expected the path of a video")
    return name


def input_bytes(path: AnyPath) -> bytes:
    """The same as an argument of the program, for which "-" is stdin."""
    name = path_bytes(path)
    return b"./-" if name == b"-" else name


def error_of(stderr: IO[bytes] | bytes, exit_code: int, result: Result | None = None) -> Error:
    """What a run that failed says: the last line on stderr."""
    if not isinstance(stderr, bytes):
        stderr.seek(0)
        stderr = stderr.read()
    lines = stderr.decode(errors="replace").strip().splitlines()
    if exit_code < 0:
        lines = [f"the program was ended by signal {-exit_code}"]
    line = lines[-1] if lines else f"the program ended with exit code {exit_code}"
    return Error(line.removeprefix("vsa: "), exit_code, result)
