"use strict";
// What the page is about, read from the elements that hold it, and how figures are written.

const LABELS = ["negative", "neutral", "positive"];
const EMOTIONS = ["neutral", "happy", "sad", "angry", "fear", "disgust", "surprise"];

function readData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// Figures come in thousandths, times in milliseconds.
function readVerdict(label, probabilities, intensity, emotions) {
  if (label === undefined) return { label: null, confidence: null, intensity: null, probabilities: null, emotions: null };
  return {
    label: LABELS[label],
    probabilities: probabilities.map((p) => p / 1000),
    confidence: probabilities[label] / 1000,
    intensity: intensity / 1000,
    emotions: emotions ? emotions.map((p) => p / 1000) : null,
  };
}

function readSegment([start, end, text, evidence, ...verdict], index) {
  return { index, start: start / 1000, end: end / 1000, text, evidence, ...readVerdict(...verdict) };
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
    segments: row.segments === undefined ? null : row.segments,
    warnings: row.warnings || 0,
    ...readVerdict(row.label, row.probabilities, row.intensity, row.emotions),
  };
  video.moments = (row.moments || []).map(([i, segment]) => ({ video, ...readSegment(segment, i) }));
  return video;
}

// The segments of a video are read when it is looked at.
function readSegments(video) {
  const { segments, warnings } = readData(`segments-${video.index}`);
  return { segments: segments.map(readSegment), warnings };
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

// To a tenth, for segments of a few seconds.
function formatSpan(segment) {
  const tenth = (seconds) => {
    const tenths = Math.round(seconds * 10);
    return formatTime(tenths / 10) + (tenths % 10 ? `.${tenths % 10}` : "");
  };
  return `${tenth(segment.start)} – ${tenth(segment.end)}`;
}

function strongestEmotion(item) {
  if (!item.emotions) return null;
  const best = d3.scan(item.emotions, (a, b) => b - a);
  return { name: EMOTIONS[best], share: item.emotions[best] };
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

function tag(item) {
  return element("span", { className: "tag" }, element("i", { className: `swatch ${classOf(item)}` }), labelText(item));
}
