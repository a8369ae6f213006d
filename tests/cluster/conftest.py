"""What the tests of scripts/cluster share. They run with the environment of scripts/cluster/requirements.txt."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VSA = ROOT / "build/release/vsa"
TINY = ROOT / "tests/data/tiny-bundle"
FAKE = ROOT / "tests/cluster/fake_vsa"
sys.path.insert(0, str(ROOT / "scripts/cluster"))


@pytest.fixture(scope="session")
def all_clips(tmp_path_factory):
    """Six clips of two seconds of the sample, one with subtitles."""
    folder = tmp_path_factory.mktemp("all-clips")
    subprocess.run(
        f"ffmpeg -v error -i '{ROOT}/samples/sample.mp4' -an -vf scale=320:-2 -c:v libx264 -preset ultrafast "
        "-force_key_frames 'expr:gte(t,n_forced*2)' -f segment -segment_time 2 -reset_timestamps 1 "
        f"'{folder}/c%02d.mp4'",
        shell=True,
        check=True,
    )
    (folder / "c03.srt").write_text("1\n00:00:00,000 --> 00:00:01,400\nI love it.\n")
    return folder


@pytest.fixture
def clips(all_clips, tmp_path):
    return shutil.copytree(all_clips, tmp_path / "clips")
