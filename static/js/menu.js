// The browser opens and closes the menu by itself (a popover). This script only keeps it from covering the
// focused element.

const menu = document.querySelector("[data-menu]");
const toggle = document.querySelector("[data-menu-toggle]");

if (menu && toggle && "popover" in menu) {
  toggle.setAttribute("aria-expanded", "false");

  menu.addEventListener("toggle", (event) => {
    toggle.setAttribute("aria-expanded", String(event.newState === "open"));
  });

  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget) && menu.matches(":popover-open")) {
      menu.hidePopover();
    }
  });
}
