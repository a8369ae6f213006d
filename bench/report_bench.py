#!/usr/bin/python3
"""Measures `vsa report` and its page in a headless Chromium: report_bench.py PROGRAM [--videos N] [--segments N] [--runs N].

Makes results of invented calls, the page of them, and opens it afresh for each run. Prints a table of the median with the
least and the most. Needs Debian's packages alone.
"""

import argparse
import json
import math
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

LABELS = ("negative", "neutral", "positive")
EMOTIONS = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise")
WORDS = {
    "negative": ("I waited forty minutes and nobody answered.", "It broke after two days, I am so disappointed.", "Never again, what a waste of money."),
    "neutral": ("I ordered it on Monday.", "You open the settings and choose the second tab.", "Then I called the hotline."),
    "positive": ("The new app is so much faster, I really like it.", "Support called me back within an hour, wonderful.", "Honestly, this made my week."),
}

# Tells when the page is usable: its table is there, a video with its timeline is, and both are painted.
WHEN_USABLE = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('#video .timeline') || !document.querySelector('#videos-table tbody tr')) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.usable = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""

# Milliseconds from a click or a key to the picture that shows what it did.
ACTIONS = """
const done = arguments[arguments.length - 1];
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
async function timed(act, condition) {
  const start = performance.now();
  act();
  do await painted(); while (!condition());
  return performance.now() - start;
}
const all = (selector) => [...document.querySelectorAll(selector)];
const name = () => all('#video-heading')[0].textContent;
const rows = () => all('#videos-table tbody')[0].textContent;
const shown = () => all('#shown')[0].textContent;
(async () => {
  const times = {};
  const before = rows();
  times['sort by intensity'] = await timed(() => all('#videos-table th button').find((b) => b.textContent === 'Intensity').click(), () => rows() !== before);
  const sorted = rows();
  times['turn the page'] = await timed(() => all('#videos-table .pages button')[1].click(), () => rows() !== sorted);
  const opened = name();
  times['switch to another video'] = await timed(() => all('#videos-table tbody button')[4].click(), () => name() !== opened);
  const count = shown();
  times['filter by sentiment'] = await timed(() => {
    const label = document.getElementById('filter').elements.label;
    label.value = 'positive';
    label.dispatchEvent(new Event('change', { bubbles: true }));
  }, () => shown() !== count);
  done(times);
})();
"""


def verdict(chance, mood):
    intensity = max(-2, min(2, chance.gauss(mood, 0.9)))
    weights = [math.exp(-1.6 * intensity), math.exp(1.4 - abs(intensity)), math.exp(1.6 * intensity)]
    probabilities = [weight / sum(weights) for weight in weights]
    emotions = [chance.random() for _ in EMOTIONS]
    return {"sentiment": {"label": LABELS[probabilities.index(max(probabilities))],
                          "probabilities": {name: round(p, 6) for name, p in zip(LABELS, probabilities)}, "intensity": round(intensity, 6)},
            "emotions": {name: round(e / sum(emotions), 6) for name, e in zip(EMOTIONS, emotions)}}


def result(chance, number, segments):
    mood = chance.gauss(0, 0.7)
    start, said = 0, []
    for _ in range(segments):
        end = round(start + chance.uniform(1.5, 7), 3)
        judged = verdict(chance, mood)
        said.append({"start": start, "end": end, "text": chance.choice(WORDS[judged["sentiment"]["label"]]), "frames": 8, "faces": 8,
                     "modalities": {"text": True, "visual": True}, **judged})
        start = end
    return {"schema": "vsa.result/1", "id": None, "video": {"path": f"calls/2026-{1 + number % 12:02}-{1 + number % 28:02}-{number:05}.mp4", "duration": start},
            "model": {"name": "default-en", "version": "1", "sha256": "0", "dtype": "fp32"}, **verdict(chance, mood), "segments": said, "warnings": []}


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1920,1080", "--hide-scrollbars"):
        options.add_argument(argument)
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WHEN_USABLE})
    return driver


def open_and_act(page):
    driver = browser()
    try:
        driver.get(page.as_uri())
        while (usable := driver.execute_script("return window.usable")) is None:
            time.sleep(0.05)
        return {"open until usable": usable, **driver.execute_async_script(ACTIONS)}
    finally:
        driver.quit()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--videos", type=int, default=1000)
    parser.add_argument("--segments", type=int, default=200)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vsa_report_bench.") as folder:
        results, page = Path(folder) / "results.jsonl", Path(folder) / "report.html"
        chance = random.Random(1)
        with results.open("w") as lines:
            for number in range(arguments.videos):
                lines.write(json.dumps(result(chance, number, arguments.segments)) + "\n")
        runs = []
        for _ in range(arguments.runs):
            start = time.monotonic()
            subprocess.run([arguments.program, "report", results, "--output", page], check=True)
            runs.append({"make the page": (time.monotonic() - start) * 1000, **open_and_act(page)})
        print(f"{arguments.videos} videos with {arguments.segments} segments each: results of {results.stat().st_size / 1e6:.1f} MB, "
              f"a page of {page.stat().st_size / 1e6:.1f} MB. {arguments.runs} runs.\n")
    print("| what | ms |\n|---|---|")
    for what in runs[0]:
        times = [run[what] for run in runs]
        print(f"| {what} | {statistics.median(times):.0f} ({min(times):.0f}-{max(times):.0f}) |")


if __name__ == "__main__":
    main()
