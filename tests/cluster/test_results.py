"""scripts/cluster/ray's RESULTS against `vsa batch`, which must be able to go on with it and the other way round."""

import fcntl
import json
import os
import subprocess
import sys
import threading

import pytest
from conftest import ROOT, TINY, VSA
from vsa_ray.problem import Problem
from vsa_ray.results import Results


def line(item, key="k", failed=False, **more):
    result = {"schema": "vsa.result/1", "id": None, "item": item, "key": key, **more}
    if failed:
        result["error"] = {"kind": "input", "message": "bad"}
    return json.dumps(result, separators=(",", ":")).encode() + b"\n"


def read(path):
    results = Results(str(path))
    results.close()
    return results


def test_the_last_line_of_an_item_counts_and_others_come_first(tmp_path):
    path = tmp_path / "r.jsonl"
    results = Results(str(path))
    for item, key in [("b", "1"), ("other", "1"), ("a", "1"), ("b", "2")]:
        results.append(line(item, key), item, key, False)
    results.append(line("c", failed=True), "c", "k", True)
    results.arrange(["a", "b", "c", "not done"])
    results.close()
    assert path.read_bytes() == line("other", "1") + line("a", "1") + line("b", "2") + line("c", failed=True)
    again = read(path)
    assert {item: (one.key, one.failed) for item, one in again.last.items()} == {
        "other": ("1", False), "a": ("1", False), "b": ("2", False), "c": ("k", True)}  # fmt: skip


TORN = [
    line("b")[:-1],
    line("b")[:30],
    line("b")[:3],
    b"\0" * 50 + b"\n",
    line("b")[:40] + b"\0" * 10 + b"\n",
    b"\n",
    line("b")[-20:],
]


@pytest.mark.parametrize("torn", TORN, ids=range(len(TORN)))
@pytest.mark.parametrize("place", ["end", "middle"])
def test_torn_lines_are_discarded_as_vsa_batch_does(torn, place, tmp_path):
    if place == "middle" and not torn.endswith(b"\n"):
        torn += b"\n"
    if place == "end" and torn == line("b")[:-1]:
        torn = torn[:-1]
    path = tmp_path / "r.jsonl"
    path.write_bytes(line("a") + torn + (line("c") if place == "middle" else b""))
    results = Results(str(path))
    results.append(line("d"), "d", "k", False)
    results.close()
    lines = path.read_bytes().splitlines(keepends=True)
    if place == "middle" and torn == line("b"):
        assert lines == [line("a"), line("b"), line("c"), line("d")]
    else:
        assert lines == [line("a"), *([line("c")] if place == "middle" else []), line("d")]


@pytest.mark.parametrize(
    ("bytes_", "where"),
    [(b"video,id\na.mp4,1\n", 1), (line("a") + b'{"schema":"other"}\n', 2), (b"x" * 10, 1), (b'{"a":1}\n', 1), (b"]}\n", 1)],
)
def test_a_file_of_something_else_stays_as_it_is(bytes_, where, tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_bytes(bytes_)
    with pytest.raises(Problem) as problem:
        Results(str(path))
    assert str(problem.value) == f"{path}:{where}: is no result of vsa, so this is no file of vsa batch; expected another name"
    assert path.read_bytes() == bytes_


def test_one_run_at_a_time(tmp_path):
    """Of these runs and of vsa batch, also after the file was renamed."""
    path = tmp_path / "r.jsonl"
    results = Results(str(path))
    in_use = f"{path}: is in use by another vsa batch; expected to be its only writer"
    with pytest.raises(Problem, match=in_use):
        Results(str(path))
    results.append(line("b"), "b", "k", False)
    results.append(line("a"), "a", "k", False)
    results.arrange(["a", "b"])
    with pytest.raises(Problem, match=in_use):
        Results(str(path))
    done = subprocess.run([VSA, "batch", ROOT / "samples", "--model", TINY, "--output", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, f"vsa: {in_use}\n")
    results.close()


def test_vsa_batch_keeps_it_out(tmp_path):
    path = tmp_path / "r.jsonl"
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(Problem, match="is in use by another vsa batch"):
            Results(str(path))


def test_a_writer_that_no_lock_keeps_out_is_found_out(tmp_path):
    """As another machine over NFS without locks."""
    path = tmp_path / "r.jsonl"
    results = Results(str(path))
    results.append(line("a"), "a", "k", False)
    with open(path, "ab") as file:
        file.write(line("b"))
    found_out = "was written by somebody else, too, though it is locked"
    with pytest.raises(Problem, match=found_out):
        results.append(line("c"), "c", "k", False)
    with pytest.raises(Problem, match=found_out):
        results.arrange(["a"])
    assert path.read_bytes() == line("a") + line("b")


def test_what_has_taken_its_name_meanwhile_stays(tmp_path):
    path = tmp_path / "r.jsonl"
    results = Results(str(path))
    results.append(line("b"), "b", "k", False)
    results.append(line("a"), "a", "k", False)
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "mine").rename(path)
    taken = "is no longer the file that this run wrote, which was removed or moved"
    with pytest.raises(Problem, match=taken):
        results.append(line("c"), "c", "k", False)
    with pytest.raises(Problem, match=taken):
        results.arrange(["a", "b"])
    assert path.read_text() == "precious"
    path.unlink()
    results.arrange(["a", "b"])
    assert path.read_bytes() == line("a") + line("b")


def test_what_has_the_name_of_the_file_beside_stays(tmp_path):
    path = tmp_path / "r.jsonl"
    beside = tmp_path / "r.jsonl.part"
    mine = tmp_path / "mine"
    mine.write_text("precious")
    for make in (lambda: beside.write_text("precious"), lambda: beside.symlink_to(mine), lambda: beside.symlink_to("gone"), beside.mkdir):
        make()
        with pytest.raises(Problem) as problem:
            Results(str(path))
        assert str(problem.value) == f"{beside}: is in the way, and no rest of a vsa batch; expected that name to be free"
        if beside.is_dir():
            break
        beside.unlink()
    assert mine.read_text() == "precious"
    beside.rmdir()
    beside.write_bytes(line("a")[:40])  # of a killed run
    Results(str(path)).close()
    assert not beside.exists()


def test_byte_order_marks_of_editors_go(tmp_path):
    path = tmp_path / "r.jsonl"
    mark = b"\xef\xbb\xbf"
    path.write_bytes(mark + line("a") + mark + line("b"))
    results = Results(str(path))
    results.arrange(["a", "b"])
    assert path.read_bytes() == line("a") + line("b")


def test_a_lock_that_is_held_for_a_moment_is_waited_for(tmp_path):
    path = tmp_path / "r.jsonl"
    path.touch()
    held = os.open(path, os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    holder = threading.Timer(0.05, os.close, [held])
    holder.start()
    Results(str(path)).close()
    holder.join()


def test_nothing_done_leaves_no_file(tmp_path):
    path = tmp_path / "r.jsonl"
    Results(str(path)).close()
    assert not path.exists()
    path.touch()
    Results(str(path)).close()
    assert path.exists()


def test_a_full_disk_leaves_whole_lines(tmp_path):
    """In a process of its own: the limit of a file's size stands for the disk's."""
    path = tmp_path / "r.jsonl"
    code = f"""
import resource, signal, sys
sys.path.insert(0, {str(ROOT / "scripts/cluster")!r})
from vsa_ray.results import Results
results = Results({str(path)!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
line = {line("a")!r}
resource.setrlimit(resource.RLIMIT_FSIZE, (len(line) + 10, -1))
results.append(line, "a", "k", False)
try:
    results.append({line("b")!r}, "b", "k", False)
except Exception as problem:
    print(problem)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{path}: cannot be written: File too large\n"
    assert path.read_bytes() == line("a")
