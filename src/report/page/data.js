"use strict";
// What the page is about, read from the elements that hold it, and how figures are written.

const { sentiments: LABELS, emotions: EMOTIONS } = readData("classes");

// What a modality of a result is called; one that is not named here has its own name.
const MODALITY_NAMES = { text: "words", visual: "pictures" };

function readData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// Figures come in thousandths, times in milliseconds.
function readVerdict(row) {
  if (!row) return { label: null, confidence: null, intensity: null, emotions: null };
  const [label, probabilities, intensity, emotions] = row;
  return {
    label: LABELS[label],
    confidence: probabilities[label] / 1000,
    intensity: intensity / 1000,
    emotions: emotions ? emotions.map((p) => p / 1000) : null,
  };
}

// What a modality did: its verdict alone, and what it changed of the label's probability and of the intensity.
function readPart([alone, probability, intensity], name) {
  return { name, alone: readVerdict(alone), probability: probability / 1000, intensity: intensity / 1000 };
}

// Places of words count code points; a face's box is in shares of the picture's sides.
function readExplanation({ parts, words, face }, modalities) {
  return {
    parts: parts.map((part, i) => readPart(part, modalities[i])),
    words: words.map(([start, end, score]) => ({ start, end, score: score / 1000 })),
    face: face ? { time: face[0] / 1000, score: face[1] / 1000, box: face.slice(2).map((share) => share / 1000) } : null,
  };
}

// How sure the recogniser of speech is of words; null of words that were not heard.
function readHeard(thousandths) {
  return thousandths === undefined ? null : thousandths / 1000;
}

function readSegment([start, end, verdict, text, evidence, explanation, heard], index, modalities) {
  return { index, start: start / 1000, end: end / 1000, ...readVerdict(verdict), text, evidence: evidence.map((i) => modalities[i]),
    explanation: explanation ? readExplanation(explanation, modalities) : null, heard: readHeard(heard) };
}

function readMoment(video, [index, start, end, verdict, text, heard]) {
  return { video, index, start: start / 1000, end: end / 1000, ...readVerdict(verdict), text, heard: readHeard(heard) };
}

function readVideo(row, index) {
  const video = {
    index,
    path: row.path,
    name: row.path.replace(/.*[/\\](?=.)/, ""),
    id: row.id === undefined ? null : row.id,
    url: row.url || null,
    date: row.date || null,
    error: row.error === undefined ? null : row.error,
    duration: row.duration === undefined ? null : row.duration / 1000,
    model: row.model || null,
    heard: row.heard === undefined ? null : row.heard,  // the language, where its words are heard speech
    segments: row.segments === undefined ? null : row.segments,
    warnings: row.warnings || 0,
    ...readVerdict(row.verdict),
  };
  video.moments = (row.moments || []).map((moment) => readMoment(video, moment));
  return video;
}

function readWindow([start, end, verdict, comments]) {
  return { start: start / 1000, end: end / 1000, ...readVerdict(verdict), comments };
}

function readAudience({ comments, model, verdict, windows, moments }) {
  return { comments, model: model || null, ...readVerdict(verdict), windows: windows.map(readWindow), moments: moments.map(readWindow) };
}

// Of a video that did not fail: its segments, audience and warnings. They are packed, and unpacked when it is looked at.
async function readDetails(video) {
  const bytes = atob(document.getElementById(`details-${video.index}`).textContent);
  const packed = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; ++i) packed[i] = bytes.charCodeAt(i);
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const { modalities, segments, audience, warnings } = await new Response(unpacked).json();
  const names = modalities.map((key) => MODALITY_NAMES[key] || key);
  return { segments: segments.map((row, i) => readSegment(row, i, names)), audience: audience ? readAudience(audience) : null, warnings };
}

// The class that colours a video or a segment.
function classOf(item) {
  return item.error != null ? "failed" : item.label || "none";
}

function labelText(item) {
  return item.error != null ? "failed" : item.label || "no evidence";
}

function formatCount(n) {
  return n.toLocaleString("en");
}

function plural(n, one, many) {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

function formatIntensity(value) {
  if (value === null) return "–";
  const text = Math.abs(value).toFixed(1);
  return text === "0.0" ? text : (value < 0 ? "−" : "+") + text;
}

// A difference of probabilities, in percentage points.
function formatPoints(value) {
  const text = Math.abs(value * 100).toFixed(1);
  return text === "0.0" ? text : (value < 0 ? "−" : "+") + text;
}

function formatShare(value) {
  return value === null ? "–" : `${Math.round(value * 100)}\u00a0%`;
}

function formatTime(seconds) {
  if (seconds === null) return "–";
  const whole = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// To a tenth of a second, for what is short.
function formatTenths(seconds) {
  const tenths = Math.round(seconds * 10);
  return formatTime(tenths / 10) + (tenths % 10 ? `.${tenths % 10}` : "");
}

function formatSpan({ start, end }) {
  return `${formatTenths(start)} – ${formatTenths(end)}`;
}

// "en" as "English"; what is no tag, or a language without a name, as it is.
function formatLanguage(tag) {
  return /^[a-z]{2,3}$/.test(tag) ? new Intl.DisplayNames(["en"], { type: "language" }).of(tag) : tag;
}

function strongestEmotion(item) {
  if (!item.emotions) return null;
  const best = d3.scan(item.emotions, (a, b) => b - a);
  return { name: EMOTIONS[best], share: item.emotions[best] };
}

// What comes from the results beside other text: its marks of direction end with it.
function isolate(text) {
  return element("bdi", null, text);
}

// An element with its properties and children. Strings become text, never markup.
function element(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

// Words that were heard are paler where it is less sure what was said, but never too pale to be read: on the strongest tint
// their contrast is 4.5.
const heardOpacity = d3.scaleLinear([0.4, 0.9], [0.78, 1]).clamp(true);

function markHeard(node, { heard, text }) {
  if (heard === null || !text) return node;
  node.title = `heard, ${formatShare(heard)} sure`;
  node.style.opacity = heardOpacity(heard);
  return node;
}

function tag(item) {
  return element("span", { className: "tag" }, element("i", { className: `swatch ${classOf(item)}` }), labelText(item));
}
