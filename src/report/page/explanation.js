// Why a segment has its verdict: its words tinted by what each did for it, what each modality changed, and the face
// that decided.

const STRONGEST_TINT = 40;  // %, with which words can still be read
const FULL_SCORE = 0.1;  // has the strongest tint; a higher one if the segment has it
const LEAST_SCORE = 0.005;  // half a point; less is not shown

// The words of a segment with what spoke for and against its verdict.
function drawWords({ text, label, explanation }) {
  if (!explanation) return [text];
  const points = Array.from(text);
  const full = d3.max([FULL_SCORE, ...explanation.words.map((word) => Math.abs(word.score))]);
  const parts = [];
  let at = 0;
  for (const { start, end, score } of explanation.words) {
    if (Math.abs(score) < LEAST_SCORE) continue;
    const mark = element("mark", { className: score > 0 ? `for ${label}` : "against",
      title: `${formatPoints(score)} points ${score > 0 ? "for" : "against"} ${label}` }, points.slice(start, end).join(""));
    mark.style.setProperty("--tint", `${STRONGEST_TINT * Math.abs(score) / full}%`);
    parts.push(points.slice(at, start).join(""), mark);
    at = end;
  }
  return [...parts, points.slice(at).join("")];
}

// In words and figures what the tints say.
function drawStrongestWords({ text, label, explanation }) {
  const points = Array.from(text);
  const list = (title, className, words) => (words.length ? element("p", { className: "line" }, element("mark", { className }, title),
    ...words.slice(0, 3).map(({ start, end, score }) => element("span", null,
      element("bdi", null, points.slice(start, end).join("")), " ", element("b", null, formatPoints(score))))) : null);
  const scored = explanation.words.filter((word) => Math.abs(word.score) >= LEAST_SCORE);
  const supporting = scored.filter((word) => word.score > 0).sort((a, b) => b.score - a.score);
  const opposing = scored.filter((word) => word.score < 0).sort((a, b) => a.score - b.score);
  return [list(`for ${label}`, `for ${label}`, supporting), list(`against ${label}`, "against", opposing)];
}

function drawParts(segment) {
  const { explanation, label } = segment;
  const percent = (share) => `${(share * 100).toFixed(1)}\u00a0%`;
  const row = (name, verdict, ...figures) => element("tr", null, element("th", { scope: "row" }, name),
    element("td", null, verdict), ...figures.map((figure) => element("td", { className: "number" }, figure)));
  const part = ({ name, alone, probability, intensity }) =>
    row(name, alone.label === null ? "–" : element("span", null, tag(alone), ` ${formatShare(alone.confidence)}`), formatPoints(probability), formatIntensity(intensity));
  return element("table", { className: "plain-table parts" },
    element("thead", null, element("tr", null, ...["Evidence", "Alone", label, "Intensity"]
      .map((title, i) => element("th", { scope: "col", className: i > 1 ? "number" : "" }, title)))),
    element("tbody", null,
      row("even odds", "", percent(1 / LABELS.length), formatIntensity(0)),
      ...explanation.parts.map(part),
      row("together", element("span", null, tag(segment), ` ${formatShare(segment.confidence)}`), percent(segment.confidence), formatIntensity(segment.intensity))));
}

// Cuts faces out of a video by a player of its own that is never shown, so that the shown one plays on.
// Gives a function of a segment with a deciding face to a canvas that gets its picture as soon as the video is there.
function makeFaceCutter(url) {
  const source = element("video", { muted: true, preload: "auto", src: url });
  const size = 240, margin = 1.5;  // pixels; the cut's side by the face's
  const cut = new Map();  // segment to canvas
  let wanted = null;

  source.addEventListener("seeked", () => {
    if (!wanted || source.seeking || !source.videoWidth) return;
    const { segment, canvas } = wanted;
    const [x, y, width, height] = segment.explanation.face.box;
    const side = margin * Math.max(width * source.videoWidth, height * source.videoHeight);
    canvas.getContext("2d").drawImage(source, (x + width / 2) * source.videoWidth - side / 2,
      (y + height / 2) * source.videoHeight - side / 2, side, side, 0, 0, size, size);
    canvas.hidden = false;
    cut.set(segment, canvas);
    wanted = null;
  });

  return (segment) => {
    if (cut.has(segment)) return cut.get(segment);
    const canvas = element("canvas", { width: size, height: size, hidden: true });
    wanted = { segment, canvas };
    source.currentTime = segment.explanation.face.time + 0.001;  // within its frame, not at its edge
    return canvas;
  };
}

function drawDecidingFace(segment, cutFace) {
  const { face } = segment.explanation;
  if (!face) return null;
  return element("figure", { className: "deciding-face" }, cutFace ? cutFace(segment) : null,
    element("figcaption", null, "Deciding face", element("br"), `${formatTenths(face.time)}, `,
      element("b", null, face.score < 0.0005 ? "under 0.1" : formatPoints(face.score)), " points"));
}

// Beside the words: cutFace is null where there is no video.
function drawExplanation(segment, cutFace) {
  if (!segment.explanation) return null;
  return element("div", { className: "explanation" }, drawDecidingFace(segment, cutFace),
    element("div", null, ...drawStrongestWords(segment), drawParts(segment)));
}
