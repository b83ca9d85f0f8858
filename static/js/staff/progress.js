// Refreshes the figures of a running mailing, and reloads the page when its state changes.
const SECONDS = 3;

const place = document.querySelector("[data-progress][data-in-service]");

async function refresh() {
  const response = await fetch(place.dataset.progress);
  if (!response.ok) return;
  if (response.headers.get("X-Mailing-State") !== place.dataset.state) {
    location.reload();
    return;
  }
  // Keep the table open if it was open.
  const isOpen = Boolean(place.querySelector("details")?.open);
  place.innerHTML = await response.text();
  const details = place.querySelector("details");
  if (details) details.open = isOpen;
}

async function keepFresh() {
  if (!document.hidden) {
    // If there is no response, the figures stay as they are and are requested again later.
    await refresh().catch(() => {});
  }
  setTimeout(keepFresh, SECONDS * 1000);
}

if (place) setTimeout(keepFresh, SECONDS * 1000);
