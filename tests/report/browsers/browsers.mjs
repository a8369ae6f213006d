// Chromium and Firefox as Debian packages them, without a screen, and what must hold of every page in them.
import assert from 'node:assert/strict';

import puppeteer from 'puppeteer-core';

export const BROWSERS = ['chromium', 'firefox'];

// `scheme` is light or dark. Firefox takes it at its start alone.
export function launch(name, scheme = 'light') {
  const common = { headless: true, timeout: 120000, protocolTimeout: 600000 };  // a busy machine takes its time
  if (name === 'firefox') {
    return puppeteer.launch({ ...common, browser: 'firefox', executablePath: '/usr/bin/firefox-esr',
      extraPrefsFirefox: { 'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1,
        'ui.systemUsesDarkTheme': scheme === 'dark' ? 1 : 0, 'ui.prefersReducedMotion': 1 } });
  }
  return puppeteer.launch({ ...common, executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--force-prefers-reduced-motion'] });
}

// The page of a report, opened and drawn. `done()` closes it and fails if it said an error, asked for anything but itself and
// the sample's video, or holds an element or a script that is not its own.
export async function openPage(browser, report, { width = 1920, height = 1080, scheme = 'light', timeout = 300000 } = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(timeout);
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  page.on('dialog', (dialog) => faults.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('data:') && url !== report.url && url !== report.videoUrl) faults.push(`request: ${url}`);
  });
  await page.setViewport({ width, height });
  const version = await browser.version();
  if (/chrome/i.test(version)) await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(report.url, { waitUntil: 'domcontentloaded', timeout });
  await page.waitForSelector('#video-heading');
  await drawn(page);
  return {
    page,
    async done() {
      assert.deepEqual(await page.evaluate(foreign), [], 'what is not the page\'s own');
      await page.close();
      assert.deepEqual(faults, []);
    },
  };
}

// When what was done is on the screen.
export function drawn(page) {
  return page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
}

// Runs in the page: whatever of it can only come out of a text.
function foreign() {
  const found = [];
  if (window.broken !== undefined) found.push(`a script ran: ${window.broken}`);
  for (const node of document.querySelectorAll('*')) {
    if (['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'FORM', 'LINK', 'META'].includes(node.tagName) && node.parentElement !== document.head && node.id !== 'filter')
      found.push(node.outerHTML);
    if (node.tagName === 'IMG' && !node.src.startsWith('data:image/jpeg;base64,')) found.push(node.outerHTML);
    for (const { name, value } of node.attributes) {
      if (name.startsWith('on')) found.push(`${node.tagName} ${name}`);
      if (['href', 'src', 'action'].includes(name) && /^\s*javascript:/i.test(value)) found.push(`${node.tagName} ${name}=${value}`);
    }
  }
  return found;
}
