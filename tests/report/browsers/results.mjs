// Results to make pages of: a real one, hostile ones made of it, and very many.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAM = path.resolve(process.env.VSA_PROGRAM ?? path.join(ROOT, 'build/release/vsa'));

// What a text may hold to become more than text.
export const HOSTILE = '<script>broken=1</script></script><script>broken=2</script><!--<img src=x onerror="broken=3"><svg/onload=broken=4>' +
  '\'"`{{script}}${broken=5}javascript:broken=6 \u2028\u2029\u202e\u2066\u200f\u0000\u0007\u001b[31m\ufeff\ufdd0 ]]>&lt;b&gt;&#60; %00 \\u003c';

export class Folder {
  constructor() {
    this.path = fs.mkdtempSync(path.join(os.tmpdir(), 'vsa_browsers.'));
    fs.copyFileSync(path.join(ROOT, 'samples/sample.mp4'), path.join(this.path, 'sample.mp4'));
    this.pages = 0;
  }

  // The sample's result with all that a page shows, but for what is `heard` of speech, which is put in.
  realResult() {
    const comments = Array.from({ length: 12 }, (_, i) => `<d p="${i},1,25">I love this ${i}</d>`);
    fs.writeFileSync(path.join(this.path, 'sample.xml'), `<?xml version="1.0"?><i>${comments.join('')}</i>`);
    const text = execFileSync(PROGRAM, ['classify', 'sample.mp4', '--subs', path.join(ROOT, 'samples/sample.srt'), '--danmaku', 'sample.xml',
      '--explain', '--compact', '--id', 'the sample'], { cwd: this.path, encoding: 'utf8' });
    const result = JSON.parse(text);
    result.date = '2026-03-31';
    result.speech = { language: 'en', probability: 0.98, seconds: 9.5, model: { name: 'speech', version: '1', sha256: '0' } };
    result.segments.forEach((segment, i) => { segment.confidence = 0.2 + i / 10; });
    result.audience.model = { ...result.model, name: 'another' };
    result.warnings = [{ code: 'subtitle_block_skipped', message: 'sample.srt:41: no time' }];
    return result;
  }

  // The page of results: objects, or lines as they are. `faults` are the lines that the program said of others.
  report(results, ...options) {
    const lines = results.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + '\n');
    fs.writeFileSync(path.join(this.path, 'results.jsonl'), lines.join(''));
    return this.reportOfFile(...options);
  }

  reportOfFile(...options) {
    const name = `report-${++this.pages}.html`;
    const run = spawnSync(PROGRAM, ['report', 'results.jsonl', '--output', name, ...options], { cwd: this.path, encoding: 'utf8', maxBuffer: 1e9 });
    if (run.status !== 0 && run.status !== 1) throw new Error(`vsa report: ${run.status ?? run.signal} ${run.stderr}`);
    return { url: pathToFileURL(path.join(this.path, name)).href, videoUrl: pathToFileURL(path.join(this.path, 'sample.mp4')).href,
      status: run.status, faults: run.stderr.split('\n').slice(0, -1) };
  }

  // A file of `videos` with `segments` each.
  writeMany(videos, segments) {
    const file = fs.openSync(path.join(this.path, 'results.jsonl'), 'w');
    for (let v = 0; v < videos; ++v) {
      const { segments: _, ...whole } = invented(`call-2026-${pad(1 + v % 12, 2)}-${pad(1 + v % 28, 2)}-${pad(v, 6)}.mp4`, v, []);
      whole.video.duration = segments * 0.8;
      fs.writeSync(file, JSON.stringify(whole).slice(0, -1) + ',"segments":[');
      for (let s = 0; s < segments; s += 1000) {
        const some = [];
        for (let i = s; i < Math.min(segments, s + 1000); ++i) some.push(JSON.stringify(inventedSegment(i, v)));
        fs.writeSync(file, (s ? ',' : '') + some.join(','));
      }
      fs.writeSync(file, ']}\n');
    }
    fs.closeSync(file);
  }

  remove() {
    fs.rmSync(this.path, { recursive: true });
  }
}

function pad(number, digits) {
  return String(number).padStart(digits, '0');
}

function verdict(number) {
  const intensity = Math.round(2900 * Math.sin(number * 0.37)) / 1000;
  const label = intensity < -0.5 ? 'negative' : intensity > 0.5 ? 'positive' : 'neutral';
  const probabilities = { negative: 0.1, neutral: 0.1, positive: 0.1, [label]: 0.8 };
  return { sentiment: { label, probabilities, intensity },
    emotions: { neutral: 0.4, happy: 0.1, sad: 0.1, angry: 0.1, fear: 0.1, disgust: 0.1, surprise: 0.1 } };
}

function inventedSegment(i, seed) {
  return { start: Math.round(i * 800) / 1000, end: Math.round((i + 1) * 800) / 1000, text: `Sentence ${i} of this call.`, frames: 2, faces: 1,
    modalities: { text: true, visual: true }, ...verdict(i * 7 + seed) };
}

// An invented result; its video is not there.
export function invented(name, seed, segments = Array.from({ length: 40 }, (_, i) => inventedSegment(i, seed))) {
  return { schema: 'vsa.result/1', id: null, video: { path: `gone/${name}`, duration: segments.length * 0.8 || 1 },
    model: { name: 'm', version: '1', sha256: '0', dtype: 'fp32' }, modalities: { text: true, visual: true }, ...verdict(seed * 3), segments, warnings: [] };
}

export function failed(name) {
  return { schema: 'vsa.result/1', id: null, video: { path: name }, error: { kind: 'input', message: `${name}: no such file` } };
}

export function withoutEvidence(name) {
  const none = { sentiment: null, emotions: null };
  const result = { ...invented(name, 0), ...none };
  result.segments = result.segments.map((segment) => ({ ...segment, ...none, text: '', modalities: { text: false, visual: false } }));
  return result;
}

// The paths of all values of a JSON value, as lists of keys; of an array those of its first element alone.
function* paths(value, path = []) {
  if (path.length) yield path;
  if (Array.isArray(value)) {
    if (value.length) yield* paths(value[0], [...path, 0]);
  } else if (value !== null && typeof value === 'object') {
    for (const key of Object.keys(value)) yield* paths(value[key], [...path, key]);
  }
}

// `result` with what `change(parent, key)` does to the value at `path`. Its id tells what it was, unless that is what is changed.
function changed(result, path, what, change) {
  const copy = structuredClone(result);
  copy.id = `${path.join('.')} ${what}`;
  change(path.slice(0, -1).reduce((value, key) => value[key], copy), path[path.length - 1]);
  return copy;
}

// A result for each string of `result`, which is HOSTILE there.
export function withHostileStrings(result) {
  const all = [];
  for (const path of paths(result)) {
    if (typeof path.reduce((value, key) => value[key], result) !== 'string') continue;
    all.push(changed(result, path, 'hostile', (parent, key) => { parent[key] = HOSTILE; }));
  }
  return all;
}

// `result` with a modality of that name: a key that is shown.
export function withHostileModality(result) {
  const copy = structuredClone(result);
  for (const has of [copy, ...copy.segments]) has.modalities[HOSTILE] = true;
  for (const { explanation } of copy.segments) if (explanation) explanation[HOSTILE] = explanation.text;
  return copy;
}

// A line for each value of `result` and each way in which it can be wrong: of another type, out of range, not there, there
// twice, or no JSON.
export function withWrongValues(result) {
  const lines = [];
  for (const path of paths(result)) {
    const value = path.reduce((parent, key) => parent[key], result);
    for (const wrong of [null, true, '1', [], {}, [[]], -1, 1e308, 1e-320, 0.5])
      lines.push(JSON.stringify(changed(result, path, JSON.stringify(wrong), (parent, key) => { parent[key] = wrong; })));
    lines.push(JSON.stringify(changed(result, path, 'missing', (parent, key) => {
      if (Array.isArray(parent)) parent.length = 0;
      else delete parent[key];
    })));
    const raw = (what, text) => lines.push(JSON.stringify(changed(result, path, what, (parent, key) => { parent[key] = '@raw@'; }))
      .replace('"@raw@"', () => text));
    if (typeof value === 'number') for (const token of ['NaN', '-Infinity', '1e999', '0x1', '01', '1.']) raw(token, token);
    const key = path[path.length - 1];
    if (typeof key === 'string') raw('twice', `{"a":[1]},${JSON.stringify(key)}:${JSON.stringify(value)}`);
  }
  return lines;
}
