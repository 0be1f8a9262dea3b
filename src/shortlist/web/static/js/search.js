// Suggestions under the search, as a combobox: arrows choose, Enter goes, Escape closes.

import { part } from "./parts.js";

const PAUSE = 140;

export function listen() {
  const form = document.querySelector("form[data-search]");
  if (!form) return;
  const input = form.querySelector("input");
  const list = form.querySelector(".suggestions");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "suggestions");
  input.setAttribute("aria-expanded", "false");
  let timer;
  let asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector('[aria-selected="true"]');

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  async function ask() {
    const words = input.value.trim();
    const mine = ++asked;
    if (words.length < 2) return close();
    try {
      const page = await part(`/search/suggestions?q=${encodeURIComponent(words)}`, "suggestions");
      if (mine !== asked) return;
      list.replaceChildren(...page.body.childNodes);
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    } catch {
      close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at + all.length) % (all.length + 1)] ?? null);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen()) location.assign(chosen().dataset.address);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
  input.addEventListener("blur", close);
}
