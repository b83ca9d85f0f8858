// Keeps the figures of a mailing fresh while it is on its way, and loads the page anew when its state changes.
const SECONDS = 3;

const place = document.querySelector("[data-progress][data-in-service]");

async function refresh() {
  const response = await fetch(place.dataset.progress);
  if (!response.ok) return;
  if (response.headers.get("X-Mailing-State") !== place.dataset.state) {
    location.reload();
    return;
  }
  // The list of numbers stays open for who opened it.
  const isOpen = Boolean(place.querySelector("details")?.open);
  place.innerHTML = await response.text();
  const details = place.querySelector("details");
  if (details) details.open = isOpen;
}

async function keepFresh() {
  if (!document.hidden) {
    // Without an answer the figures stay as they are, and are asked for again.
    await refresh().catch(() => {});
  }
  setTimeout(keepFresh, SECONDS * 1000);
}

if (place) setTimeout(keepFresh, SECONDS * 1000);
