// Filters the tracker while its form is filled in: asks for the page that the form would lead to, and takes the parts
// that show states out of it. Without it, or where it fails, the form's button and the links do the same.

const form = document.querySelector("[data-tracker]");
const status = form.querySelector("[data-tracker-status]");
const PAUSE = 250; // Milliseconds without a key, before it asks.
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
  // A day that is half written is none.
  if (form.checkValidity()) timer = setTimeout(show, PAUSE);
});
