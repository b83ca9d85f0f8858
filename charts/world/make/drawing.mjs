// From land on the globe to paths in a picture: Equal Earth, simplified, whole numbers.

import { geoArea, geoEqualEarth, geoPath, geoStream } from "d3-geo";
import { feature, merge } from "topojson-client";
import { topology } from "topojson-server";
import { presimplify, simplify } from "topojson-simplify";

const WIDTH = 2000; // Units of the picture; the areas below are in squares of them.
const MARGIN = 10;
// Centred on 11° E, the picture ends at 169° W: between the two Diomede islands, so that it cuts no mainland.
const CENTRE = 11;
const DETAIL = 2; // A point of an outline goes when the triangle with its neighbours is smaller.
const SMALLEST_ISLAND = 10; // Of a state that has larger ones.
const DOT_BELOW = 24; // A state whose largest island is smaller gets a dot: about 3 pixels at full width.
const DOT_DISTANCE = 15; // Between the centres of two dots, at least.
// Here a few kilometres matter: every point is kept, to a tenth of a unit.
const FINE = { west: 34, east: 36.2, south: 29.3, north: 33.6 };
// A dot would hide the shape and its neighbours.
const SHAPE_ALWAYS = new Set(["PSE"]);

/**
 * What `world.json` holds: outlines and dots of states, and the land of others.
 *
 * @param owned features with an `owner`: see borders.mjs
 * @param markers the longitude and latitude of each state's dot, by its owner's code
 */
export function draw(owned, markers) {
  const land = dissolved(owned);
  const projection = geoEqualEarth().rotate([-CENTRE, 0]).precision(0);
  const dots = [...markers.values()].map((coordinates) => ({ type: "Point", coordinates }));
  const extent = { type: "GeometryCollection", geometries: [...land.map(({ geometry }) => geometry), ...dots] };
  projection.fitWidth(WIDTH - 2 * MARGIN, extent);
  const [[left, top], [, bottom]] = geoPath(projection).bounds(extent);
  const [x, y] = projection.translate();
  projection.translate([x - left + MARGIN, y - top + MARGIN]);
  const height = Math.ceil(bottom - top) + 2 * MARGIN;

  const outlines = {};
  const territories = {};
  for (const { owner, islands } of simplified(land.map((item) => projected(item, projection)), fineWindow(projection))) {
    const isSmall = !islands.length || area(islands[0]) < DOT_BELOW;
    if (!markers.has(owner)) territories[owner] = path(islands);
    else if (!isSmall || SHAPE_ALWAYS.has(owner)) outlines[owner] = path(islands);
  }
  const small = [...markers].filter(([iso3]) => !outlines[iso3]);
  const places = apart(small.map(([, marker]) => projection(marker)));
  return {
    projection: { name: "Equal Earth", centre: CENTRE, scale: projection.scale(), translate: projection.translate() },
    viewBox: [0, 0, WIDTH, height],
    outlines: sorted(outlines),
    dots: sorted(Object.fromEntries(small.map(([iso3], i) => [iso3, places[i]]))),
    territories: sorted(territories),
  };
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One feature for each owner, without the lines inside it. */
function dissolved(owned) {
  const shared = topology({ land: { type: "FeatureCollection", features: owned } });
  const parts = Map.groupBy(shared.objects.land.geometries, (geometry) => geometry.properties.owner);
  return [...parts].map(([owner, geometries]) => {
    const geometry = merge(shared, geometries);
    geometry.coordinates = geometry.coordinates.map(wound);
    return { type: "Feature", properties: { owner }, geometry };
  });
}

/** d3 takes a ring that runs the other way for all of the globe but the island. */
function wound(rings) {
  const isInsideOut = geoArea({ type: "Polygon", coordinates: rings }) > 2 * Math.PI;
  return isInsideOut ? rings.map((ring) => ring.toReversed()) : rings;
}

function projected(item, projection) {
  const polygons = [];
  let ring;
  const sink = {
    polygonStart: () => polygons.push([]),
    polygonEnd: () => {},
    lineStart: () => (ring = []),
    lineEnd: () => polygons.at(-1).push([...ring, ring[0]]),
    point: (x, y) => ring.push([x, y]),
  };
  geoStream(item, projection.stream(sink));
  return { ...item, geometry: { type: "MultiPolygon", coordinates: polygons.filter((rings) => rings.length) } };
}

function fineWindow(projection) {
  const [left, top] = projection([FINE.west, FINE.north]);
  const [right, bottom] = projection([FINE.east, FINE.south]);
  return ([x, y]) => x >= left && x <= right && y >= top && y <= bottom;
}

/**
 * The rings of each owner, the largest first, in whole units.
 *
 * Neighbours share their borders, so that simplifying opens no gaps.
 */
function simplified(features, isFine) {
  const shared = presimplify(topology({ land: { type: "FeatureCollection", features } }));
  for (const arc of shared.arcs) for (const point of arc) if (isFine(point)) point[2] = Infinity;
  const plain = simplify(shared, DETAIL);
  const grid = (point) => point.slice(0, 2).map((v) => (isFine(point) ? Math.round(v * 10) / 10 : Math.round(v)));
  plain.arcs = plain.arcs.map((arc) => arc.map(grid));
  return feature(plain, plain.objects.land).features.map(({ properties: { owner }, geometry }) => {
    const islands = geometry.coordinates
      .flat()
      .map(cleaned)
      .filter((ring) => ring.length)
      .sort((a, b) => area(b) - area(a));
    const isShown = (ring) => area(ring) >= smallestOf(owner) && !isCutOff(ring, islands[0]);
    return { owner, islands: islands.filter((ring, i) => i === 0 || isShown(ring)) };
  });
}

/** On the far side of the picture's edge from the largest island of its owner: the last of the Aleutians. */
function isCutOff(ring, largest) {
  return Math.abs(ring[0][0] - largest[0][0]) > WIDTH / 2;
}

function smallestOf(owner) {
  return SHAPE_ALWAYS.has(owner) ? 0 : SMALLEST_ISLAND;
}

/** A closed ring without points that say nothing: repeated, or on the line between their neighbours. */
function cleaned(ring) {
  const points = ring.slice(0, -1);
  // One at a time: of two equal points each lies between the other and its neighbour, and one has to stay.
  for (let i = 0; i < points.length && points.length > 2; ) {
    const [a, point, b] = [points.at(i - 1), points[i], points[(i + 1) % points.length]];
    const turn = (point[0] - a[0]) * (b[1] - a[1]) - (b[0] - a[0]) * (point[1] - a[1]);
    if (Math.abs(turn) > 1e-9) i++;
    else {
      points.splice(i, 1);
      i = Math.max(i - 2, 0);
    }
  }
  return points.length < 3 ? [] : [...points, points[0]];
}

function area(ring) {
  return Math.abs(ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i][0] * y - x * ring[i][1]) / 2, 0));
}

/** Whole coordinates for points, those that lie on each other moved apart, a little at a time. */
function apart(points) {
  const places = points.map((point) => [...point]);
  for (let round = 0; round < 200; round++) {
    for (const [i, a] of places.entries()) {
      for (const b of places.slice(i + 1)) {
        const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
        const distance = Math.hypot(dx, dy);
        if (distance >= DOT_DISTANCE) continue;
        const push = (DOT_DISTANCE - distance) / 2 / distance;
        a[0] -= dx * push;
        a[1] -= dy * push;
        b[0] += dx * push;
        b[1] += dy * push;
      }
    }
  }
  return places.map((place) => place.map(Math.round));
}

/** Rings as the data of an SVG path: relative, and as short as it can be written. */
function path(rings) {
  let start = [0, 0];
  return rings
    .map((ring) => {
      const move = `${start[0] || start[1] ? "m" : "M"}${numbers(ring[0], start)}`;
      start = ring[0];
      // The last point is the first again: `z` goes there.
      return `${move}l${ring.slice(1, -1).map((point, i) => numbers(point, ring[i])).reduce(joined)}z`;
    })
    .join("");
}

function numbers(point, from) {
  return point.map((v, i) => `${Math.round((v - from[i]) * 10) / 10}`).reduce(joined);
}

/** A minus is separator enough. */
function joined(before, after) {
  return after.startsWith("-") ? before + after : `${before} ${after}`;
}
