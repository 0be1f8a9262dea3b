// Parts of pages: what a form or an address gives when a script asks, as elements.

export async function part(address, name, body) {
  const answer = await fetch(address, {
    method: body ? "POST" : "GET",
    headers: { "X-Part": name },
    body,
    credentials: "same-origin",
  });
  if (answer.status === 401) {
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
    throw new Error("signed out");
  }
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return new DOMParser().parseFromString(text, "text/html");
}

export function filled(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.set(button.name, button.value);
  return fields;
}

let quiet;

// Says what was done, to be seen and to be heard.
export function tell(sentence) {
  const place = document.querySelector("[data-status]");
  if (!place) return;
  place.textContent = sentence;
  clearTimeout(quiet);
  quiet = setTimeout(() => place.replaceChildren(), 4500);
}

// Changes what is on the page; browsers that can do so blend the old into the new.
export function change(how) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (document.startViewTransition && !calm) {
    return document.startViewTransition(how).updateCallbackDone;
  }
  how();
  return Promise.resolve();
}
