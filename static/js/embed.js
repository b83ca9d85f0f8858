// Puts the player of a film in the place of its link, at the visitor's click and not before.

for (const embed of document.querySelectorAll("[data-embed]")) {
  const link = embed.querySelector("[data-embed-play]");
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.append(...link.childNodes);

  button.addEventListener("click", () => {
    const player = document.createElement("iframe");
    player.src = embed.dataset.embed;
    player.title = link.dataset.embedPlay;
    player.allow = "autoplay; fullscreen; picture-in-picture";
    player.referrerPolicy = "strict-origin-when-cross-origin";
    player.className = "embed__player";
    button.replaceWith(player);
    player.focus();
  });

  link.replaceWith(button);
}
