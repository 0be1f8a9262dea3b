// Menus close with Escape and when something else is pressed.

export function listen() {
  document.addEventListener("click", (event) => close((menu) => !menu.contains(event.target)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close((menu) => {
      const within = menu.contains(document.activeElement);
      if (within) menu.querySelector("summary").focus();
      return true;
    });
  });
}

function close(which) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (which(menu)) menu.open = false;
  }
}
