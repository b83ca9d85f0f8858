// Filters the tracker while its form is filled in: requests the page to which the form would lead, and inserts the
// parts that show states. Without the script, or if it fails, the form's button and the links do the same.

const form = document.querySelector("[data-tracker]");
const status = form.querySelector("[data-tracker-status]");
const PAUSE = 250; // Milliseconds without input before a request.
let timer;
let asking = new AbortController();

function address() {
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value) query.delete(name);
  return form.action + (query.size ? `?${query}` : "");
}

async function show() {
  asking.abort();
  asking = new AbortController();
  const url = address();
  const answer = await fetch(url, { signal: asking.signal }).catch(() => undefined);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    part.replaceWith(fresh.getElementById(part.id));
  }
  history.replaceState(null, "", url);
  status.textContent = document.querySelector("[data-tracker-count]").textContent;
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  // An incomplete date is ignored.
  if (form.checkValidity()) timer = setTimeout(show, PAUSE);
});
