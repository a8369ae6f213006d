"""What scripts say of arguments and machines that they cannot use, before they do anything: copies of them, beside nothing that they could start."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def copied(folder, name):
    """A copy of a script in a tree where everything else that it may call only says that it was called."""
    scripts = folder / "scripts"
    scripts.mkdir()
    for other in ("build", "fuzz", "setup", "test-kills", "test-limits", "test-sanitizers"):
        (scripts / other).write_text(f'#!/bin/sh\necho {other} "$@" >> {folder}/called\n')
        (scripts / other).chmod(0o755)
    shutil.copy(ROOT / "scripts" / name, scripts / name)
    return scripts / name


def said(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["soon"], ["0"], ["-1"], [""], ["120", "more"]])
def test_nightly_runs_nothing_of_arguments_that_are_none(tmp_path, arguments):
    usage = "usage: scripts/nightly [SECONDS], a whole number from 1: of fuzzing a target\n"
    assert said(copied(tmp_path, "nightly"), *arguments) == (2, "", usage)
    assert [path.name for path in tmp_path.iterdir()] == ["scripts"]


def test_nightly_hands_its_seconds_on(tmp_path):
    script = copied(tmp_path, "nightly")
    assert said(script)[0] == 0
    assert said(script, "5")[0] == 0
    assert [line for line in (tmp_path / "called").read_text().splitlines() if line.startswith("fuzz")] == ["fuzz all 120", "fuzz all 5"]


@pytest.mark.parametrize("arguments", [["--help"], ["nonsense"], [""], ["subtitles:"], ["csv", "soon"], ["all", "0"], ["csv", "1", "more"]])
def test_fuzz_installs_nothing_for_arguments_that_are_none(tmp_path, arguments):
    script = copied(tmp_path, "fuzz")
    (tmp_path / "fuzz").mkdir()
    (tmp_path / "fuzz" / "csv.cc").touch()
    usage = "usage: scripts/fuzz [TARGET [SECONDS]], a TARGET of fuzz/*.cc, subtitles:FORMAT or all, SECONDS a whole number from 1\n"
    assert said(script, *arguments) == (2, "", usage)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fuzz", "scripts"]


def tools(folder, *names, **made):
    """A PATH of these programs alone, and of those that are made, each a line of sh."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(shutil.which(name))
    for name, line in made.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    return os.environ | {"PATH": str(folder)}


def test_fuzz_takes_the_clang_in_path_where_there_is_no_apt_cache(tmp_path):
    script = copied(tmp_path, "fuzz")
    (tmp_path / "fuzz").mkdir()
    (tmp_path / "fuzz" / "csv.cc").touch()
    few = ["bash", "cat", "dirname", "head", "mktemp", "rm", "sed", "sh"]
    line = "scripts/fuzz: needs a clang++ in PATH that has libFuzzer and the sanitizers, or an apt-cache that knows clang\n"
    assert said(script, "csv", env=tools(tmp_path / "none", *few)) == (2, "", line)
    assert said(script, "csv", env=tools(tmp_path / "broken", *few, **{"clang++": "exit 1", "apt-cache": "exit 100"})) == (2, "", line)
    env = tools(tmp_path / "clang", *few, **{"clang++": "exec cat > /dev/null", "cmake": "echo cmake $1 >&2; exit 7"})
    assert said(script, "csv", env=env) == (7, "", "cmake --preset\n")
    assert not (tmp_path / "called").exists()


def test_kills_says_what_it_needs(tmp_path):
    script = copied(tmp_path, "test-kills")
    usage = "usage: scripts/test-kills [COUNT [SEED]], whole numbers\n"
    for arguments in (["--help"], ["many"], ["1", "-1"], ["1", "2", "3"]):
        assert said(sys.executable, script, *arguments) == (2, "", usage)
    assert said(sys.executable, script) == (2, "", "scripts/test-kills: needs build/release/vsa (scripts/build release)\n")
    program = tmp_path / "build" / "release" / "vsa"
    program.parent.mkdir(parents=True)
    program.touch()
    assert said(sys.executable, script, env=os.environ | {"PATH": str(tmp_path)}) == (2, "", "scripts/test-kills: needs ffmpeg in PATH\n")
