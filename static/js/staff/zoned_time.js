// Closes the date and time chooser when its field loses the focus.

document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-zoned-time]")) {
    window.jQuery(event.target).datetimepicker("hide");
  }
});
