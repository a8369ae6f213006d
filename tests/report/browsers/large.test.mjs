// Pages of a million segments in Chromium and Firefox: what is drawn does not grow with them.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { BROWSERS, drawn, launch, openPage } from './browsers.mjs';
import { Folder } from './results.mjs';

const MOST_ELEMENTS = 20000;  // a screen has some thousands of pixels

const folder = new Folder();
after(() => folder.remove());

for (const [what, videos, segments] of [['one video', 1, 1000000], ['5,000 videos', 5000, 200]]) {
  describe(`a million segments of ${what}`, () => {
    let start = performance.now();
    const seconds = () => {
      const passed = (performance.now() - start) / 1000;
      start = performance.now();
      return `${passed.toFixed(1)} s`;
    };
    folder.writeMany(videos, segments);
    console.log(`# ${what}: results written in ${seconds()}`);
    const report = folder.reportOfFile();
    console.log(`# ${what}: page made in ${seconds()}`);

    it('are all taken', () => assert.deepEqual([report.status, report.faults], [0, []]));

    for (const name of BROWSERS) {
      it(`open, sort, zoom and print in ${name}`, async (t) => {
        const browser = await launch(name);
        try {
          seconds();
          const { page, done } = await openPage(browser, report, { timeout: 600000 });
          t.diagnostic(`usable in ${seconds()}`);
          const text = (selector) => page.$eval(selector, (node) => node.textContent);
          const click = async (selector) => {
            await page.$eval(selector, (node) => node.click());
            await drawn(page);
          };
          const elements = async () => assert.ok(await page.evaluate(() => document.querySelectorAll('body *').length) < MOST_ELEMENTS + videos);
          assert.match(await text('#summary'), videos > 1 ? /^5,000 videos · 1,000,000 segments$/ : /^1 video · 1,000,000 segments$/);
          await elements();
          for (const heading of [2, 4, 1]) {
            await click(`#video th:nth-child(${heading}) button`);
            t.diagnostic(`segments sorted by ${await text(`#video th:nth-child(${heading})`)} in ${seconds()}`);
          }
          for (let i = 0; i < 3; ++i) await click('.zoom button');
          await elements();
          await page.$eval('.timeline', (node) => node.dispatchEvent(new KeyboardEvent('keydown', { key: 'End' })));
          assert.match(await text('.readout'), new RegExp(`Sentence ${segments - 1} of this call\\.`));
          assert.match(await text('#video tr[aria-current=true]'), new RegExp(`Sentence ${segments - 1} of this call\\.`));
          t.diagnostic(`zoomed and went to the end in ${seconds()}`);
          if (videos > 1) {
            await page.$eval('[name=text]', (input) => {
              input.value = 'call-2026-03';
              input.dispatchEvent(new Event('input', { bubbles: true }));
            });
            await page.waitForFunction(() => /of 5,000$/.test(document.getElementById('shown').textContent));
            t.diagnostic(`filtered in ${seconds()}`);
          }
          await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
          await elements();
          assert.ok(await page.evaluate(() => document.querySelectorAll('#video tbody tr').length) <= 1000);
          if (videos === 1) assert.equal(await text('#video caption'), 'Segments: the first 1,000 of 1,000,000');
          await page.evaluate(() => dispatchEvent(new Event('afterprint')));
          t.diagnostic(`made ready for paper in ${seconds()}`);
          await done();
        } finally {
          await browser.close();
        }
      });
    }
  });
}
