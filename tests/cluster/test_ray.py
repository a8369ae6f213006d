"""scripts/cluster/ray on a Ray cluster of several nodes, all on this machine: a head without cores, and one or two with one."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import FAKE, ROOT, TINY, VSA
from ray.cluster_utils import Cluster


def patiently(start):
    """Ray gives a node half a minute to start, which is short where other work keeps the machine busy."""
    for _ in range(5):
        try:
            return start()
        except Exception as error:
            late = error
    raise late


@pytest.fixture(scope="module")
def head():
    cluster = patiently(lambda: Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False}))
    yield cluster
    cluster.shutdown()


class Nodes:
    def __init__(self, head):
        self.head = head
        self.nodes = []

    def add(self):
        self.nodes.append(patiently(lambda: self.head.add_node(num_cpus=1, object_store_memory=100_000_000)))

    def kill(self):
        """The newest one, as when a machine loses power."""
        self.head.remove_node(self.nodes.pop(), allow_graceful=False)


@pytest.fixture
def nodes(head):
    nodes = Nodes(head)
    nodes.add()
    yield nodes
    while nodes.nodes:
        nodes.kill()


def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Runner:
    """Runs of the script on a folder of made-up videos."""

    def __init__(self, folder, head):
        self.folder, self.head = folder, head
        self.videos = folder / "videos"
        self.videos.mkdir()
        self.results = folder / "r.jsonl"
        self.go = folder / "go"
        self.running = []

    def add(self, name, what):
        (self.videos / f"{name}.mp4").write_text(what)

    def add_waiting(self, count):
        """Videos that take until self.go is there."""
        for i in range(count):
            self.add(f"w{i:02}", f"wait {self.go}")

    def start(self, *arguments, inputs=(), vsa=FAKE):
        command = [sys.executable, ROOT / "scripts/cluster/ray", self.results, *(inputs or [self.videos]), "--address", self.head.address, *arguments]
        environment = {**os.environ, "VSA": str(vsa), "VSA_BEGUN": str(self.folder / "begun")}
        self.running.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return self.running[-1]

    def run(self, *arguments, **more):
        return self.finish(self.start(*arguments, **more))

    def finish(self, started):
        """The exit code, and the lines of stderr but for those that tell how far it is."""
        _, err = started.communicate()  # on stdout Ray tells of nodes that have died
        return started.returncode, [line for line in err.splitlines() if not re.match(r"ray: \d+ of \d+, ", line)]

    def begun(self):
        """The names of the videos that were begun, and the processes that did so."""
        path = self.folder / "begun"
        rows = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
        return [name for _, name in rows], {process for process, _ in rows}

    def await_begun(self, count, started):
        while len(self.begun()[0]) < count:
            assert started.poll() is None, started.communicate()
            time.sleep(0.05)

    def await_end(self, started):
        """Until one of the processes that have begun something is gone."""
        while all(is_running(process) for process in self.begun()[1]):
            assert started.poll() is None, started.communicate()
            time.sleep(0.05)

    def lines(self):
        return [json.loads(line) for line in self.results.read_text().splitlines()]

    def names(self):
        return [Path(line["video"]["path"]).stem for line in self.lines()]


@pytest.fixture
def runner(tmp_path, head):
    runner = Runner(tmp_path, head)
    yield runner
    for started in runner.running:
        if started.poll() is None:
            started.kill()
            started.communicate()


def test_a_lost_nodes_item_goes_to_another_and_nothing_is_lost_or_doubled(runner, nodes):
    nodes.add()
    runner.add_waiting(8)
    started = runner.start()
    runner.await_begun(2, started)
    nodes.kill()
    runner.await_end(started)  # or it may still give its result
    runner.go.touch()
    assert runner.finish(started) == (0, ["ray: 8 computed, 0 kept, 0 failed"])
    assert runner.names() == [f"w{i:02}" for i in range(8)]
    begun, _ = runner.begun()
    assert sorted(set(begun)) == [f"w{i:02}.mp4" for i in range(8)]
    assert len(begun) == 9  # the one that was lost, twice


def test_a_node_that_comes_while_it_runs_gets_items(runner, nodes):
    runner.add_waiting(4)
    started = runner.start()
    runner.await_begun(1, started)
    nodes.add()
    runner.await_begun(2, started)
    assert len(runner.begun()[1]) == 2
    runner.go.touch()
    assert runner.finish(started)[0] == 0
    assert len(runner.lines()) == 4


def test_poison_is_tried_twice_and_becomes_a_failed_line(runner, nodes):
    for name, what in [("a", "text"), ("b", "crash"), ("c", "hang"), ("d", "fail"), ("e", "text")]:
        runner.add(name, what)
    code, err = runner.run("--limit", "15")
    video = f"{runner.videos}/{{}}.mp4".format
    messages = {
        "b": f"{video('b')}: vsa was ended by signal 11 (Segmentation fault), twice; expected a result",
        "c": f"{video('c')}: took longer than 15 s, twice; expected a result",
        "d": f"{video('d')}: is no video",
    }
    assert code == 1
    assert sorted(err[:-1]) == sorted(f"ray: {message}" for message in messages.values())
    assert err[-1] == "ray: 2 computed, 0 kept, 3 failed"
    assert runner.names() == ["a", "b", "c", "d", "e"]
    assert {Path(line["video"]["path"]).stem: line["error"]["message"] for line in runner.lines() if "error" in line} == messages
    assert [line["error"]["kind"] for line in runner.lines() if "error" in line] == ["internal", "internal", "input"]
    begun, _ = runner.begun()
    assert {name: begun.count(name) for name in begun} == {"a.mp4": 1, "b.mp4": 2, "c.mp4": 2, "d.mp4": 1, "e.mp4": 1}

    # The failures are kept, until they are to be computed again.
    bytes_before = runner.results.read_bytes()
    code, err = runner.run()
    assert (code, err[-1]) == (1, "ray: 0 computed, 2 kept, 3 failed")
    assert err[0].endswith("r.jsonl: failures of an earlier run kept: 3; --retry-failed computes again")
    assert runner.results.read_bytes() == bytes_before
    for name in "bcd":
        runner.add(name, "text")
        os.utime(runner.videos / f"{name}.mp4")
    code, err = runner.run("--retry-failed")
    assert (code, err) == (0, ["ray: 3 computed, 2 kept, 0 failed"])


def test_what_takes_its_machine_with_it_again_and_again_is_given_up(runner, nodes):
    runner.add("a", "lose")
    runner.add("b", "text")
    code, err = runner.run()
    message = f"{runner.videos}/a.mp4: was lost with the machine that it ran on, 3 times; expected a result"
    assert (code, err) == (1, [f"ray: {message}", "ray: 1 computed, 0 kept, 1 failed"])
    assert runner.lines()[0]["error"]["message"] == message


def test_ctrl_c_lets_the_running_video_finish_and_the_next_run_goes_on(runner, nodes):
    runner.add("a", "text")
    runner.add_waiting(3)
    started = runner.start()
    runner.await_begun(2, started)
    started.send_signal(signal.SIGINT)
    time.sleep(1)  # it is still waiting, and nothing else is begun
    runner.go.touch()
    assert runner.finish(started) == (130, ["ray: 2 computed, 0 kept, 0 failed, 2 left"])
    assert runner.names() == ["a", "w00"]
    before = runner.lines()
    assert runner.run() == (0, ["ray: 2 computed, 2 kept, 0 failed"])
    assert runner.names() == ["a", "w00", "w01", "w02"]
    assert runner.lines()[:2] == before
    assert len(runner.begun()[0]) == 4


def test_a_run_that_was_killed_keeps_what_it_had_and_goes_on(runner, nodes):
    runner.add("a", "text")
    runner.add_waiting(3)
    started = runner.start()
    runner.await_begun(2, started)
    started.kill()
    started.wait()
    assert runner.names() == ["a"]
    with open(runner.results, "a") as file:
        file.write('{"schema":"vsa.result/1","id":nu')  # as of a power cut
    runner.go.touch()
    assert runner.run() == (0, ["ray: 3 computed, 1 kept, 0 failed"])
    assert runner.names() == ["a", "w00", "w01", "w02"]


def test_two_runs_on_one_file_of_results(runner, nodes):
    runner.add_waiting(1)
    started = runner.start()
    runner.await_begun(1, started)
    assert runner.run() == (3, [f"ray: {runner.results}: is in use by another vsa batch; expected to be its only writer"])
    runner.go.touch()
    assert runner.finish(started)[0] == 0


def test_a_failure_never_replaces_a_result(runner, nodes):
    runner.add("a", "text")
    assert runner.run()[0] == 0
    before = runner.results.read_bytes()
    runner.add("a", "fail")
    assert runner.run() == (1, [f"ray: {runner.videos}/a.mp4: is no video; its earlier result stays", "ray: 0 computed, 0 kept, 1 failed"])
    assert runner.results.read_bytes() == before


def test_what_ends_a_run(runner, nodes):
    runner.add("a", "text")
    code, err = runner.run("--model", "broken")
    assert (code, err) == (3, ["vsa: broken/model.json: no such file; expected a bundle"])
    code, err = runner.run("--threads", "2")
    assert (code, err) == (2, ["ray: --threads 2: no machine of the cluster has so many cores"])
    code, err = runner.run(vsa="/no/vsa")
    assert (code, err) == (3, ["ray: /no/vsa: no such program; expected vsa in PATH, or its path in VSA"])
    code, err = runner.run("--jobs", "2")
    assert (code, err[-1]) == (2, "scripts/cluster/ray: error: --jobs has no meaning here")
    code, err = runner.run(inputs=[runner.folder / "gone"])
    assert (code, err) == (2, [f"vsa: {runner.folder}/gone: no such file; expected a video"])
    assert not runner.results.exists()


def test_urls(runner, nodes):
    """Through fsspec's store of local files, under the name that the runner does not take for a path."""
    for name in ("a", "b"):
        runner.add(name, f"text {name}")
    (runner.videos / "a.srt").write_text("words")
    url = f"local://{runner.videos}"
    assert runner.run(inputs=[url]) == (0, ["ray: 2 computed, 0 kept, 0 failed"])
    a, b = runner.lines()
    assert (a["video"]["path"], a["said"], a["beside"]) == (f"{url}/a.mp4", "text a", ["a.srt"])
    assert (b["video"]["path"], b["said"], b["beside"]) == (f"{url}/b.mp4", "text b", [])
    assert runner.run(inputs=[url]) == (0, ["ray: 0 computed, 2 kept, 0 failed"])
    (runner.videos / "a.srt").write_text("other words")
    assert runner.run(inputs=[url]) == (0, ["ray: 1 computed, 1 kept, 0 failed"])


def test_vsa_itself_gives_the_same_and_either_goes_on_with_the_others_results(runner, nodes, clips):
    arguments = ["--model", str(TINY)]
    assert runner.run(*arguments, inputs=[clips], vsa=VSA) == (0, ["ray: 6 computed, 0 kept, 0 failed"])
    by_vsa = runner.folder / "by-vsa.jsonl"

    def batch(output):
        command = [VSA, "batch", clips, "--dtype", "fp32", *arguments, "--output", output]
        return subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()[-1]

    assert batch(by_vsa) == "vsa: 6 computed, 0 kept, 0 failed"
    assert runner.results.read_bytes() == by_vsa.read_bytes()
    assert batch(runner.results) == "vsa: 0 computed, 6 kept, 0 failed"
    runner.results = by_vsa
    assert runner.run(*arguments, inputs=[clips], vsa=VSA) == (0, ["ray: 0 computed, 6 kept, 0 failed"])


def test_vsa_itself_with_ids_and_subtitles_of_a_manifest_and_bytes_from_urls(runner, nodes, clips):
    (clips / "words.srt").write_text("1\n00:00:00,000 --> 00:00:01,400\nI hate it.\n")
    manifest = clips / "m.csv"
    manifest.write_text(f"video,subs,id,date\nc00.mp4,words.srt,one,2020-01-02\nlocal://{clips}/c03.mp4,,two,\n")
    assert runner.run("--model", str(TINY), inputs=[manifest], vsa=VSA) == (0, ["ray: 2 computed, 0 kept, 0 failed"])
    one, two = runner.lines()
    assert (one["id"], one["date"], one["segments"][0]["text"]) == ("one", "2020-01-02", "I hate it.")
    assert (two["id"], two["video"]["path"], two["subtitles"]["path"]) == ("two", f"local://{clips}/c03.mp4", f"local://{clips}/c03.srt")
    assert two["segments"][0]["text"] == "I love it."
