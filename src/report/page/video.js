// One video: the player, its timeline, what is said under the pointer, warnings, and its segments as a table.

const LIST = new Intl.ListFormat("en");
const MANY_SEGMENTS = 500;  // a narrow screen may have fewer pixels

function evidenceText({ evidence }) {
  return evidence.length ? LIST.format(evidence) : "nothing";
}

function drawFacts(video) {
  const fact = (name, value) => (value === null ? null : element("span", null, `${name} `, element("b", null, value)));
  const emotion = strongestEmotion(video);
  return element("p", { className: "facts" },
    element("b", null, tag(video)),
    video.heard === null ? null : element("span", { className: "heard", title: "There are no subtitles: the words are speech that was heard, and some may be misheard." },
      "words heard, in ", element("b", null, formatLanguage(video.heard))),
    fact("intensity", video.error === null ? formatIntensity(video.intensity) : null),
    fact("confidence", video.confidence === null ? null : formatShare(video.confidence)),
    fact("emotion", emotion && `${emotion.name} ${formatShare(emotion.share)}`),
    fact("length", video.duration === null ? null : formatTime(video.duration)),
    fact("date", video.date),
    fact("id", video.id),
    fact("model", video.model));
}

function drawReadout(host, segment, cutFace) {
  if (!segment) {
    host.replaceChildren(element("p", { className: "muted" }, "Point at the timeline, or go through it with the arrow keys."));
    return;
  }
  const figure = (name, value) => element("span", null, `${name} `, element("b", null, value));
  const lines = [element("p", { className: "line" }, element("b", null, formatSpan(segment)), tag(segment),
    figure("intensity", formatIntensity(segment.intensity)), figure("confidence", formatShare(segment.confidence)))];
  if (segment.heard !== null) lines[0].append(figure("heard", `${formatShare(segment.heard)} sure`));
  lines.push(markHeard(element("p", { className: segment.text ? "words" : "words muted", dir: "auto" },
    ...(segment.text ? drawWords(segment) : ["no words"])), segment));
  if (segment.emotions) {
    const order = d3.range(EMOTIONS.length).sort((a, b) => segment.emotions[b] - segment.emotions[a]).slice(0, 3);
    lines.push(element("p", { className: "line" }, ...order.map((i) => figure(EMOTIONS[i], formatShare(segment.emotions[i]))),
      element("span", null, "from ", isolate(evidenceText(segment)))));
  }
  const explanation = drawExplanation(segment, cutFace);
  host.replaceChildren(...lines, ...(explanation ? [explanation] : []));
}

function drawLegends({ segments, audience }) {
  const entry = (name, className) => element("li", null, element("i", { className: `swatch ${className}` }), name);
  return [
    element("ul", { className: "legend" }, ...LABELS.map((label) => entry(label, label)), entry("no evidence", "none"),
      element("li", null, "height: intensity; fainter: less sure"),
      segments.length > MANY_SEGMENTS ? element("li", null, "within a pixel: the strongest, and the mean of emotions") : null,
      segments.some((segment) => segment.heard !== null) ? element("li", null, "paler words: heard less surely") : null),
    element("ul", { className: "legend" }, ...EMOTIONS.map((emotion) => entry(emotion, `e-${emotion}`))),
    audience && element("ul", { className: "legend" }, element("li", null, "below: comments of the audience; height: how many"),
      audience.label === null ? entry("not judged", "unjudged") : null)];
}

// `count` are there, of which the page may hold the first alone.
function drawWarnings(warnings, count) {
  if (!warnings.length) return null;
  return element("ul", { className: "warnings", ariaLabel: "Warnings" },
    ...warnings.map(([code, message]) => element("li", null, element("b", null, code.replace(/_/g, " ")), ": ", isolate(message))),
    count > warnings.length ? element("li", null, `and ${formatCount(count - warnings.length)} more`) : null);
}

function segmentColumns() {
  return [
    { title: "Time", value: (s) => s.start, cell: formatSpan, className: "tag" },
    { title: "Words", value: (s) => s.text || null, cell: (s) => markHeard(element("span", { dir: "auto" }, s.text), s), className: "words" },
    { title: "Sentiment", value: (s) => s.label, cell: tag },
    { title: "Intensity", value: (s) => s.intensity, cell: (s) => formatIntensity(s.intensity), className: "number", descendingFirst: true },
    { title: "Confidence", value: (s) => s.confidence, cell: (s) => formatShare(s.confidence), className: "number secondary", descendingFirst: true },
    { title: "Emotion", value: (s) => (strongestEmotion(s) || { name: null }).name, cell: (s) => (strongestEmotion(s) || { name: "–" }).name, className: "secondary" },
    { title: "From", value: evidenceText, cell: evidenceText, className: "secondary" },
  ];
}

function makePlayer(video) {
  if (!video.url) return null;
  return element("video", { controls: true, preload: "metadata", src: video.url, ariaLabel: video.name, playsInline: true });
}

// Shows `video` in `host`, with its details unless it failed.
function showVideo(host, video, details) {
  const heading = element("h2", { id: "video-heading" }, video.name);
  const path = element("p", { className: "path" }, video.path);
  if (video.error !== null) {
    host.replaceChildren(heading, path, drawFacts(video), element("p", { className: "error" }, video.error));
    return { video, pick() {}, setWhole() {} };
  }
  const { segments, audience, warnings } = details;
  const explained = segments.some((segment) => segment.explanation);
  const player = makePlayer(video);
  const cutFace = player && explained ? makeFaceCutter(video.url) : null;
  const chart = element("div");
  const readout = element("div", { className: explained ? "readout explained" : "readout" });
  const zoom = element("div", { className: "zoom", role: "group", ariaLabel: "Zoom of the timeline" },
    element("span", null, player ? "A click seeks." : "The video was not found when this page was made."),
    element("button", { type: "button", ariaLabel: "Zoom in", onclick: () => timeline.zoomBy(2) }, "+"),
    element("button", { type: "button", ariaLabel: "Zoom out", onclick: () => timeline.zoomBy(0.5) }, "−"),
    element("button", { type: "button", onclick: () => timeline.zoomOut() }, "whole"));
  const table = element("div");
  const pickTime = (time) => pick(timeline.segmentAt(time), time);
  host.replaceChildren(heading, path, drawFacts(video),
    element("div", { className: player ? "stage with-player" : "stage" }, player,
      element("div", { className: "charts" }, zoom, chart, readout, ...drawLegends(details)),
      drawAudience(audience, video.model, pickTime)),
    ...[drawWarnings(warnings, video.warnings), table].filter(Boolean));

  const last = segments.length ? segments[segments.length - 1].end : 0;
  const duration = Math.max(video.duration || 0, last) || 1;
  let current = null;
  const timeline = makeTimeline(chart, { segments, audience, duration }, {
    onHover: (segment) => drawReadout(readout, segment || current, cutFace),
    onPick: pick,
  });
  const rows = makeTable(table, { caption: "Segments", columns: segmentColumns(), sortedBy: 0, onOpen: (segment) => pick(segment, segment.start) });
  rows.setRows(segments);
  drawReadout(readout, null);

  function setCurrent(segment, turnTo) {
    if (segment !== current) drawReadout(readout, segment, cutFace);
    current = segment;
    timeline.setCurrent(segment);
    rows.mark(segment, turnTo);
  }

  function pick(segment, time) {
    setCurrent(segment, true);
    timeline.setTime(time);
    if (player) player.currentTime = time;
  }

  function follow() {
    timeline.setTime(player.currentTime);
    const segment = timeline.segmentAt(player.currentTime);
    if (segment !== current) setCurrent(segment, true);
  }

  function followWhilePlaying() {
    if (!player.isConnected) {
      player.pause();  // another video is shown
      return;
    }
    follow();
    if (!player.paused && !player.ended) requestAnimationFrame(followWhilePlaying);
  }

  if (player) {
    player.addEventListener("play", followWhilePlaying);
    for (const event of ["timeupdate", "seeked"]) player.addEventListener(event, follow);
    player.addEventListener("error", () => {
      player.parentElement.classList.remove("with-player");
      player.remove();
      zoom.firstChild.textContent = "The video could not be played here.";
    });
  }
  return { video, pick: (index) => segments[index] && pick(segments[index], segments[index].start), setWhole: rows.setWhole };
}
