// Closes the chooser of a date and time as its field loses the focus.

document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-zoned-time]")) {
    window.jQuery(event.target).datetimepicker("hide");
  }
});
