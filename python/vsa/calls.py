"""The commands of the program that give results."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator

from tqdm.auto import tqdm

from .program import AnyPath, Error, arguments, error_of, find_program, input_bytes, path_bytes
from .results import Failure, Result

_TO_FILE = "results are returned; run the program itself to have them in a file"
_LISTS = "it gives no results; run the program itself to have its lines"
_MARK = b"\xef\xbb\xbf"  # of UTF-8


def classify(path: AnyPath, **options: object) -> Result:
    """The result of one video, or of a file of sound: `vsa classify`.

    path: of any bytes.
    options: the program's, by name (`vsa classify --help`): subs="a.srt", start=10, end="1:30" (seconds or [h:]m:s), fps=1, explain=True, model="default-en".
        True gives the option alone; False and None leave it out.

    Gives what docs/result.schema.json describes: times in seconds, intensity from -3 to 3, probabilities that sum to 1; "sentiment" is None without evidence.
    Raises Error with the program's line: of a video or subtitles that cannot be used (exit_code 1; its `result` is the failure), of an unknown option or a wrong
    value (2), of a model that cannot be used (3), and where the program is not found (None). ValueError: the path is empty or holds a NUL byte.
    """
    done = subprocess.run(
        [find_program(), "classify", *arguments(options, {"output": _TO_FILE}), "--", input_bytes(path)], stdin=subprocess.DEVNULL, capture_output=True
    )
    if done.returncode != 0:
        raise error_of(done.stderr, done.returncode, _parsed(done.stdout))
    result = _parsed(done.stdout)
    if result is None:
        raise Error("vsa classify: gave no result, which these options do not ask for", 0)
    return result


def batch(paths: AnyPath | Iterable[AnyPath], *, progress: bool | None = None, **options: object) -> Iterator[Result | Failure]:
    """The results of many videos, each as it is done, in no promised order: `vsa batch`.

    paths: videos, of any bytes; or one path alone, which is a video, a folder, a pattern such as "clips/*.mp4" or a manifest, as `vsa batch` takes them.
    progress: a bar on stderr; None: where that is a terminal.
    options: the program's, by name (`vsa batch --help`): jobs=2, fps=1, model="default-en"; as in `classify`.

    Each is as `classify` gives it, but that "video.path" is absolute; bytes of it that are not UTF-8 are U+FFFD. A video that fails is a result with "error"
    ({"kind", "message"}), and the others go on. Raises Error with the program's line when the run as a whole fails, before the first result (a wrong option,
    a model that cannot be used) or after the last; ValueError at once where a path is empty or holds a NUL byte. Nothing is kept for a later run: for that use
    `vsa batch --output RESULTS.jsonl`.

    When the iterator is closed, the program is ended.
    """
    if not options.keys() & {"quiet", "verbose", "log_level"}:
        options["quiet"] = True  # what is on stderr is what went wrong
    refused = {"output": _TO_FILE, "list": _LISTS, "dry_run": _LISTS}
    command: list[str | bytes] = [find_program(), "batch", "--output=-", *arguments(options, refused), "--"]
    if isinstance(paths, str | bytes | os.PathLike):
        return _results([*command, input_bytes(paths)], b"", None, progress)
    names = [path_bytes(path) for path in paths]
    # NUL ends a line where it ends the first: a name may hold any other byte. An empty line goes before a name that would not be taken whole as the first; else
    # there is none, and the lines that the program names are the list's, from 1.
    empty = b"\0" if names and (b"\n" in names[0] or names[0].startswith(_MARK)) else b""
    return _results([*command, b"-"], empty + b"".join(name + b"\0" for name in names), len(names), progress)


def _results(command: list[str | bytes], stdin: bytes, total: int | None, progress: bool | None) -> Iterator[Result | Failure]:
    if total == 0:
        return
    # Files, not pipes: neither a long list nor many messages can make the program wait for us while we wait for it.
    with tempfile.TemporaryFile() as names, tempfile.TemporaryFile() as errors:
        names.write(stdin)
        names.seek(0)
        failed = 0
        with (
            subprocess.Popen(command, stdin=names, stdout=subprocess.PIPE, stderr=errors) as process,
            tqdm(total=total, unit="video", disable=None if progress is None else not progress) as bar,
        ):
            try:
                for line in process.stdout or ():
                    result = _parsed(line)
                    if result is None:
                        raise Error("vsa batch: gave no result, which these options do not ask for", 0)
                    failed += "error" in result
                    bar.set_postfix(failed=failed, refresh=False)
                    bar.update()
                    yield result
                code = process.wait()
            finally:
                process.kill()  # where the caller goes on without the rest
        # 1: videos failed, which the results say; or a folder could not be read, which only stderr does.
        if code != 0 and not (code == 1 and failed):
            raise error_of(errors, code)


def _parsed(stdout: bytes) -> Result | None:
    try:
        result: Result = json.loads(stdout)
    except ValueError:
        return None
    return result
