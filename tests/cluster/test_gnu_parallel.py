"""scripts/cluster/gnu-parallel on this machine alone, as two."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import ROOT, TINY, VSA

pytestmark = pytest.mark.skipif(not shutil.which("parallel"), reason="GNU parallel is not installed")


def begin(folder, *arguments, machines="1/:\n"):
    (folder / "machines.txt").write_text(machines)
    script = ROOT / "scripts/cluster/gnu-parallel"
    return subprocess.Popen([script, folder / "machines.txt", folder / "results", *arguments, "--model", TINY, "--quiet"],
                            env={**os.environ, "VSA": str(VSA)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip


def run(folder, *arguments, machines="1/:\n"):
    script = begin(folder, *arguments, machines=machines)
    out, err = script.communicate()
    return subprocess.CompletedProcess(script.args, script.returncode, out, err)


def write_whole(clips, path):
    """What one run writes."""
    subprocess.run([VSA, "batch", clips, "--dtype", "fp32", "--model", TINY, "--output", path, "--quiet"], check=True)
    return path


def test_the_parts_are_the_whole_and_go_on(clips, tmp_path):
    done = run(tmp_path, clips)
    assert (done.returncode, done.stderr) == (0, "")
    whole = write_whole(clips, tmp_path / "whole.jsonl")
    assert (tmp_path / "results/all.jsonl").read_bytes() == whole.read_bytes()

    # As after an interruption: a part is missing, another is torn.
    parts = sorted((tmp_path / "results").glob("part-*.jsonl"))
    assert [part.name for part in parts] == [f"part-{part}-of-4.jsonl" for part in (1, 2, 3, 4)]
    parts[1].unlink()
    parts[2].write_bytes(parts[2].read_bytes()[:-20])
    written_once = parts[0].stat().st_ino
    assert run(tmp_path, clips).returncode == 0
    assert (tmp_path / "results/all.jsonl").read_bytes() == whole.read_bytes()
    assert parts[0].stat().st_ino == written_once


def test_a_failed_video_is_exit_code_1_and_has_its_line(clips, tmp_path):
    (clips / "bad.mp4").write_text("no video")
    done = run(tmp_path, clips)
    assert done.returncode == 1
    assert f"vsa: {clips}/bad.mp4: is no video" in done.stderr
    assert (tmp_path / "results/all.jsonl").read_text().count('"error":{') == 1


def test_what_is_wrong_for_all_ends_it(clips, tmp_path):
    done = run(tmp_path, clips, "--fps", "never")
    assert done.returncode == 2
    assert done.stderr.endswith("gnu-parallel: a part ended with exit code 2; see above\n")
    assert not (tmp_path / "results/all.jsonl").exists()


def test_another_number_of_machines_has_parts_of_its_own(clips, tmp_path):
    results = tmp_path / "results"
    assert run(tmp_path, clips).returncode == 0
    whole = write_whole(clips, tmp_path / "whole.jsonl")
    two = "1/:\n1/:\n"
    assert run(tmp_path, clips, machines=two).returncode == 0
    assert (results / "all.jsonl").read_bytes() == whole.read_bytes()
    assert run(tmp_path, clips).returncode == 0
    assert (results / "all.jsonl").read_bytes() == whole.read_bytes()


def test_goes_on_from_the_parts_of_another_number_of_machines_as_the_page_says(clips, tmp_path):
    results = tmp_path / "results"
    assert run(tmp_path, clips).returncode == 0
    whole = (results / "all.jsonl").read_text()
    # A mark that no second computing would give.
    results.joinpath("all.jsonl").write_text(whole.replace('"frames":', '"frames": ', 1))
    marked = (results / "all.jsonl").read_text()
    for part in range(1, 9):
        (results / f"part-{part}-of-8.jsonl").write_text(marked)
    done = run(tmp_path, clips, "--prune", machines="1/:\n1/:\n")
    assert (done.returncode, (results / "all.jsonl").read_text()) == (0, marked), done.stderr


def test_with_prune_is_the_whole_where_videos_moved_to_other_parts(clips, tmp_path):
    assert run(tmp_path, clips).returncode == 0
    for more in range(4):
        shutil.copy(clips / "c00.mp4", clips / f"b{more}.mp4")
    done = run(tmp_path, clips, "--prune")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results/all.jsonl").read_bytes() == write_whole(clips, tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("ended_by", "exit_code", "line"),
    [
        # The one lets the parts that run end, the other ends them.
        (signal.SIGHUP, 130, "gnu-parallel: not all of 4 parts have ended; the same line computes the rest\n"),
        (signal.SIGTERM, 255, "gnu-parallel: parallel ended with exit code 255; see above\n"),
    ],
)
def test_what_is_interrupted_is_not_joined(clips, tmp_path, ended_by, exit_code, line):
    script = begin(tmp_path, clips)
    log = tmp_path / "results/jobs.log"
    while not log.exists() or log.read_text().count("\n") < 2:  # its heading, a part
        time.sleep(0.02)
    (parallel,) = Path(f"/proc/{script.pid}/task/{script.pid}/children").read_text().split()
    os.kill(int(parallel), ended_by)
    _, err = script.communicate()
    assert (script.returncode, err[-len(line) :]) == (exit_code, line), err
    assert not (tmp_path / "results/all.jsonl").exists()
    assert run(tmp_path, clips).returncode == 0
    assert (tmp_path / "results/all.jsonl").read_bytes() == write_whole(clips, tmp_path / "whole.jsonl").read_bytes()


def test_no_machine_is_said(clips, tmp_path):
    done = run(tmp_path, clips, machines="\n")
    assert (done.returncode, done.stderr) == (2, f"gnu-parallel: {tmp_path}/machines.txt: names no machine; expected one a line\n")


def test_a_whole_that_cannot_be_written_is_no_failed_video(clips, tmp_path):
    (tmp_path / "results/all.jsonl").mkdir(parents=True)
    done = run(tmp_path, clips)
    assert done.returncode == 3
    assert done.stderr.endswith(f"{tmp_path}/results/all.jsonl: Is a directory\n")
