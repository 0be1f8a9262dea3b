// Stars, the watchlist, "not interested": said without leaving the page, and home follows at once.

import { change, filled, part, tell } from "./parts.js";

const SAID = {
  save: "On your watchlist.",
  unsave: "Off your watchlist.",
  dislike: "Not interested: it will not come again.",
  undislike: "Taken back.",
  unrate: "Your rating is taken back.",
};

export function listen() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-say]")) say(event, form);
    if (form.matches("form[data-erase]")) erase(event, form);
  });
}

async function say(event, form) {
  event.preventDefault();
  const button = event.submitter;
  const holder = form.closest("[data-item]");
  const rows = document.querySelector("[data-rows]");
  const place = buttonsOf(holder).indexOf(button);
  form.classList.add("busy");
  try {
    const page = await part(form.action, rows ? "rows" : "controls", filled(form, button));
    await change(() => {
      const fresh = page.querySelector('[data-part="controls"]').content.querySelector("form");
      for (const each of formsOf(holder.dataset.item)) each.replaceWith(fresh.cloneNode(true));
      mark(holder, button.value);
      const found = page.querySelector('[data-part="rows"]');
      if (rows && found) follow(rows, found.content, holder.closest("[data-row]"));
      buttonsOf(holder)[place]?.focus({ preventScroll: true });
    });
    tell(SAID[button.value] ?? `You gave it ${button.value}.`);
  } catch (error) {
    form.classList.remove("busy");
    tell(error.message);
  }
}

function buttonsOf(holder) {
  return [...holder.querySelectorAll("form[data-say] button")];
}

function formsOf(item) {
  return [...document.querySelectorAll("form[data-say]")].filter(
    (form) => form.elements.namedItem("item").value === item,
  );
}

function mark(holder, said) {
  holder.classList.toggle("dismissed", said === "dislike");
  const line = holder.querySelector(".item-said");
  if (line) line.textContent = SAID[said] ?? `You gave it ${said}.`;
}

// The row that was touched stays as it is, so that nothing moves under the pointer; all others are
// what they are now, in the order they come now.
function follow(rows, fresh, touched) {
  const key = touched?.dataset.row;
  const found = [...fresh.querySelectorAll("[data-row]")];
  const shelves = [...rows.querySelectorAll(".shelf")];
  const places = new Map(shelves.map((each) => [rowOf(each), each.scrollLeft]));
  const next = found.map((row) =>
    row.dataset.row === key ? touched : document.importNode(row, true),
  );
  if (touched && !next.includes(touched)) next.splice([...rows.children].indexOf(touched), 0, touched);
  rows.replaceChildren(...next);
  for (const shelf of rows.querySelectorAll(".shelf")) {
    shelf.scrollLeft = places.get(rowOf(shelf)) ?? 0;
  }
}

function rowOf(shelf) {
  return shelf.closest("[data-row]").dataset.row;
}

async function erase(event, form) {
  event.preventDefault();
  const entry = form.closest("[data-item]");
  const next = entry.nextElementSibling ?? entry.previousElementSibling;
  try {
    await part(form.action, "controls", filled(form, event.submitter));
    await change(() => entry.remove());
    tell("Erased.");
    if (next) next.querySelector("[data-erase] button").focus();
    else location.reload();
  } catch (error) {
    tell(error.message);
  }
}
