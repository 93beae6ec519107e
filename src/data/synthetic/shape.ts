/**
 * Defines shapes by their signed distance functions, and smooth lines.
 */

/**
 * A shape, given by its bounding box and its signed distance function.
 *
 * The distance of a point to the outline is positive outside and negative inside. The canvas
 * derives the coverage of a pixel from it. Lengths are in the shape's own units; y points down.
 * Source of the formulas: https://iquilezles.org/articles/distfunctions2d/.
 */
export interface Shape {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  distance(x: number, y: number): number;
}

/** A list of corners: x, y, x, y, ... */
export type Points = readonly number[];

/** An ellipse around (x, y). The distance is exact for a circle and near enough for the rest. */
export function ellipse(x: number, y: number, rx: number, ry = rx): Shape {
  const least = Math.min(rx, ry);
  return {
    left: x - rx,
    right: x + rx,
    top: y - ry,
    bottom: y + ry,
    distance(px, py) {
      const u = (px - x) / rx;
      const v = (py - y) / ry;
      return (Math.sqrt(u * u + v * v) - 1) * least;
    },
  };
}

/** A straight stroke with round ends, from x, y to x, y, `radius` thick at first, then `end`. */
export function stroke(points: Points, radius: number, end = radius): Shape {
  const [x1, y1, x2, y2] = points as [number, number, number, number];
  const widest = Math.max(radius, end);
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = Math.max(dx * dx + dy * dy, 1e-9);
  return {
    left: Math.min(x1, x2) - widest,
    right: Math.max(x1, x2) + widest,
    top: Math.min(y1, y2) - widest,
    bottom: Math.max(y1, y2) + widest,
    distance(px, py) {
      const along = ((px - x1) * dx + (py - y1) * dy) / squared;
      const t = Math.min(Math.max(along, 0), 1);
      const u = px - x1 - t * dx;
      const v = py - y1 - t * dy;
      return Math.sqrt(u * u + v * v) - (radius + t * (end - radius));
    },
  };
}

/** The area inside a closed line through the corners, in order. */
export function polygon(points: Points): Shape {
  const xs = points.filter((_, index) => index % 2 === 0);
  const ys = points.filter((_, index) => index % 2 === 1);
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    distance(px, py) {
      let nearest = Infinity;
      let inside = false;
      for (let to = 0, from = xs.length - 1; to < xs.length; from = to++) {
        const edgeX = xs[from]! - xs[to]!;
        const edgeY = ys[from]! - ys[to]!;
        const u = px - xs[to]!;
        const v = py - ys[to]!;
        const along = (u * edgeX + v * edgeY) / (edgeX * edgeX + edgeY * edgeY);
        const t = Math.min(Math.max(along, 0), 1);
        const du = u - t * edgeX;
        const dv = v - t * edgeY;
        nearest = Math.min(nearest, du * du + dv * dv);
        // A line to the right from the point crosses an odd number of edges if the point is inside.
        const crosses = ys[to]! > py !== ys[from]! > py;
        if (crosses && u < (edgeX * v) / edgeY) inside = !inside;
      }
      return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
    },
  };
}

/**
 * Returns a Catmull-Rom spline through the points, as the ends of straight segments, four from
 * point to point.
 *
 * Source: E. Catmull, R. Rom, "A class of local interpolating splines", in Computer Aided Geometric
 * Design, 1974.
 */
export function smooth(points: Points): number[] {
  const last = points.length / 2 - 1;
  const at = (index: number, axis: number): number =>
    points[Math.min(Math.max(index, 0), last) * 2 + axis]!;
  const line: number[] = [at(0, 0), at(0, 1)];
  for (let index = 0; index < last; index++) {
    for (const t of [0.25, 0.5, 0.75, 1]) {
      for (const axis of [0, 1]) {
        const [a, b] = [at(index - 1, axis), at(index, axis)];
        const [c, d] = [at(index + 1, axis), at(index + 2, axis)];
        const square = 2 * a - 5 * b + 4 * c - d;
        const cube = 3 * b - a - 3 * c + d;
        line.push(b + 0.5 * t * (c - a + t * (square + t * cube)));
      }
    }
  }
  return line;
}
