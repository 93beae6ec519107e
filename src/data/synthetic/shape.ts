/**
 * Defines shapes by their signed distance functions.
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
export function ellipse(
  x: number,
  y: number,
  radiusX: number,
  radiusY: number = radiusX,
): Shape {
  const least = Math.min(radiusX, radiusY);
  return {
    left: x - radiusX,
    top: y - radiusY,
    right: x + radiusX,
    bottom: y + radiusY,
    distance(px, py) {
      const u = (px - x) / radiusX;
      const v = (py - y) / radiusY;
      return (Math.sqrt(u * u + v * v) - 1) * least;
    },
  };
}

/**
 * A straight stroke with round ends, `radius` thick at its beginning and `endRadius` at its end.
 */
export function stroke(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  radius: number,
  endRadius: number = radius,
): Shape {
  const widest = Math.max(radius, endRadius);
  const dx = x2 - x1;
  const dy = y2 - y1;
  const squared = Math.max(dx * dx + dy * dy, 1e-9);
  return {
    left: Math.min(x1, x2) - widest,
    top: Math.min(y1, y2) - widest,
    right: Math.max(x1, x2) + widest,
    bottom: Math.max(y1, y2) + widest,
    distance(px, py) {
      const along = ((px - x1) * dx + (py - y1) * dy) / squared;
      const t = Math.min(Math.max(along, 0), 1);
      const u = px - x1 - t * dx;
      const v = py - y1 - t * dy;
      return Math.sqrt(u * u + v * v) - (radius + t * (endRadius - radius));
    },
  };
}

/**
 * A rectangle around (x, y), `halfWidth` and `halfHeight` from its middle to its sides, corners
 * rounded by `round`.
 */
export function box(
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
  round = 0,
): Shape {
  return {
    left: x - halfWidth,
    top: y - halfHeight,
    right: x + halfWidth,
    bottom: y + halfHeight,
    distance(px, py) {
      const u = Math.abs(px - x) - halfWidth + round;
      const v = Math.abs(py - y) - halfHeight + round;
      const outerU = Math.max(u, 0);
      const outerV = Math.max(v, 0);
      const outside = Math.sqrt(outerU * outerU + outerV * outerV);
      return outside + Math.min(Math.max(u, v), 0) - round;
    },
  };
}

/** The area inside a closed line through the corners, in order. */
export function polygon(points: Points): Shape {
  const corners = points.length / 2;
  const xs = Float64Array.from({ length: corners }, (_, at) => points[2 * at]!);
  const ys = Float64Array.from(
    { length: corners },
    (_, at) => points[2 * at + 1]!,
  );
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
    distance(px, py) {
      let nearest = Infinity;
      let inside = false;
      for (let to = 0, from = corners - 1; to < corners; from = to++) {
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
