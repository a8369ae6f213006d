// The chart of one video on its own clock: intensity as height, class as colour, confidence as opacity; the emotions as a
// stacked strip; and the audience, if there is one, as a strip with its comments as height.

const TIMELINE = { top: 8, right: 10, bottom: 22, left: 30, gap: 10, intensity: 168, emotions: 52, audience: 52 };

function describe(segment) {
  const verdict = segment.label === null ? "no evidence"
    : `${segment.label}, ${formatShare(segment.confidence)} sure, intensity ${formatIntensity(segment.intensity)}`;
  const words = segment.heard === null ? segment.text : `Heard, ${formatShare(segment.heard)} sure: ${segment.text}`;
  return `${formatSpan(segment)}: ${verdict}. ${words || "No words."}`;
}

const opacityOf = d3.scaleLinear([1 / 3, 1], [0.25, 1]).clamp(true);

// What is drawn of items that follow each other: those in view of the clock `x`. Of those that start within a pixel it is the
// strongest, with the mean of their emotions: no screen has pixels for the bars of a million segments, nor could it draw them.
function gather(items, x, strength) {
  const [first, last] = x.domain(), [left, right] = x.range();
  const inView = items.slice(d3.bisector((d) => d.end).right(items, first), d3.bisector((d) => d.start).left(items, last));
  if (inView.length <= right - left) return inView;
  const groups = [];
  let group = null;
  for (const item of inView) {
    const pixel = Math.floor(x(item.start));
    if (group === null || pixel !== group.pixel) {
      group = { pixel, strongest: item, emotions: EMOTIONS.map(() => 0), judged: 0 };
      groups.push(group);
    } else if (strength(item) > strength(group.strongest)) {
      group.strongest = item;
    }
    if (!item.emotions) continue;
    ++group.judged;
    for (let i = 0; i < EMOTIONS.length; ++i) group.emotions[i] += item.emotions[i];
  }
  return groups.map(({ strongest, emotions, judged }) => ({ ...strongest, emotions: judged ? emotions.map((sum) => sum / judged) : null }));
}

// How many comments there were, as bars between `top` and `bottom`. Gives a function that draws windows; place() puts them on
// the clock.
function makeAudienceStrip(plot, axis, windows, top, bottom) {
  const most = Math.max(1, d3.max(windows, (w) => w.comments) || 0);
  const count = d3.scaleLinear([0, most], [bottom, top]);
  axis.call(d3.axisLeft(count).tickValues([0, most]).tickFormat(d3.format(".3~s")).tickSizeOuter(0));
  return (drawn) => {
    const bars = plot.selectAll("rect").data(drawn.filter((w) => w.comments)).join((entering) => {
      const added = entering.append("rect");
      added.append("title");
      return added;
    }).attr("class", classOf).attr("opacity", (w) => (w.label === null ? 1 : opacityOf(w.confidence)))
      .attr("y", (w) => count(w.comments)).attr("height", (w) => bottom - count(w.comments));
    bars.select("title").text(describeWindow);
    return bars;
  };
}

// `audience` is null if there is none.
function makeTimeline(host, { segments, audience, duration }, { onHover, onPick }) {
  const layout = TIMELINE;
  const stripTop = layout.top + layout.intensity + layout.gap;
  const stripBottom = stripTop + layout.emotions;
  const bottom = audience ? stripBottom + layout.gap + layout.audience : stripBottom;
  const height = bottom + layout.bottom;
  const x0 = d3.scaleLinear([0, duration], [0, 1]);
  let x = x0.copy();
  let width = 0, current = null, hovered = null, time = null;
  const y = d3.scaleLinear([-3, 3], [layout.top + layout.intensity, layout.top]);
  const share = d3.scaleLinear([0, 1], [stripBottom, stripTop]);

  const svg = d3.select(host).append("svg").attr("class", "timeline").attr("height", height)
    .attr("tabindex", 0).attr("role", "slider").attr("aria-label", "Segments of the video; arrow keys go through them")
    .attr("aria-valuemin", 1).attr("aria-valuemax", segments.length).attr("aria-valuenow", 1);
  const clip = svg.append("clipPath").attr("id", "timeline-clip").append("rect").attr("y", 0).attr("height", height);
  const grid = svg.append("g").attr("class", "axis");
  const plot = svg.append("g").attr("clip-path", "url(#timeline-clip)");
  const emotions = plot.append("g");
  const bars = plot.append("g");
  const zero = plot.append("line").attr("class", "zero").attr("y1", y(0)).attr("y2", y(0));
  const hover = plot.append("rect").attr("class", "hover").attr("y", layout.top).attr("height", bottom - layout.top);
  const frame = plot.append("rect").attr("class", "current").attr("y", layout.top).attr("rx", 2)
    .attr("height", bottom - layout.top);
  const playhead = plot.append("line").attr("class", "playhead").attr("y1", layout.top).attr("y2", bottom);
  const clock = svg.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`);

  function drawSegments(drawn) {
    return bars.selectAll("rect").data(drawn).join("rect")
      .attr("class", (d) => classOf(d))
      .attr("opacity", (d) => (d.label === null ? 1 : opacityOf(d.confidence)))
      // A neutral one near zero is still seen.
      .attr("y", (d) => Math.min(y(d.intensity || 0), y(0) - 2))
      .attr("height", (d) => Math.max(4, y(0) - 2 - y(d.intensity || 0), y(d.intensity || 0) - y(0) + 2));
  }

  const area = d3.area().curve(d3.curveStepAfter).defined((d) => d.data.emotions)
    .x((d) => x(d.data.start)).y0((d) => share(d[0])).y1((d) => share(d[1]));
  const stack = d3.stack().keys(d3.range(EMOTIONS.length)).value((d, i) => (d.emotions ? d.emotions[i] : 0));

  function drawEmotions(drawn) {
    const last = drawn[drawn.length - 1];
    emotions.selectAll("path").data(stack(last ? [...drawn, { ...last, start: last.end }] : [])).join("path")
      .attr("class", (d) => `e-${EMOTIONS[d.key]}`).attr("d", area);
  }

  grid.attr("transform", `translate(${layout.left},0)`)
    .call(d3.axisLeft(y).tickValues([-3, -2, -1, 0, 1, 2, 3]).tickFormat((d) => (d % 3 ? "" : (d > 0 ? "+" : d < 0 ? "−" : "") + Math.abs(d))).tickSizeOuter(0));

  const drawComments = audience ? makeAudienceStrip(plot.insert("g", ".hover").attr("class", "comments"),
    svg.append("g").attr("class", "axis").attr("transform", `translate(${layout.left},0)`),
    audience.windows, stripBottom + layout.gap, bottom) : null;

  const zoom = d3.zoom().scaleExtent([1, Math.max(1, duration / 4)])
    // The wheel scrolls the page unless Ctrl is held.
    .filter(() => (d3.event.type === "wheel" ? d3.event.ctrlKey : !d3.event.button))
    .on("zoom", () => {
      x = d3.event.transform.rescaleX(x0);
      place();
    });
  svg.call(zoom).on("dblclick.zoom", null);

  function resize() {
    width = host.clientWidth;
    const right = Math.max(layout.left + 1, width - layout.right);
    svg.attr("viewBox", `0 0 ${width} ${height}`);
    clip.attr("x", layout.left).attr("width", right - layout.left);
    zero.attr("x1", layout.left).attr("x2", right);
    x0.range([layout.left, right]);
    zoom.extent([[layout.left, 0], [right, height]]).translateExtent([[layout.left, 0], [right, height]]);
    x = d3.zoomTransform(svg.node()).rescaleX(x0);
    place();
  }

  function span(selection, segment) {
    selection.attr("visibility", segment ? "visible" : "hidden");
    if (segment) selection.attr("x", x(segment.start)).attr("width", Math.max(2, x(segment.end) - x(segment.start)));
  }

  // On the clock, with a gap to the next where there is room for one.
  function stretch(bars) {
    const span = (d) => x(d.end) - x(d.start);
    bars.attr("x", (d) => x(d.start)).attr("width", (d) => Math.max(1, span(d) - (span(d) > 6 ? 1 : 0)));
  }

  function place() {
    const drawn = gather(segments, x, (segment) => (segment.intensity === null ? -1 : Math.abs(segment.intensity)));
    stretch(drawSegments(drawn));
    drawEmotions(drawn);
    if (audience) stretch(drawComments(gather(audience.windows, x, (window) => window.comments)));
    clock.call(d3.axisBottom(x).ticks(Math.max(2, Math.floor(width / 90))).tickFormat(formatTime).tickSizeOuter(0));
    span(frame, current);
    span(hover, hovered);
    placeTime();
  }

  function placeTime() {
    playhead.attr("visibility", time === null ? "hidden" : "visible");
    if (time !== null) playhead.attr("x1", x(time)).attr("x2", x(time));
  }

  const starts = d3.bisector((d) => d.start).right;
  function segmentAt(t) {
    const segment = segments[starts(segments, t) - 1];
    return segment && t < segment.end ? segment : null;
  }

  function timeAt(event) {
    return x.invert(event.clientX - svg.node().getBoundingClientRect().left);
  }

  function setHovered(segment) {
    if (segment === hovered) return;
    hovered = segment;
    span(hover, hovered);
    onHover(segment);
  }

  function pickByKey(event) {
    const at = current ? current.index : -1;
    const far = Math.max(10, Math.round(segments.length / 100));
    const targets = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, PageUp: at + far, PageDown: at - far, Home: 0, End: segments.length - 1 };
    if (!(event.key in targets) || !segments.length) return;
    event.preventDefault();
    const segment = segments[Math.max(0, Math.min(segments.length - 1, targets[event.key]))];
    onPick(segment, segment.start);
  }

  svg.node().addEventListener("pointermove", (event) => setHovered(segmentAt(timeAt(event))));
  svg.node().addEventListener("pointerleave", () => setHovered(null));
  svg.node().addEventListener("click", (event) => {
    const t = Math.max(0, Math.min(duration, timeAt(event)));
    onPick(segmentAt(t), t);
  });
  svg.node().addEventListener("keydown", pickByKey);
  new ResizeObserver(resize).observe(host);
  resize();

  return {
    segmentAt,
    setCurrent(segment) {
      current = segment;
      span(frame, segment);
      if (segment) svg.attr("aria-valuenow", segment.index + 1).attr("aria-valuetext", describe(segment));
    },
    // The place of the playhead; a zoomed chart follows it.
    setTime(t) {
      time = t;
      const [first, last] = x.domain();
      if (t < first || t > last) svg.call(zoom.translateTo, x0(t), 0);
      placeTime();
    },
    zoomBy: (factor) => svg.call(zoom.scaleBy, factor),
    zoomOut: () => svg.call(zoom.transform, d3.zoomIdentity),
  };
}
