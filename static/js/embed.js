// Puts the player of a film in the place of its link, at the visitor's click and not before.

for (const embed of document.querySelectorAll("[data-embed]")) {
  const link = embed.querySelector("[data-embed-play]");

  link.addEventListener("click", (event) => {
    event.preventDefault();
    const player = document.createElement("iframe");
    player.src = embed.dataset.embed;
    player.title = link.dataset.embedPlay;
    player.allow = "autoplay; fullscreen; picture-in-picture";
    player.allowFullscreen = true;
    player.referrerPolicy = "strict-origin-when-cross-origin";
    player.className = "embed__player";
    link.replaceWith(player);
    player.focus();
  });
}
