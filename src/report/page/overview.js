// What many videos say together: distribution, trend over time, strongest moments. All of it follows the filter.

const MOMENTS_EACH = 6;

function drawSvg(host, width, height, label) {
  return d3.select(host).html("").append("svg")
    .attr("viewBox", `0 0 ${width} ${height}`).attr("height", height).attr("role", "img").attr("aria-label", label);
}

function drawLabels(host, videos) {
  const kinds = [...LABELS, "none", "failed"];
  const names = { none: "no evidence" };
  const counts = kinds.map((kind) => ({ kind, name: names[kind] || kind, count: videos.filter((v) => classOf(v) === kind).length }))
    .filter((d) => d.count);
  const width = host.clientWidth, height = 26;
  const x = d3.scaleLinear([0, videos.length || 1], [0, width]);
  let before = 0;
  for (const d of counts) {
    d.start = before;
    before += d.count;
  }
  drawSvg(host, width, height, counts.map((d) => `${d.name}: ${d.count}`).join(", "))
    .selectAll("rect").data(counts).join("rect")
    .attr("class", (d) => d.kind).attr("x", (d) => x(d.start)).attr("width", (d) => Math.max(1, x(d.count) - 2))
    .attr("height", height).attr("rx", 4);
  host.append(element("ul", { className: "legend" }, ...counts.map((d) => element("li", null,
    element("i", { className: `swatch ${d.kind}` }), `${d.name} `, element("b", null, formatCount(d.count)),
    ` (${formatShare(d.count / videos.length)})`))));
}

function drawHistogram(host, videos) {
  const rated = videos.filter((v) => v.intensity !== null);
  const width = host.clientWidth, height = 150, margin = { top: 8, right: 12, bottom: 22, left: 34 };
  const x = d3.scaleLinear([-3, 3], [margin.left, width - margin.right]);
  const bins = d3.histogram().domain([-3, 3]).thresholds(d3.range(-2.75, 3, 0.25)).value((v) => v.intensity)(rated);
  const stacked = d3.stack().keys(LABELS).value((bin, label) => bin.filter((v) => v.label === label).length)(bins);
  const y = d3.scaleLinear([0, Math.max(1, d3.max(bins, (b) => b.length))], [height - margin.bottom, margin.top]).nice();
  const mean = d3.mean(rated, (v) => v.intensity);
  const svg = drawSvg(host, width, height, rated.length
    ? `Intensities of ${rated.length} videos, from ${formatIntensity(d3.min(rated, (v) => v.intensity))} to ${
      formatIntensity(d3.max(rated, (v) => v.intensity))}, ${formatIntensity(mean)} on average` : "No intensities");
  svg.selectAll("g").data(stacked).join("g").attr("class", (d) => d.key)
    .selectAll("rect").data((d) => d).join("rect")
    .attr("x", (d) => x(d.data.x0) + 1).attr("width", (d) => Math.max(1, x(d.data.x1) - x(d.data.x0) - 2))
    .attr("y", (d) => y(d[1])).attr("height", (d) => y(d[0]) - y(d[1]));
  svg.append("g").attr("class", "axis").attr("transform", `translate(0,${height - margin.bottom})`)
    .call(d3.axisBottom(x).ticks(7).tickFormat((d) => (d > 0 ? "+" : d < 0 ? "−" : "") + Math.abs(d)).tickSizeOuter(0));
  svg.append("g").attr("class", "axis").attr("transform", `translate(${margin.left},0)`)
    .call(d3.axisLeft(y).ticks(Math.min(3, y.domain()[1])).tickFormat(d3.format("d")).tickSizeOuter(0));
}

// By day, week, month or year, so that there are some dozens of points at most.
function trendStep([first, last]) {
  const days = d3.utcDay.count(first, last);
  if (days <= 60) return { interval: d3.utcDay, name: "day", format: d3.utcFormat("%-d %b %Y") };
  if (days <= 400) return { interval: d3.utcMonday, name: "week", format: d3.utcFormat("%-d %b %Y") };
  if (days <= 3700) return { interval: d3.utcMonth, name: "month", format: d3.utcFormat("%b %Y") };
  return { interval: d3.utcYear, name: "year", format: d3.utcFormat("%Y") };
}

function trendPoints(videos, interval) {
  return d3.nest().key((v) => +interval(new Date(v.date))).entries(videos)
    .map(({ key, values }) => {
      const sorted = values.map((v) => v.intensity).sort(d3.ascending);
      return { time: new Date(+key), n: sorted.length, mean: d3.mean(sorted), low: d3.quantile(sorted, 0.25), high: d3.quantile(sorted, 0.75) };
    })
    .sort((a, b) => a.time - b.time);
}

function drawTrend(card, videos) {
  const dated = videos.filter((v) => v.date && v.intensity !== null);
  const span = d3.extent(dated, (v) => new Date(v.date));
  card.hidden = !dated.length || +span[0] === +span[1];
  if (card.hidden) return;
  const step = trendStep(span);
  const points = trendPoints(dated, step.interval);
  document.getElementById("trend-note").textContent =
    `Mean intensity by ${step.name}; the band holds the middle half of the videos.`;
  const host = document.getElementById("trend");
  const width = host.clientWidth, height = 210, margin = { top: 10, right: 14, bottom: 24, left: 40 };
  const most = Math.min(3, Math.max(1, 1.1 * d3.max(points, (p) => Math.max(Math.abs(p.low), Math.abs(p.high), Math.abs(p.mean)))));
  const x = d3.scaleUtc(d3.extent(points, (p) => p.time), [margin.left, width - margin.right]);
  const y = d3.scaleLinear([-most, most], [height - margin.bottom, margin.top]);
  const last = points[points.length - 1];
  const svg = drawSvg(host, width, height, `Mean intensity by ${step.name}: ${formatIntensity(points[0].mean)} in ${
    step.format(points[0].time)}, ${formatIntensity(last.mean)} in ${step.format(last.time)}`);
  svg.append("g").attr("class", "axis").attr("transform", `translate(0,${height - margin.bottom})`)
    .call(d3.axisBottom(x).ticks(Math.max(2, Math.floor(width / 110))).tickSizeOuter(0));
  svg.append("g").attr("class", "axis").attr("transform", `translate(${margin.left},0)`)
    .call(d3.axisLeft(y).ticks(5).tickFormat(formatIntensity).tickSizeOuter(0));
  svg.append("line").attr("class", "zero").attr("x1", margin.left).attr("x2", width - margin.right).attr("y1", y(0)).attr("y2", y(0));
  svg.append("path").attr("class", "band").datum(points)
    .attr("d", d3.area().x((p) => x(p.time)).y0((p) => y(p.low)).y1((p) => y(p.high)));
  svg.append("path").attr("class", "trend-line").datum(points).attr("d", d3.line().x((p) => x(p.time)).y((p) => y(p.mean)));
  svg.selectAll("circle").data(points).join("circle").attr("class", "trend-dot")
    .attr("cx", (p) => x(p.time)).attr("cy", (p) => y(p.mean)).attr("r", 3.5)
    .append("title").text((p) => `${step.format(p.time)}: ${formatIntensity(p.mean)}, ${plural(p.n, "video", "videos")}`);
  const row = (kind, cells) => element("tr", null, ...cells.map((cell, i) => element(kind, i ? { className: "number" } : null, cell)));
  document.getElementById("trend-table").replaceChildren(element("table", { className: "plain-table" },
    element("thead", null, row("th", [step.name, "Mean intensity", "Middle half", "Videos"])),
    element("tbody", null, ...points.map((p) => row("td", [step.format(p.time), formatIntensity(p.mean),
      `${formatIntensity(p.low)} to ${formatIntensity(p.high)}`, formatCount(p.n)])))));
}

// Of one sign (1 or -1). There may be millions, of which few are kept: they are not sorted whole.
function strongestOf(videos, sign) {
  const strongest = [];
  let least = 0;
  for (const { moments } of videos) {
    for (const moment of moments) {
      if (moment.intensity * sign <= least) continue;
      strongest.push(moment);
      strongest.sort((a, b) => (b.intensity - a.intensity) * sign);
      if (strongest.length > MOMENTS_EACH) strongest.pop();
      if (strongest.length === MOMENTS_EACH) least = strongest[MOMENTS_EACH - 1].intensity * sign;
    }
  }
  return strongest;
}

// The most positive, then the most negative.
function strongestMoments(videos) {
  return [...strongestOf(videos, 1), ...strongestOf(videos, -1)];
}

function drawThumbnail({ jpeg, faces, deciding }) {
  const frame = element("span", null, element("img", { src: `data:image/jpeg;base64,${jpeg}`, alt: "" }));
  faces.forEach(([x, y, width, height], i) => {
    const box = element("i", { className: deciding && i === 0 ? "deciding" : "" });
    box.style.left = `${x * 100}%`;
    box.style.top = `${y * 100}%`;
    box.style.width = `${width * 100}%`;
    box.style.height = `${height * 100}%`;
    frame.append(box);
  });
  return element("span", { className: "thumbnail" }, frame);
}

function drawMoments(host, videos, thumbnails, onOpen) {
  host.replaceChildren(...strongestMoments(videos).map((moment) => {
    const thumbnail = thumbnails.get(`${moment.video.index}/${moment.index}`);
    return element("button", { type: "button", className: `card moment ${classOf(moment)}`, onclick: () => onOpen(moment) },
      thumbnail ? drawThumbnail(thumbnail) : null,
      element("span", null, element("b", null, formatIntensity(moment.intensity)), " ", tag(moment), " ",
        element("span", { className: "muted" }, formatShare(moment.confidence))),
      markHeard(element("span", { className: moment.text ? "words" : "words muted", dir: "auto" }, moment.text || "no words"), moment),
      element("small", null, isolate(moment.video.name), `, ${formatTime(moment.start)}`));
  }));
  document.getElementById("moments-section").hidden = !host.childElementCount;
}
