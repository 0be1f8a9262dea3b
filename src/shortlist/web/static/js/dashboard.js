// Parts of the dashboard that follow by themselves:
//
//   <div data-live="/admin" data-part="numbers" data-every="5">...</div>
//
// Nothing is asked for while nobody looks, and rarely where the server does not answer. Charts that
// are drawn stay where they are, and are given the newer figures (charts.js).

import { part } from "./parts.js";

const EVERY = 5;
const AFTER_FAILURE = 30;

function follow(place) {
  const every = Number(place.dataset.every ?? EVERY);
  const again = (seconds) => setTimeout(look, 1000 * seconds);
  async function look() {
    if (document.hidden || place.contains(document.activeElement)) return again(every);
    try {
      const page = await part(place.dataset.live, place.dataset.part);
      keepCharts(place, page.body);
      place.replaceChildren(...page.body.childNodes);
      place.dispatchEvent(new Event("followed", { bubbles: true }));
      again(every);
    } catch {
      again(AFTER_FAILURE);
    }
  }
  again(every);
}

function keepCharts(before, after) {
  for (const figure of after.querySelectorAll("figure[data-chart]")) {
    const name = figure.dataset.chart;
    const drawn = name && before.querySelector(`figure[data-chart="${name}"] > .chart`);
    if (drawn) figure.prepend(document.adoptNode(drawn));
  }
}

for (const place of document.querySelectorAll("[data-live]")) follow(place);
