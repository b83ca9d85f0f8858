// Updates the size of an issue's audience while its editor chooses. Without this script the saved size stays.

const PAUSE = 250; // Milliseconds without a change before a request.
const NAMES = ["languages", "regions", "topics", "segment"];

function follow(output) {
  const form = output.closest("form");
  let timer;
  let asking = new AbortController();

  function query() {
    const chosen = new FormData(form);
    const asked = new URLSearchParams();
    for (const name of NAMES) {
      for (const value of chosen.getAll(name)) if (value) asked.append(name, value);
    }
    if (!asked.has("languages")) {
      for (const code of output.dataset.audiencePublished.split(" ")) asked.append("languages", code);
    }
    return asked;
  }

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const address = `${output.dataset.audience}?${query()}`;
    const answer = await fetch(address, { signal: asking.signal }).catch(() => undefined);
    if (answer?.ok) output.textContent = (await answer.json()).summary;
  }

  form.addEventListener("change", (event) => {
    if (!NAMES.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}

function start() {
  for (const output of document.querySelectorAll("[data-audience]")) follow(output);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
