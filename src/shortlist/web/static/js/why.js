// "Why this?" opens on the page itself.

import { change, part, tell } from "./parts.js";

export function listen() {
  const link = document.querySelector("a[data-why]");
  const place = document.querySelector("[data-why-place]");
  link?.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.classList.add("busy");
    try {
      const page = await part(link.href, "why");
      await change(() => {
        place.replaceChildren(...page.body.childNodes);
        link.parentElement.remove();
      });
      const section = place.querySelector(".why");
      section.scrollIntoView({ block: "start", behavior: "smooth" });
      section.focus({ preventScroll: true });
      tell("The explanation is open.");
    } catch {
      location.assign(link.href);
    }
  });
}
