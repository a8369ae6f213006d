#!/usr/bin/python3
"""Makes docs/report-wide.png and docs/report-narrow.png: report_pictures.py PROGRAM. Needs Debian's packages alone."""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import report_bench

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = Path(sys.argv[1]).resolve()
SEGMENT = 5  # of the sample, the one that is shown
COMMENTS = ("she is great!", "I love this team", "what happened?", "so angry, wow", "this is awful")


def make_page(folder):
    """The sample with its explanation and an audience, and invented calls."""
    chance = random.Random(4)
    for name in ("sample.mp4", "sample.srt"):
        shutil.copy(ROOT / "samples" / name, folder)
    comments = "".join(f'<d p="{chance.uniform(0, 12):.2f},1,25">{chance.choice(COMMENTS)}</d>' for _ in range(40))
    (folder / "sample.xml").write_text(f"<?xml version=\"1.0\"?><i>{comments}</i>")
    sample = subprocess.run([PROGRAM, "classify", "sample.mp4", "--explain", "--compact"], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
    calls = [json.dumps(report_bench.result(chance, number, 30)) + "\n" for number in range(60)]
    (folder / "results.jsonl").write_text(sample + "".join(calls))
    subprocess.run([PROGRAM, "report", "results.jsonl", "--output", "report.html", "--thumbnails"], cwd=folder, check=True)
    return folder / "report.html"


def shoot(page, width, height, scale, element, picture):
    """The page from the top of `element` on, with the sample's segment chosen."""
    driver = report_bench.browser()
    try:
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False})
        driver.get(page.as_uri())
        driver.execute_script("document.querySelector('#videos-table th button').click()")  # the sample comes first
        driver.execute_script("document.querySelector('#videos-table tbody button').click()")
        time.sleep(1)
        for _ in range(SEGMENT):
            driver.execute_script("document.querySelector('.timeline').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }))")
        driver.execute_script("document.activeElement.blur(); document.querySelector(arguments[0]).scrollIntoView({ behavior: 'instant' })", element)
        time.sleep(2)  # until the video has sought
        shot = driver.get_screenshot_as_png()
    finally:
        driver.quit()
    # In 128 colours it has a third of the size.
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-f", "png_pipe", "-i", "-", "-vf",
                    "split[a][b];[a]palettegen=max_colors=128[p];[b][p]paletteuse=dither=none", picture],
                   input=shot, check=True)


def main():
    with tempfile.TemporaryDirectory(prefix="vsa_report_pictures.") as folder:
        page = make_page(Path(folder))
        shoot(page, 1920, 2420, 0.625, "body", ROOT / "docs/report-wide.png")
        shoot(page, 360, 960, 1, ".charts", ROOT / "docs/report-narrow.png")


if __name__ == "__main__":
    main()
