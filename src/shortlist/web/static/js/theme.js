// The theme changes at once; the browser is told to remember it by the form, as without a script.

const NEXT = { auto: "light", light: "dark", dark: "auto" };

export function listen() {
  const form = document.querySelector("form[data-theme-form]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = form.elements.namedItem("theme");
    const chosen = field.value;
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      redirect: "manual",
    });
    if (answer.type !== "opaqueredirect" && !answer.ok) return;
    document.documentElement.dataset.theme = chosen;
    field.value = NEXT[chosen];
  });
}
