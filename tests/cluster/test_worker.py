"""The process that scripts/cluster/ray keeps warm on a machine, without Ray."""

import json
import os
import signal
import subprocess
import sys
import time

import fsspec
import pytest
from conftest import FAKE, ROOT
from vsa_ray.items import Item
from vsa_ray.worker import Worker


@pytest.fixture
def make(tmp_path):
    """make(what) gives the item of a file with these bytes."""

    def make(what, name="a.mp4"):
        path = tmp_path / name
        path.write_text(what)
        listed = subprocess.run([FAKE, "batch", "-", "--list"], input=str(path), capture_output=True, text=True, check=True)
        marks = json.loads(listed.stdout)
        return Item(str(path), None, None, None, marks["item"], marks["key"])

    return make


@pytest.fixture
def worker(tmp_path):
    begun = tmp_path / "begun"
    return Worker([str(FAKE), "batch", "-", "--output", "-"], {"VSA_BEGUN": str(begun)}, str(tmp_path), 20)


def processes(tmp_path):
    return [line.split()[0] for line in (tmp_path / "begun").read_text().splitlines()]


def test_one_process_does_many_items(worker, make, tmp_path):
    for i in range(3):
        outcome = worker.compute(make(f"text {i}", f"{i}.mp4"))
        assert json.loads(outcome.line)["said"] == f"text {i}"
        assert (outcome.failed, outcome.crash, outcome.broken) == (False, "", "")
    assert len(set(processes(tmp_path))) == 1


def test_a_failed_line_is_an_outcome(worker, make):
    outcome = worker.compute(make("fail"))
    assert outcome.failed
    assert json.loads(outcome.line)["error"]["message"].endswith("a.mp4: is no video")


def test_a_crash_costs_its_item_alone(worker, make, tmp_path):
    item = make("crash")
    assert worker.compute(item).crash == f"{item.video}: vsa was ended by signal 11 (Segmentation fault)"
    assert worker.compute(make("text", "b.mp4")).line
    assert len(set(processes(tmp_path))) == 2


def test_a_process_that_ended_while_it_had_nothing_to_do_is_started_again(worker, make):
    worker.compute(make("text"))
    worker.process.kill()
    worker.process.wait()
    assert worker.compute(make("text", "b.mp4")).line


def test_a_hang_is_ended(worker, make):
    worker.limit = 1
    item = make("hang")
    assert worker.compute(item).crash == f"{item.video}: took longer than 1 s"
    assert worker.process.poll() == -signal.SIGKILL
    worker.limit = 20
    assert worker.compute(make("text", "b.mp4")).line


def test_a_wrong_set_up_is_no_fault_of_the_item(worker, make, tmp_path):
    worker.command += ["--model", "broken"]
    assert worker.compute(make("text")).broken == f"{worker.machine()}: vsa: broken/model.json: no such file; expected a bundle"
    worker.command = [str(tmp_path / "gone")]
    assert worker.compute(make("text")).broken == f"{worker.machine()}: setpriv: failed to execute {tmp_path}/gone: No such file or directory"


def test_another_vsa_is_found_out(worker, make):
    item = make("text")
    item.item = "0" * 64
    assert worker.compute(item).broken == f"{worker.machine()}: {FAKE}: is another vsa than where the run was started; expected the same"


def test_bytes_of_a_url_are_here_only_while_they_are_needed(worker, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "temporary").mkdir()
    store = fsspec.filesystem("memory")
    store.pipe('/clips/ä "1".mp4', b"text")
    store.pipe('/clips/ä "1".srt', b"words")
    store.pipe('/clips/ä "1".trailer.mp4', b"other")
    url = 'memory:///clips/ä "1".mp4'
    outcome = worker.compute(Item(url, None, "7", None, "1" * 64, "2" * 64, ('ä "1".srt', 'ä "1".trailer.mp4')))
    result = json.loads(outcome.line)
    assert result["video"]["path"] == url
    assert (result["id"], result["item"], result["key"], outcome.key) == ("7", "1" * 64, "2" * 64, "2" * 64)
    assert (result["said"], result["beside"]) == ("text", ['ä "1".srt'])
    assert os.listdir(tmp_path / "temporary") == []


def test_a_url_that_cannot_be_fetched(worker):
    url = "memory:///gone/a.mp4"
    assert worker.compute(Item(url, None, None, None, "1", "2")).crash == f"{url}: cannot be fetched: FileNotFoundError: /gone/a.mp4"


def test_vsa_ends_with_the_process_that_started_it(make, tmp_path):
    item = make("hang")
    code = f"""
import sys
sys.path.insert(0, {str(ROOT / "scripts/cluster")!r})
from vsa_ray.items import Item
from vsa_ray.worker import Worker
Worker([{str(FAKE)!r}, "batch", "-", "--output", "-"], {{"VSA_BEGUN": {str(tmp_path / "begun")!r}}}, "/", 600).compute(
    Item({item.video!r}, None, None, None, {item.item!r}, {item.key!r}))
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    while not (tmp_path / "begun").exists() or not (tmp_path / "begun").read_text():
        time.sleep(0.05)
    (child,) = processes(tmp_path)
    parent.kill()
    parent.wait()
    for _ in range(600):
        try:
            with open(f"/proc/{child}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.1)
    raise AssertionError("vsa goes on")
