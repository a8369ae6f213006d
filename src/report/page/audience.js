// What the audience wrote over the video: in words and as a table. The timeline has it as a strip.

function describeWindow(window) {
  const verdict = window.label === null ? "" : `, ${window.label}, intensity ${formatIntensity(window.intensity)}`;
  return `${formatSpan(window)}: ${plural(window.comments, "comment", "comments")}${verdict}`;
}

function windowColumns() {
  return [
    { title: "Time", value: (w) => w.start, cell: formatSpan, className: "tag" },
    { title: "Comments", value: (w) => w.comments, cell: (w) => formatCount(w.comments), className: "number", descendingFirst: true },
    { title: "Sentiment", value: (w) => w.label, cell: (w) => (w.label === null ? "–" : tag(w)) },
    { title: "Intensity", value: (w) => w.intensity, cell: (w) => formatIntensity(w.intensity), className: "number", descendingFirst: true },
  ];
}

// `model` is the video's; another that judged the comments, by their own language, is named. onPick(time) is called for a stretch that is chosen.
function drawAudience(audience, model, onPick) {
  if (!audience) return null;
  const table = element("div");
  makeTable(table, { caption: "Comments", columns: windowColumns(), sortedBy: 0, onOpen: (window) => onPick(window.start) }).setRows(audience.windows);
  const judge = audience.model === null || audience.model === model ? [] : [", judged by ", isolate(audience.model)];
  const verdict = audience.label === null ? ["; not judged, as the model does not know their language"]
    : [`; on average ${audience.label}, intensity ${formatIntensity(audience.intensity)}`, ...judge];
  return element("div", { className: "audience" },
    element("h3", null, "Audience"),
    element("p", { className: "muted" }, plural(audience.comments, "comment", "comments"), ...(audience.comments ? verdict : []),
      ". They are no part of the verdict on the video."),
    element("ol", { className: "audience-moments", ariaLabel: "Moments of most comments" }, ...audience.moments.map((window) => element("li", null,
      element("button", { type: "button", onclick: () => onPick(window.start) },
        formatTime(window.start), " ", element("b", null, plural(window.comments, "comment", "comments")),
        window.label === null ? null : element("span", null, " ", tag(window), ` ${formatIntensity(window.intensity)}`))))),
    element("details", null, element("summary", null, "All comments by time"), table));
}
