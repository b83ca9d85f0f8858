// Replaces the link to a video by its player when the visitor clicks it, and not before.

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
