// What is chosen above a list is shown at once.

export function listen() {
  const form = document.querySelector("form[data-filters]");
  if (!form) return;
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
