// Draws every figure that carries a Vega-Lite specification:
//
//   <figure data-chart><script type="application/json">{...}</script><figcaption>...</figcaption></figure>
//
// The policy of our pages allows neither evaluated code nor inline styles, hence the options.

import "../vega.js";

const OPTIONS = {
  mode: "vega-lite",
  renderer: "svg",
  ast: true,
  actions: false,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};

const LINES = [1, 2, 3, 4, 5, 6, 7, 8].map((at) => `--line-${at}`);

// Reports name colours by what they stand for ("@accent"), the page knows how they look.
function painted(value, found) {
  if (Array.isArray(value)) return value.map((each) => painted(each, found));
  if (value && typeof value === "object") {
    const parts = Object.entries(value).map(([name, each]) => [
      name, name === "values" ? each : painted(each, found),
    ]);
    return Object.fromEntries(parts);
  }
  return typeof value === "string" && value.startsWith("@") ? found[value] ?? value : value;
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  // One probe for each: a colour that changes may be on its way to what it will be.
  const of = (name) => {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  };
  const found = {
    "@ink": of("--ink"), "@muted": of("--soft"), "@accent": of("--accent"), "@limit": of("--good"),
    ...Object.fromEntries(LINES.map((name, at) => [`@c${at}`, of(name)])),
    ink: of("--ink"), soft: of("--soft"), line: of("--line"), accent: of("--accent"),
  };
  return { ...found, font: style.getPropertyValue("--text") };
}

function config(colours) {
  const { ink, soft, line, accent, font } = colours;
  const axis = { labelColor: soft, titleColor: soft, domainColor: line, tickColor: line };
  return {
    font,
    background: "transparent",
    view: { stroke: "transparent" },
    mark: { color: accent },
    axis: { ...axis, gridColor: line, labelFontSize: 12, titleFontSize: 12 },
    legend: { labelColor: soft, titleColor: soft, labelFontSize: 12, orient: "top" },
    title: { color: ink },
    range: { category: LINES.map((_, at) => colours[`@c${at}`]) },
  };
}

// What is drawn in each place: what it was made from but for the figures, and what shows newer ones.
const drawn = new WeakMap();

const withoutFigures = (spec) => JSON.stringify({ ...spec, data: null });

// Times are texts in specifications; figures that come later are taken as they are.
const timed = (row) => (typeof row.x === "string" ? { ...row, x: Date.parse(row.x) } : row);

function shows(place, spec) {
  const before = drawn.get(place);
  if (before?.of !== withoutFigures(spec)) return false;
  const { name, values } = spec.data ?? {};
  if (name && values) before.view?.data(name, values.map(timed)).runAsync();
  return true;
}

export async function draw(within = document, { anew = true } = {}) {
  const found = colours();
  const shared = config(found);
  for (const figure of within.querySelectorAll("figure[data-chart]")) {
    // What is folded away has no width; it is drawn when it is unfolded.
    if (figure.closest("details:not([open])")) continue;
    const written = figure.querySelector('script[type="application/json"]').textContent;
    const spec = painted(JSON.parse(written), found);
    let place = figure.querySelector(".chart");
    if (!place) {
      place = document.createElement("div");
      place.className = "chart";
      figure.prepend(place);
    }
    if (!anew && shows(place, spec)) continue;
    const options = { ...OPTIONS, config: { ...shared, ...spec.config } };
    drawn.set(place, { of: withoutFigures(spec) });
    const { view } = await window.vegaEmbed(place, spec, options);
    drawn.set(place, { of: withoutFigures(spec), view });
  }
}

new MutationObserver(() => draw()).observe(document.documentElement, {
  attributeFilter: ["data-theme"],
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
document.addEventListener("toggle", (event) => event.target.open && draw(event.target, { anew: false }), true);
document.addEventListener("followed", (event) => draw(event.target, { anew: false }));
draw();
