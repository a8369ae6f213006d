#!/usr/bin/python3
"""The page of `vsa report` in a headless Chromium: report_page_test.py PROGRAM. Needs Debian's packages alone."""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = sys.argv.pop(1)
EMOTIONS = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise")
HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'> <!-- \" ' \u2028 \u202e\u05e9\u05dc\u05d5\u05dd \U0001F600"


def verdict(intensity):
    label = "negative" if intensity < -0.5 else "positive" if intensity > 0.5 else "neutral"
    probabilities = {name: 0.8 if name == label else 0.1 for name in ("negative", "neutral", "positive")}
    return {"sentiment": {"label": label, "probabilities": probabilities, "intensity": intensity},
            "emotions": {name: 0.4 if name == "happy" else 0.1 for name in EMOTIONS}}


def result(path, intensity, segments, warnings=()):
    return {"schema": "vsa.result/1", "id": None, "video": {"path": path, "duration": segments[-1][1]},
            "model": {"name": "m", "version": "1", "sha256": "0", "dtype": "fp32"}, "modalities": {"text": True, "visual": False}, **verdict(intensity),
            "segments": [{"start": start, "end": end, "text": text, "modalities": {"text": True, "visual": False}, **verdict(of)}
                         for start, end, text, of in segments],
            "warnings": [{"code": "subtitle_empty", "message": message} for message in warnings]}


# A word for its verdict, one against it, and hostile ones between; places count code points, as Python's do.
EXPLAINED_TEXT = f"\U0001F600\U0001F469\u200D\U0001F4BB \u05e9\u05dc\u05d5\u05dd <b>love</b> {HOSTILE} </script> e\u0301tat"
SCORES = {"love": 0.4, "\u05e9\u05dc\u05d5\u05dd": -0.1, HOSTILE: 0.02, "e\u0301tat": 0.001}


def explained(path):
    """Its first segment says why; the face is where the sample has one."""
    words = sorted(({"word": word, "start": EXPLAINED_TEXT.index(word), "end": EXPLAINED_TEXT.index(word) + len(word), "score": score}
                    for word, score in SCORES.items()), key=lambda word: word["start"])
    video = result(path, 0.4, [(0, 4, EXPLAINED_TEXT, 2.0), (4, 12, "", 0.0)])
    video["video"].update(width=640, height=360)
    video["segments"][0]["explanation"] = {
        "method": "leave-one-out", "text": {**verdict(2.5), "changed": {"probability": 0.5, "intensity": 2.4}},
        "visual": {"sentiment": None, "emotions": None, "changed": {"probability": -0.033, "intensity": -0.4}}, "words": words,
        "faces": [{"time": 0.5, "box": [212, 72, 130, 149], "score": 0.03}, {"time": 1, "box": [0, 0, 10, 10], "score": -0.5}]}
    return video


def with_audience():
    video = result("sample.mp4", 0.4, [(0, 12, "Good.", 2.0)])
    windows = [{"start": 0, "end": 5, "comments": 2, **verdict(-1.0)}, {"start": 5, "end": 10, "comments": 7, "sentiment": None, "emotions": None},
               {"start": 10, "end": 12, "comments": 0, "sentiment": None, "emotions": None}]
    video["audience"] = {"path": HOSTILE, "encoding": "UTF-8", "comments": 9, **verdict(-1.0), "windows": windows, "moments": [windows[1], windows[0]]}
    return video


def heard():
    """Words that were heard surely, hardly, and none; the language is hostile."""
    video = result("sample.mp4", 0.4, [(0, 4, "Good.", 2.0), (4, 8, HOSTILE, -2.0), (8, 12, "", 0.0)])
    video["speech"] = {"language": HOSTILE, "probability": 0.9}
    video["segments"][0]["confidence"] = 0.95
    video["segments"][1]["confidence"] = 0.3
    return video


SAMPLE = result("sample.mp4", 0.4, [(0, 4, "Good.", 2.0), (4, 8, HOSTILE, 0.0), (8, 12, "Bad.", -2.0)], [HOSTILE])
FAILED = {"schema": "vsa.result/1", "id": None, "video": {"path": HOSTILE + ".mp4"}, "error": {"kind": "input", "message": HOSTILE}}
MANY = [SAMPLE, FAILED] + [result(f"call-2026-{1 + i // 20:02}-{1 + i % 20:02}.mp4", (i % 7 - 3) / 1.5, [(0, 3, f"Call {i}.", 1.0)]) for i in range(60)]


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="vsa_report."))
        shutil.copy(ROOT / "samples/sample.mp4", cls.folder)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1920,1080"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        cls.browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        shutil.rmtree(cls.folder)

    def open(self, results, width=1920, scheme="light"):
        lines = self.folder / "results.jsonl"
        lines.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in results), encoding="utf-8")
        subprocess.run([PROGRAM, "report", lines, "--output", self.folder / "report.html"], check=True)
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 1080, "deviceScaleFactor": 1, "mobile": False})
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}  # clicks do not wait for scrolling
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": k, "value": v} for k, v in features.items()]})
        self.browser.get_log("performance")
        self.browser.get((self.folder / "report.html").as_uri())
        self.until(lambda: self.all("#video-heading"))

    def tearDown(self):
        """Whatever was done: no error, no request but for the page and the video, no script but ours."""
        self.assertEqual(self.browser.get_log("browser"), [])
        messages = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        urls = {message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"}
        urls = {url for url in urls if not url.startswith("data:")}
        self.assertLessEqual(urls, {(self.folder / name).as_uri() for name in ("report.html", "sample.mp4")})
        self.assertIsNone(self.browser.execute_script("return window.broken"))
        self.assertEqual(self.browser.find_elements(By.CSS_SELECTOR, "img[src=x]"), [])

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def until(self, condition):
        # An element that was looked up may be drawn anew before it is asked.
        WebDriverWait(self.browser, 30, ignored_exceptions=[StaleElementReferenceException]).until(lambda _: condition())

    def time(self):
        return self.browser.execute_script("return document.querySelector('video').currentTime")

    def click_at(self, share, height=0.5):
        """Clicks the timeline at a share of its clock and of its height."""
        timeline = self.one(".timeline")
        left, right = 30, 10  # margins
        width = timeline.size["width"]
        x = left + share * (width - left - right) - width / 2
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", timeline)
        ActionChains(self.browser).move_to_element_with_offset(timeline, round(x), round((height - 0.5) * timeline.size["height"])).click().perform()

    def test_a_click_on_the_timeline_seeks_and_marks(self):
        self.open([SAMPLE])
        self.until(lambda: self.browser.execute_script("return document.querySelector('video').readyState >= 1"))
        self.click_at(0.75)
        self.until(lambda: abs(self.time() - 9) < 0.2)
        self.assertIn("Bad.", self.one(".readout").text)
        self.assertIn("Bad.", self.one("#video tr[aria-current=true]").text)
        self.assertEqual(self.one(".timeline").get_attribute("aria-valuenow"), "3")

    def test_keys_go_through_the_segments(self):
        self.open([SAMPLE])
        timeline = self.one(".timeline")
        timeline.send_keys(Keys.ARROW_RIGHT)
        timeline.send_keys(Keys.ARROW_RIGHT)
        self.assertEqual(self.time(), 4)
        self.assertIn("neutral, 80\u00a0% sure, intensity 0.0", timeline.get_attribute("aria-valuetext"))
        timeline.send_keys(Keys.END)
        self.assertEqual(self.time(), 8)

    def test_the_segment_that_plays_is_marked(self):
        self.open([SAMPLE])
        self.browser.execute_script("const v = document.querySelector('video'); v.muted = true; v.currentTime = 3.5; return v.play()")
        self.until(lambda: self.time() > 4.2)
        self.assertIn("0:04", self.one("#video tr[aria-current=true]").text)
        self.browser.execute_script("document.querySelector('video').pause()")

    def test_words_are_shown_as_they_are(self):
        self.open([SAMPLE])
        self.click_at(0.5)
        self.assertEqual(self.browser.execute_script("return document.querySelector('.readout .words').textContent"), HOSTILE)
        self.assertIn("<script>window.broken", self.one(".warnings").text)
        ActionChains(self.browser).move_to_element_with_offset(self.one(".timeline"), -300, 0).perform()
        self.assertIn("Good.", self.one(".readout").text)

    def test_words_are_tinted_by_what_they_did(self):
        self.open([explained("sample.mp4")])
        self.click_at(0.1)
        self.assertEqual(self.one(".readout .words").get_property("textContent"), EXPLAINED_TEXT)
        marks = {mark.get_property("textContent"): mark for mark in self.all(".readout .words mark")}
        self.assertEqual(list(marks), ["\u05e9\u05dc\u05d5\u05dd", "love", HOSTILE], "e\u0301tat did nothing")
        self.assertEqual(marks["love"].get_attribute("title"), "+40.0 points for positive")
        self.assertEqual(marks["\u05e9\u05dc\u05d5\u05dd"].get_attribute("title"), "\u221210.0 points against positive")
        styles = [marks[word].value_of_css_property("text-decoration-style") for word in ("love", "\u05e9\u05dc\u05d5\u05dd")]
        self.assertEqual(styles, ["solid", "dashed"])
        self.assertNotEqual(marks["love"].value_of_css_property("background-color"), marks[HOSTILE].value_of_css_property("background-color"))
        self.assertIn("love +40.0", self.one(".explanation").text)

    def test_words_that_were_heard_are_marked_and_paler_where_less_sure(self):
        self.open([heard()])
        self.assertEqual(self.one(".heard").get_property("textContent"), "words heard, in " + HOSTILE)
        self.click_at(0.1)
        self.assertIn("heard 95 % sure", self.one(".readout").text)
        surely = self.one(".readout .words").value_of_css_property("opacity")
        self.click_at(0.5)
        hardly = self.one(".readout .words")
        self.assertEqual(hardly.get_property("textContent"), HOSTILE)
        self.assertEqual(hardly.get_attribute("title"), "heard, 30\u00a0% sure")
        self.assertEqual((float(surely), float(hardly.value_of_css_property("opacity"))), (1, 0.78))
        self.assertIn("Heard, 30\u00a0% sure: ", self.one(".timeline").get_attribute("aria-valuetext"))
        self.click_at(0.9)
        self.assertNotIn("heard", self.one(".readout").text)
        english = heard()
        english["speech"]["language"] = "en"
        self.open([english])
        self.assertEqual(self.one(".heard").text, "words heard, in English")
        self.open([SAMPLE])
        self.assertEqual(self.all(".heard"), [])
        self.assertNotIn("heard", self.one("#video").text)

    def test_what_words_and_pictures_changed_adds_up(self):
        self.open([explained("sample.mp4")])
        self.click_at(0.1)
        rows = [row.text for row in self.all(".parts tbody tr")]
        self.assertEqual(rows, ["even odds 33.3 % 0.0", "words positive 80 % +50.0 +2.4", "pictures \u2013 \u22123.3 \u22120.4",
                                "together positive 80 % 80.0 % +2.0"])

    def test_the_deciding_face_is_cut_from_the_video(self):
        self.open([explained("sample.mp4")])
        self.click_at(0.1)
        self.until(lambda: self.one(".deciding-face canvas").is_displayed())
        self.assertGreater(len(self.one(".deciding-face canvas").screenshot_as_png), 5000, "an empty one has less")
        self.assertIn("0:00.5, +3.0 points", self.one(".deciding-face").text)
        self.assertLess(abs(self.time() - 1.2), 0.2, "the video itself is where the click was")

    def test_without_the_video_it_is_told(self):
        self.open([explained("gone.mp4")])
        self.click_at(0.1)
        self.assertIn("0:00.5, +3.0 points", self.one(".deciding-face").text)
        self.assertEqual(self.all(".deciding-face canvas"), [])
        self.click_at(0.9)
        self.assertEqual(self.all(".explanation"), [])

    def test_the_audience_is_a_strip_and_its_moments_seek(self):
        self.open([with_audience()])
        bars = self.all(".comments rect")
        self.assertEqual([bar.get_attribute("class") for bar in bars], ["negative", "none"], "none without comments")
        self.assertEqual(bars[1].get_property("textContent"), "0:05 \u2013 0:10: 7 comments")
        self.click_at(0.25, 0.9)
        self.until(lambda: abs(self.time() - 3) < 0.2)
        moments = self.all(".audience-moments button")
        self.assertEqual([moment.text for moment in moments], ["0:05 7 comments", "0:00 2 comments negative \u22121.0"])
        moments[0].click()
        self.until(lambda: self.time() == 5)
        self.one(".audience summary").click()
        self.all(".audience tbody button")[2].click()
        self.until(lambda: self.time() == 10)

    def test_what_judged_the_audience_is_named_where_it_is_not_what_judged_the_video(self):
        comments = "9 comments; on average negative, intensity \u22121.0"
        for model, named in ({"name": "m"}, ""), ({"name": HOSTILE}, f", judged by {HOSTILE} 1, fp32"):
            video = with_audience()
            video["audience"]["model"] = {**video["model"], **model}
            self.open([video])
            self.assertEqual(self.one(".audience p").get_property("textContent"), f"{comments}{named}. They are no part of the verdict on the video.")

    def test_the_video_that_was_chosen_last_is_shown(self):
        self.open(MANY)
        first, last = self.browser.execute_script(
            "const rows = document.querySelectorAll('#videos-table tbody button'); rows[2].click(); rows[5].click();"
            "return [rows[2].textContent, rows[5].textContent]")
        self.until(lambda: self.one("#video-heading").text == last)
        self.all("#videos-table tbody button")[2].click()
        self.until(lambda: self.one("#video-heading").text == first)

    def test_failures_are_shown_as_such(self):
        self.open([FAILED])
        self.assertIn("onerror", self.one(".error").text)
        self.assertEqual(self.all("video"), [])

    def column(self, number):
        return [cell.text for cell in self.all(f"#videos-table tbody td:nth-child({number})")]

    def test_the_table_sorts_and_turns(self):
        self.open(MANY)
        self.assertEqual(len(self.column(1)), 25)
        heading = self.all("#videos-table th")[3]
        heading.find_element(By.TAG_NAME, "button").click()
        self.assertEqual(heading.get_attribute("aria-sort"), "descending")
        self.assertEqual(self.column(4)[:9], ["+2.0"] * 8 + ["+1.3"])
        heading.find_element(By.TAG_NAME, "button").click()
        self.assertEqual(self.column(4)[0], "\u22122.0")
        for _ in range(2):
            self.all("#videos-table .pages button")[1].click()
        self.assertEqual(self.column(4)[-1], "\u2013", "failures are last")
        self.assertIn("51 to 62 of 62", self.one("#videos-table .pages").text)

    def test_the_filter_narrows_table_and_charts(self):
        self.open(MANY)
        shown = self.one("#shown")
        Select(self.one("[name=label]")).select_by_value("positive")
        self.until(lambda: shown.text == "24 videos of 62")
        self.assertEqual(set(self.column(3)), {"positive"})
        self.assertEqual(self.one("#labels svg").get_attribute("aria-label"), "positive: 24")
        self.one("[name=from]").send_keys("1.9")
        self.until(lambda: shown.text == "8 videos of 62")
        self.one("[type=reset]").click()
        self.until(lambda: shown.text == "All 62 videos")
        Select(self.one("[name=failures]")).select_by_value("only")
        self.until(lambda: shown.text == "1 video of 62")
        self.one("[type=reset]").click()
        self.one("[name=confidence]").send_keys("90")
        self.until(lambda: shown.text == "0 videos of 62")
        self.one("[type=reset]").click()
        self.one("[name=text]").send_keys("2026-02-1")
        self.until(lambda: shown.text == "10 videos of 62")

    def test_a_row_opens_its_video_and_dates_make_a_trend(self):
        self.open(MANY)
        self.assertTrue(self.one("#trend svg").is_displayed())
        self.all("#videos-table tbody button")[3].click()
        self.until(lambda: self.one("#video-heading").text == self.column(1)[3])
        self.all(".moment")[-1].click()
        self.until(lambda: self.one("#video-heading").text == "sample.mp4")
        self.until(lambda: self.time() == 8)

    def test_fits_narrow_and_wide_screens_light_and_dark(self):
        for width in (360, 1920):
            for scheme in ("light", "dark"):
                self.open(MANY, width, scheme)
                self.assertTrue(self.browser.execute_script("const page = document.documentElement; return page.scrollWidth <= page.clientWidth"))
                self.assertNotEqual(self.one("#video").value_of_css_property("scrollbar-color"), "auto", "Firefox's are white in the dark")
                background = self.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
                self.assertEqual(background, {"light": "rgb(244, 245, 247)", "dark": "rgb(18, 20, 24)"}[scheme])

    def test_paper_holds_all_rows(self):
        self.open(MANY)
        self.browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(len(self.all("#videos-table tbody tr")), 62)
        self.browser.execute_script("window.dispatchEvent(new Event('afterprint'))")
        self.assertEqual(len(self.all("#videos-table tbody tr")), 25)


if __name__ == "__main__":
    unittest.main()
