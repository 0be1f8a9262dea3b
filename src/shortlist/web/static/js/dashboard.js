// Parts of the dashboard that follow by themselves:
//
//   <div data-live="/admin" data-part="numbers">...</div>
//
// Nothing is asked for while nobody looks, and rarely where the server does not answer.

import { part } from "./parts.js";

const EVERY = 5000;
const AFTER_FAILURE = 30000;

function follow(place) {
  const again = (wait) => setTimeout(look, wait);
  async function look() {
    if (document.hidden || place.contains(document.activeElement)) return again(EVERY);
    try {
      const page = await part(place.dataset.live, place.dataset.part);
      place.replaceChildren(...page.body.childNodes);
      again(EVERY);
    } catch {
      again(AFTER_FAILURE);
    }
  }
  again(EVERY);
}

for (const place of document.querySelectorAll("[data-live]")) follow(place);
