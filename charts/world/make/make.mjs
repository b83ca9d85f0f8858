// Draws ../world.json: see README.md.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import { byOwner } from "./borders.mjs";
import { draw } from "./drawing.mjs";

const atlas = createRequire(import.meta.url)("world-atlas/countries-50m.json");

const states = readFileSync(new URL("states.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(","))
  .map(([iso3, m49, latitude, longitude]) => ({ iso3, m49, marker: [+longitude, +latitude] }));

const features = feature(atlas, atlas.objects.countries).features;
const owned = byOwner(features, new Map(states.map(({ m49, iso3 }) => [m49, iso3])));
const drawing = draw(owned, new Map(states.map(({ iso3, marker }) => [iso3, marker])));

const licence = "Made from Natural Earth 4.1 (public domain) by way of world-atlas 2.0.2: see world.LICENSE.txt.";
// A line for each shape, so that a change to one shows as one.
const lines = JSON.stringify({ licence, ...drawing }, null, 1).replace(/\[[^\]]*\]/g, (list) => list.replace(/\s+/g, ""));
writeFileSync(new URL("../world.json", import.meta.url), `${lines}\n`);
