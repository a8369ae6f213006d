"""scripts/cluster/gnu-parallel on this machine alone, as two."""

import os
import shutil
import subprocess

import pytest
from conftest import ROOT, TINY, VSA

pytestmark = pytest.mark.skipif(not shutil.which("parallel"), reason="GNU parallel is not installed")


def run(folder, *arguments):
    machines = folder / "machines.txt"
    machines.write_text("1/:\n")
    script = ROOT / "scripts/cluster/gnu-parallel"
    return subprocess.run([script, machines, folder / "results", *arguments, "--model", TINY, "--quiet"],
                          env={**os.environ, "VSA": str(VSA)}, capture_output=True, text=True, check=False)  # fmt: skip


def test_the_parts_are_the_whole_and_go_on(clips, tmp_path):
    done = run(tmp_path, clips)
    assert (done.returncode, done.stderr) == (0, "")
    whole = tmp_path / "whole.jsonl"
    subprocess.run([VSA, "batch", clips, "--dtype", "fp32", "--model", TINY, "--output", whole, "--quiet"], check=True)
    assert (tmp_path / "results/all.jsonl").read_bytes() == whole.read_bytes()

    # As after an interruption: a part is missing, another is torn.
    parts = sorted((tmp_path / "results").glob("part-*.jsonl"))
    assert len(parts) == 4
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
