// The page of `vsa report` in Chromium and Firefox: with hostile results, by keyboard alone, and by the rules of axe-core.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';

import { BROWSERS, drawn, launch, openPage } from './browsers.mjs';
import { failed, Folder, HOSTILE, invented, withHostileModality, withHostileStrings, withoutEvidence, withWrongValues } from './results.mjs';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const folder = new Folder();
const real = folder.realResult();
after(() => folder.remove());

// Both browsers look at the same pages.
const hostileLines = [withHostileModality(real), ...withHostileStrings(real), ...withHostileStrings(failed('a.mp4'))];
const hostile = folder.report(hostileLines, '--thumbnails');
const wrongLines = [...withWrongValues(small(real)), ...withWrongValues(failed('a.mp4'))];
const wrong = folder.report(wrongLines);
const many = folder.report([real, failed('gone.mp4'), withoutEvidence('silent.mp4'), ...Array.from({ length: 60 }, (_, i) =>
  invented(`call-2026-${String(1 + i % 12).padStart(2, '0')}-01-${i}.mp4`, i))], '--thumbnails');
const PAGES = {
  'many videos': many,
  'a video': folder.report([real], '--thumbnails'),
  'a video that is gone': folder.report([{ ...real, video: { ...real.video, path: 'gone.mp4' } }]),
  'a failure': folder.report([failed('gone.mp4')]),
  'no evidence': folder.report([withoutEvidence('silent.mp4')]),
  'hostile texts': hostile,
};

// As little of a result as has each of its values.
function small(result) {
  const copy = structuredClone(result);
  copy.video.path = 'gone.mp4';
  copy.segments = copy.segments.filter(({ explanation }) => explanation && explanation.faces.length && explanation.words.length).slice(0, 1);
  const { explanation } = copy.segments[0];
  explanation.words.length = explanation.faces.length = copy.audience.windows.length = copy.audience.moments.length = 1;
  explanation.faces[0].score = 0.1;
  return copy;
}

describe('what the program says of hostile results', () => {
  const FAULT = /^vsa: results\.jsonl:\d+: (is no JSON; expected a result on one line|is no result; expected "schema": "vsa.result\/1"|[\w.[\]<]+.* (is missing|expected .+))$/s;

  it('is a line for each result that is left out', () => {
    for (const report of [hostile, wrong]) {
      assert.equal(report.status, 1);
      for (const fault of report.faults) assert.match(fault, FAULT);
      assert.equal(new Set(report.faults.map((fault) => fault.split(':')[2])).size, report.faults.length);
    }
    assert.ok(hostile.faults.length < hostileLines.length / 2, 'most texts may be any');
    assert.ok(wrong.faults.length < wrongLines.length);
  });
});

for (const name of BROWSERS) {
  describe(name, () => {
    let browser;
    before(async () => { browser = await launch(name); });
    after(() => browser.close());

    it('shows texts as they are, and what they mark ends with them', async () => {
      const { page, done } = await openPage(browser, hostile);
      await page.evaluate(`window.mixed = ${mixed}; null`);
      const seen = await page.evaluate(visitAll);
      assert.equal(seen.length, hostileLines.length - hostile.faults.length);
      const shown = (what) => seen.filter((video) => video[what].includes(HOSTILE)).length;
      for (const what of ['path', 'facts', 'words', 'warnings', 'error', 'audience', 'from']) assert.ok(shown(what) > 0, what);
      assert.deepEqual([...new Set(seen.flatMap((video) => video.mixed))], []);
      await done();
    });

    it('shows each result that was taken, whatever it holds', async () => {
      const { page, done } = await openPage(browser, wrong);
      const shown = await page.evaluate(showEachKind);
      assert.ok(shown > 50, `${shown} kinds`);
      await done();
    });

    it('is used by keyboard alone: each control is reached, seen to be, and left', async () => {
      for (const report of [many, PAGES['a video']]) {
        const { page, done } = await openPage(browser, report);
        await page.evaluate(openAll);
        const controls = await page.evaluate(markControls);
        const reached = await tabThrough(page);
        assert.deepEqual(controls.filter((control) => !reached.has(control)), [], 'never reached');
        assert.deepEqual([...reached.values()].filter((fault) => fault), []);
        await done();
      }
    });

    it('opens, goes back, turns, sorts and filters by keys', async () => {
      const { page, done } = await openPage(browser, many);
      const text = (selector) => page.$eval(selector, (node) => node.textContent);
      const focus = (selector) => page.$eval(selector, (node) => node.focus());
      const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);

      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');  // Skip to the video
      assert.equal(await focused(), 'video');

      await focus('#videos-table tbody button');
      await page.keyboard.press('ArrowDown');
      const second = await focused();
      await page.keyboard.press('Enter');
      await page.waitForFunction((name) => document.getElementById('video-heading').textContent === name && document.activeElement.id === 'video', {}, second);
      assert.notEqual(await page.$eval('#video', (node) => getComputedStyle(node).outlineStyle), 'none', 'where the focus went is seen');
      await page.keyboard.press('Escape');
      assert.equal(await focused(), second);

      await focus('#videos-table .pages button:last-of-type');
      for (let i = 0; i < 2; ++i) await page.keyboard.press('Enter');
      assert.equal(await text('#videos-table [role=status]'), '51 to 63 of 63');
      assert.equal(await focused(), 'Previous', 'the focus is not lost with the last page');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      assert.equal(await focused(), 'Next');

      await focus('#videos-table th:nth-child(2) button');
      await page.keyboard.press('Enter');
      assert.equal(await page.$eval('#videos-table th:nth-child(2)', (node) => node.ariaSort), 'ascending');

      await focus('[name=text]');
      await page.keyboard.type('call-2026-03');
      await page.waitForFunction(() => document.getElementById('shown').textContent === '5 videos of 63');
      await focus('[type=reset]');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.getElementById('shown').textContent === 'All 63 videos');

      await focus('.moment');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement.id === 'video' && document.querySelector('.timeline').getAttribute('aria-valuetext'));
      await focus('.timeline');
      await page.keyboard.press('End');
      const last = await page.$eval('.timeline', (node) => [node.getAttribute('aria-valuenow'), node.getAttribute('aria-valuemax')]);
      assert.equal(last[0], last[1]);
      await page.keyboard.press('Escape');
      assert.match(await focused(), /^[+−]\d/, 'back at the moment');
      await done();
    });

    for (const scheme of ['light', 'dark']) {
      it(`has nothing serious that axe finds, ${scheme}`, async () => {
        const own = name === 'firefox' && scheme === 'dark' ? await launch(name, scheme) : browser;
        try {
          for (const [what, report] of Object.entries(PAGES)) {
            for (const width of [1920, 360]) {
              const { page, done } = await openPage(own, report, { width, scheme });
              assert.equal(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches), scheme === 'dark');
              await page.evaluate(openAll);
              await drawn(page);
              await page.evaluate(AXE);
              const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
              const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
              assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), [], `${what}, ${width} pixels wide`);
              await done();
            }
          }
        } finally {
          if (own !== browser) await own.close();
        }
      });
    }
  });
}

// The functions below run in the page.

// Chooses every video of the table and every segment of it. Gives what is shown of each.
async function visitAll() {
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const all = (selector) => [...document.querySelectorAll(selector)].map((node) => node.textContent).join('\n');
  const seen = [];
  for (;;) {
    for (const row of document.querySelectorAll('#videos-table tbody tr')) {
      const before = document.getElementById('video-heading'), shown = row.ariaCurrent === 'true';
      row.querySelector('button').click();
      while (!shown && before.isConnected) await painted();
      const timeline = document.querySelector('.timeline');
      for (let i = 0; timeline && i < Number(timeline.getAttribute('aria-valuemax')); ++i) {
        timeline.dispatchEvent(new KeyboardEvent('keydown', { key: i ? 'ArrowRight' : 'Home' }));
        if (i === 0) seen.push({ words: all('.readout .words'), from: all('.readout') });
      }
      if (!timeline) seen.push({ words: '', from: '' });
      Object.assign(seen[seen.length - 1], { path: all('.path'), facts: all('.facts'), warnings: all('.warnings'), error: all('.error'),
        audience: all('.audience'), mixed: mixed() });
    }
    const next = document.querySelector('#videos-table .pages button:last-of-type');
    if (!next.offsetParent || next.disabled) return seen;
    next.click();
  }
}

// Texts with a mark of direction that reaches other text: nothing isolates them from it.
function mixed() {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.includes('\u202e') || node.parentElement.closest('script')) continue;
    let holder = node.parentElement;
    for (let style = getComputedStyle(holder); style.display === 'inline' && !style.unicodeBidi.includes('isolate'); style = getComputedStyle(holder))
      holder = holder.parentElement;
    if (holder.textContent.trim() !== node.data.trim() && !holder.matches('.words, .words *'))
      found.push(`${holder.tagName}.${holder.className}`);
  }
  return found;
}

// Shows each result of which the page knows something that others have not, and chooses each of its segments.
async function showEachKind() {
  const kinds = new Map();
  readData('videos').forEach((row, i) => {
    const details = document.getElementById(`details-${i}`);
    kinds.set(JSON.stringify({ ...row, id: typeof row.id }) + (details ? details.textContent : ''), readVideo(row, i));
  });
  for (const video of kinds.values()) {
    const details = video.error === null ? await readDetails(video) : null;
    const view = showVideo(document.getElementById('video'), video, details);
    for (let i = 0; i < (details ? details.segments.length : 0); ++i) view.pick(i);
  }
  return kinds.size;
}

function openAll() {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const timeline = document.querySelector('.timeline');
  if (timeline) timeline.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home' }));
}

// Gives all that can be used a name of its own.
function markControls() {
  const controls = [...document.querySelectorAll('a[href], button:not(:disabled), input, select, summary, video[controls], [tabindex="0"]')]
    .filter((node) => node.checkVisibility());
  controls.forEach((node, i) => { node.dataset.control = `${i} ${node.tagName} ${node.textContent.slice(0, 20)}`; });
  return controls.map((node) => node.dataset.control);
}

// Goes on by Tab until the focus has left the page or is where it was before. Gives the controls on the way, each with what is wrong
// with how its focus is seen, or ''.
async function tabThrough(page) {
  const reached = new Map();
  for (let last = null, same = 0, presses = 0; presses < 1000 && same < 20; ++presses) {
    await page.keyboard.press('Tab');
    const { left, control, fault } = await page.evaluate(() => {
      const node = document.activeElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
      const control = node.dataset.control ?? null;
      if (control === null) return { left: node === document.body, control };
      const player = node.tagName === 'VIDEO';  // whose own controls, or itself, show it
      if (!player && !node.matches(':focus-visible')) return { control, fault: `${control}: is not shown to have the focus` };
      if (!player && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)) return { control, fault: `${control}: no outline` };
      const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      return { control, fault: inView ? '' : `${control}: is out of view` };
    });
    if (left && reached.size) return reached;
    if (control === null) continue;  // Firefox stops at what scrolls, too
    // A player has several stops of its own.
    same = control === last ? same + 1 : 0;
    if (control !== last && reached.has(control)) return reached;
    last = control;
    reached.set(control, reached.get(control) || fault);
  }
  return reached;
}
