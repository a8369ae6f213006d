"""The commands of README.md's "sh" blocks that need the Python environment, as they stand and in their order."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def commands():
    inside, found = False, []
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = line == "```sh"
        elif inside and (".venv/bin/python -m" in line or "build/sport" in line or "build/results" in line):
            found.append(line)
    return found


def test_commands_of_the_readme():
    assert len(commands()) == 7
    for command in commands():
        done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
