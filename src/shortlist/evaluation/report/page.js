(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let drawn = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  const coloured = (part) => {
    if (Array.isArray(part)) return part.map(coloured);
    if (part === null || typeof part !== "object") return part;
    const copy = {};
    for (const [key, value] of Object.entries(part)) {
      if (key === "values" || key === "datasets") copy[key] = value;
      else if (key === "range" && Array.isArray(value)) copy[key] = value.map((each) => colour(each.slice(1)));
      else if (key === "value" && typeof value === "string" && value.startsWith("@")) copy[key] = colour(value.slice(1));
      else copy[key] = coloured(value);
    }
    return copy;
  };

  const config = () => ({
    background: null,
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: {
      labelColor: colour("soft"), titleColor: colour("soft"), gridColor: colour("line"), domainColor: colour("line"),
      tickColor: colour("line"), labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal", labelPadding: 6,
    },
    legend: { labelColor: colour("ink"), labelFontSize: 12, symbolStrokeWidth: 3, symbolOpacity: 1 },
  });

  const draw = async () => {
    drawn.forEach((each) => each.finalize());
    drawn = [];
    for (const place of document.querySelectorAll("[data-spec]")) {
      const spec = coloured(JSON.parse(document.getElementById(place.dataset.spec).textContent));
      drawn.push(await window.vegaEmbed(place, spec, { actions: false, renderer: "svg", config: config() }));
    }
  };

  dark.addEventListener("change", draw);
  draw();
})();
