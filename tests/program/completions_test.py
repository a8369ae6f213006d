#!/usr/bin/env python3
"""Completes command lines of vsa in real shells: completions_test.py PROJECT. Says which shell is not there."""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

COMPLETIONS = pathlib.Path(sys.argv[1]).resolve() / "completions"

# What is typed before Tab, and what stands there after it. The folder holds a file "a clip.mp4" and a folder "dir".
CASES = [
    ("vsa cla", "vsa classify "),
    ("vsa --ver", "vsa --ver"),  # --version or --verbose
    ("vsa --qui", "vsa --quiet "),
    ("vsa --dtype bf", "vsa --dtype bf16 "),
    ("vsa classify --expl", "vsa classify --explain "),
    ("vsa classify --verb", "vsa classify --verbose "),
    ("vsa --quiet batch --fail", "vsa --quiet batch --fail-fast "),
    ("vsa classify --frames key", "vsa classify --frames keyframes "),
    ("vsa classify --frames=key", "vsa classify --frames=keyframes "),
    ("vsa classify a", "vsa classify a\\ clip.mp4 "),
    ("vsa classify --subs a", "vsa classify --subs a\\ clip.mp4 "),
    ("vsa classify --speech d", "vsa classify --speech dir/"),
    ("vsa classify --speech a", "vsa classify --speech a"),  # no folder
    ("vsa classify --model au", "vsa classify --model auto "),
    ("vsa classify --model di", "vsa classify --model dir/"),
    ("vsa batch --output a", "vsa batch --output a\\ clip.mp4 "),
    ("vsa batch dir --output a", "vsa batch dir --output a\\ clip.mp4 "),
    ("vsa batch dir a", "vsa batch dir a\\ clip.mp4 "),
    ("vsa classify --fps a", "vsa classify --fps a"),  # a number
    ("vsa tokenize --expl", "vsa tokenize --expl"),  # of another command
]

# Ctrl-G shows the line between < and >.
BASH = f"""
bind 'set bell-style none'
bind -x '"\\C-g": printf "\\n<%s>\\n" "$READLINE_LINE"'
source '{COMPLETIONS}/vsa.bash'
"""
ZSH = f"""
fpath=('{COMPLETIONS}' $fpath)
autoload -Uz compinit && compinit -u -D
setopt no_beep
show() {{ print -r; print -r "<$BUFFER>"; }}
zle -N show
bindkey '^G' show
"""


class Shell:
    """One that runs on a terminal of its own."""

    def __init__(self, arguments, folder, start):
        self.child, self.file = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.environ.update(TERM="dumb", HOME=str(folder), LC_ALL="C.UTF-8")
            os.execvp(arguments[0], arguments)
        for line in start.strip().splitlines():
            os.write(self.file, line.encode() + b"\n")
        # What is typed before the line editor shows its prompt would be the terminal's, not its.
        os.write(self.file, b"PS1='at ''work: '\n")
        self.wait_for("at work: ")

    def wait_for(self, pattern):
        """What it writes up to the pattern, a match of it."""
        text, end = "", time.monotonic() + 120
        while not (match := re.search(pattern, text, re.DOTALL)):
            if not select.select([self.file], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f"no {pattern} in {text!r}")
            text += os.read(self.file, 4096).decode(errors="replace").replace("\r", "")
        return match

    def completed(self, line):
        os.write(self.file, line.encode() + b"\t\x07\x15")  # Tab, Ctrl-G, Ctrl-U
        return self.wait_for(r"\n<(.*?)>\n")[1]

    def close(self):
        os.close(self.file)
        os.waitpid(self.child, 0)


def completed_by_terminal(arguments, start):
    def completed(folder):
        shell = Shell(arguments, folder, start)
        lines = [shell.completed(line) for line, _ in CASES]
        shell.close()
        return lines

    return completed


def completed_by_fish(folder):
    """fish says itself what may stand at the end of a line: a word a line, and what it means. One alone is taken."""
    lines = []
    for line, _ in CASES:
        command = f"source {COMPLETIONS}/vsa.fish; complete --escape -C {line!r}"
        done = subprocess.run(["fish", "--no-config", "-c", command], cwd=folder, env={**os.environ, "HOME": str(folder)},
                              capture_output=True, text=True, check=True)
        words = [word.split("\t")[0] for word in done.stdout.splitlines()]
        if len(words) == 1:
            line = line[: line.rindex(" ") + 1] + words[0] + ("" if words[0].endswith("/") else " ")
        lines.append(line)
    return lines


SHELLS = {
    "bash": completed_by_terminal(["bash", "--norc", "--noprofile", "-i"], BASH),
    "zsh": completed_by_terminal(["zsh", "-f", "-i"], ZSH),
    "fish": completed_by_fish,
}


def main():
    failed = 0
    for shell, completed in SHELLS.items():
        if shutil.which(shell) is None:
            print(f"skipped: completion in {shell}, for it is not installed")
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "a clip.mp4").touch()
            (folder / "dir").mkdir()
            for (line, expected), found in zip(CASES, completed(folder)):
                if found != expected:
                    failed += 1
                    print(f"{shell}: {line!r} becomes {found!r}, not {expected!r}")
    return 1 if failed else 0


sys.exit(main())
