// Puts the parts together.

function filterOf(form) {
  const text = form.elements.text.value.trim().toLowerCase();
  const number = (name) => (form.elements[name].value === "" ? null : form.elements[name].valueAsNumber);
  const label = form.elements.label.value, failures = form.elements.failures.value;
  const from = number("from"), to = number("to"), confidence = number("confidence");
  const asksForVerdict = label || from !== null || to !== null || confidence !== null;
  return (video) => {
    if (text && !`${video.path}\n${video.id === null ? "" : video.id}`.toLowerCase().includes(text)) return false;
    if (video.error !== null) return failures === "only" || (!failures && !asksForVerdict);
    if (failures === "only") return false;
    if (label && (video.label || "none") !== label) return false;
    if (from !== null && !(video.intensity !== null && video.intensity >= from)) return false;
    if (to !== null && !(video.intensity !== null && video.intensity <= to)) return false;
    return confidence === null || (video.confidence !== null && video.confidence * 100 >= confidence);
  };
}

function videoColumns(videos) {
  const columns = [
    { title: "Video", value: (v) => v.name, cell: (v) => v.name, className: "name" },
    { title: "Sentiment", value: labelText, cell: tag },
    { title: "Intensity", value: (v) => v.intensity, cell: (v) => formatIntensity(v.intensity), className: "number", descendingFirst: true },
    { title: "Confidence", value: (v) => v.confidence, cell: (v) => formatShare(v.confidence), className: "number", descendingFirst: true },
    { title: "Emotion", value: (v) => (strongestEmotion(v) || { name: null }).name, cell: (v) => (strongestEmotion(v) || { name: "–" }).name, className: "secondary" },
    { title: "Length", value: (v) => v.duration, cell: (v) => formatTime(v.duration), className: "number secondary" },
    { title: "Warnings", value: (v) => v.warnings, cell: (v) => (v.warnings ? formatCount(v.warnings) : ""), className: "number secondary", descendingFirst: true },
  ];
  if (videos.some((v) => v.date))
    columns.splice(1, 0, { title: "Date", value: (v) => v.date, cell: (v) => v.date || "–", className: "tag secondary" });
  if (videos.some((v) => v.id !== null))
    columns.splice(1, 0, { title: "Id", value: (v) => v.id, cell: (v) => (v.id === null ? "–" : v.id), className: "id secondary" });
  return columns;
}

function drawSummary(videos, linesLeftOut) {
  const failed = videos.filter((v) => v.error !== null).length;
  const parts = [plural(videos.length, "video", "videos"), plural(d3.sum(videos, (v) => v.segments), "segment", "segments")];
  if (failed) parts.push(`${formatCount(failed)} failed`);
  if (linesLeftOut) parts.push(`${plural(linesLeftOut, "line", "lines")} of the results left out: no result`);
  document.getElementById("summary").textContent = parts.join(" · ");
}

// Runs `action` once before the next picture, however often it was called until then.
function oncePerPicture(action) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      action();
    });
  };
}

function main() {
  const videos = readData("videos").map(readVideo);
  const thumbnails = new Map(readData("thumbnails").map((t) => [`${t.video}/${t.segment}`, t]));
  const at = (id) => document.getElementById(id);
  const several = videos.length > 1;
  let shown = videos, wanted = null, view = null;
  let openedFrom = null;  // what had the focus
  drawSummary(videos, readData("lines-left-out"));
  at("licence-shown").textContent = at("licence").textContent;
  at("overview").hidden = at("list").hidden = !several;
  document.querySelector(".columns").classList.toggle("both", several);

  const table = makeTable(at("videos-table"), { caption: "Videos", columns: videoColumns(videos), sortedBy: 0, onOpen: (video) => open(video, true) });

  // Gives the view of the video; null if another one was asked for before it was there.
  async function open(video, go) {
    wanted = video;
    if (go) openedFrom = document.activeElement;
    table.mark(video);
    if (!view || view.video !== video) {
      const details = video.error === null ? await readDetails(video) : null;
      if (video !== wanted) return null;
      view = showVideo(at("video"), video, details);
    }
    if (go) {
      at("video").scrollIntoView({ block: "nearest" });
      at("video").focus({ preventScroll: true });
    }
    return view;
  }

  async function openMoment(moment) {
    const opened = await open(moment.video, true);
    if (opened) opened.pick(moment.index);
  }

  function drawCharts() {
    if (!several) return;
    drawLabels(at("labels"), shown);
    drawTrend(at("trend-card"), shown);
    drawHistogram(at("histogram"), shown);
  }

  function filter() {
    shown = videos.filter(filterOf(at("filter")));
    at("shown").textContent = shown.length === videos.length ? `All ${plural(videos.length, "video", "videos")}`
      : `${plural(shown.length, "video", "videos")} of ${formatCount(videos.length)}`;
    table.setRows(shown);
    drawCharts();
    drawMoments(at("moments"), shown, thumbnails, openMoment);
  }

  at("video").addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && openedFrom) openedFrom.focus();
  });
  const filterSoon = oncePerPicture(filter);
  for (const event of ["input", "change", "reset"]) at("filter").addEventListener(event, filterSoon);
  at("filter").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("resize", oncePerPicture(drawCharts));
  for (const [event, whole] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => {
      table.setWhole(whole);
      if (view) view.setWhole(whole);
    });
  }
  filter();
  open(table.sorted().find((video) => video.label) || table.sorted()[0], false);
}

if (typeof DecompressionStream === "undefined") {
  document.getElementById("summary").textContent = "This page needs a browser of 2023 or later.";
} else {
  main();
}
