"""The commands of the "sh" blocks of README.md and docs/*.md that need the Python environment, as they stand, page by page."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def commands():
    found = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        inside = False
        for line in page.read_text(encoding="utf-8").splitlines():
            if line.startswith("```"):
                inside = line == "```sh"
            elif inside and (".venv/bin/python -m" in line or "build/sport" in line or "build/results" in line) and line not in found:
                found.append(line)
    return found


def test_commands_of_the_pages():
    assert len(commands()) == 8
    for command in commands():
        done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
