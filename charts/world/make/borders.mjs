// Whose land is whose, as the United Nations treats it. Natural Earth draws who holds the ground; each change to that
// is one entry here, with its reason on the site's page "Territory policy".

// Natural Earth's features that belong to a state of the list, by their id or, where they have none, their name.
const PART_OF = new Map([
  ["Kosovo", "SRB"],
  ["Somaliland", "SOM"],
  ["N. Cyprus", "CYP"],
  ["158", "CHN"], // Taiwan
  ["344", "CHN"], // Hong Kong
  ["446", "CHN"], // Macao
]);

// Land that is drawn, but in no state's colour. What isn't listed is a few pixels, or Antarctica, and is left out.
const NEUTRAL = new Map([
  ["732", "ESH"], // Western Sahara
  ["304", "GRL"],
  ["238", "FLK"],
  ["239", "SGS"],
  ["260", "ATF"],
  ["540", "NCL"],
  ["630", "PRI"],
  ["Siachen Glacier", "XSG"],
]);

// A whole polygon of one state that belongs to another: the one that holds the point.
const MOVED = [{ from: "RUS", to: "UKR", holds: [34.1, 44.95] }]; // Crimea

// A part of one state's outline that belongs to another: south or east of a line between two points of the outline.
const CUT = [
  // Western Sahara reaches north to 27°40′, not only to the berm.
  { from: "MAR", to: "ESH", line: [[-8.818, 27.657], [-13.174, 27.655]] },
  // The Golan: east of the Jordan and of Lake Tiberias.
  {
    from: "ISR",
    to: "SYR",
    line: [[35.628, 33.275], [35.65, 33.2], [35.63, 33.0], [35.64, 32.85], [35.64, 32.75], [35.61, 32.683]],
  },
];

/**
 * Features, each with the `owner` that its land has in the drawing: an ISO 3166-1 code of three letters, or for land
 * that has none one of Natural Earth's. An owner can have several.
 *
 * @param features GeoJSON, Natural Earth's countries
 * @param iso3OfM49 of the states that have a colour
 */
export function byOwner(features, iso3OfM49) {
  const owned = [];
  for (const { id, properties, geometry } of features) {
    const owner = [id, properties.name].map((key) => ownerOf(key, iso3OfM49)).find(Boolean);
    if (owner === undefined) continue;
    for (const rings of polygonsOf(geometry)) owned.push(...settled(owner, rings));
  }
  return owned;
}

function ownerOf(key, iso3OfM49) {
  return iso3OfM49.get(key) ?? PART_OF.get(key) ?? NEUTRAL.get(key);
}

function polygonsOf({ type, coordinates }) {
  return type === "Polygon" ? [coordinates] : coordinates;
}

function settled(owner, rings) {
  const move = MOVED.find((rule) => rule.from === owner && contains(rings[0], rule.holds));
  if (move) return [polygon(move.to, rings)];
  const cut = CUT.find((rule) => rule.from === owner);
  if (!cut) return [polygon(owner, rings)];
  const [kept, given] = divided(rings[0], cut.line);
  return [polygon(cut.from, [kept, ...rings.slice(1)]), polygon(cut.to, [given])];
}

function polygon(owner, rings) {
  return { type: "Feature", properties: { owner }, geometry: { type: "Polygon", coordinates: rings } };
}

/** Both sides of a closed ring along a line whose ends are points of the ring, given to three decimals. */
function divided(ring, line) {
  const open = ring.slice(0, -1);
  const [start, end] = [line[0], line.at(-1)].map((point) => indexOf(open, point));
  const between = line.slice(1, -1);
  const onward = around(open, start, end);
  const back = around(open, end, start);
  const sides = [
    [...back, ...between, back[0]],
    [...onward, ...between.toReversed(), onward[0]],
  ];
  return sides.sort((a, b) => Math.abs(area(b)) - Math.abs(area(a)));
}

function indexOf(ring, [x, y]) {
  const index = ring.findIndex((point) => Math.abs(point[0] - x) < 6e-4 && Math.abs(point[1] - y) < 6e-4);
  if (index < 0) throw new Error(`No point of the outline lies at ${x}, ${y}.`);
  return index;
}

function around(ring, start, end) {
  return start <= end ? ring.slice(start, end + 1) : [...ring.slice(start), ...ring.slice(0, end + 1)];
}

function area(ring) {
  return ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}

function contains(ring, [x, y]) {
  let inside = false;
  ring.forEach(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
