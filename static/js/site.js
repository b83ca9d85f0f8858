import "./embed.js";
import "./menu.js";
