/**
 * Defines shapes by their signed distance functions, and smooth lines.
 */

/**
 * A shape, given by its bounding box and its signed distance function.
 *
 * The distance of a point to the outline is positive outside and negative inside. The canvas
 * derives the coverage of a pixel from it. Lengths are in pixels; y points down. Source of the
 * formulas: https://iquilezles.org/articles/distfunctions2d/.
 */
export interface Shape {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  distance(x: number, y: number): number;
}

export type Point = readonly [x: number, y: number];

/**
 * An ellipse turned by the angle with the given cosine and sine. The distance is exact for a circle
 * and near enough for the rest.
 */
export function ellipse(
  [x, y]: Point,
  rx: number,
  ry = rx,
  [cosine, sine]: Point = [1, 0],
): Shape {
  const [least, most] = rx < ry ? [rx, ry] : [ry, rx];
  return {
    ...{ left: x - most, right: x + most, top: y - most, bottom: y + most },
    distance(px, py) {
      const u = (cosine * (px - x) + sine * (py - y)) / rx;
      const v = (cosine * (py - y) - sine * (px - x)) / ry;
      return (Math.sqrt(u * u + v * v) - 1) * least;
    },
  };
}

/** A straight stroke with round ends, `radius` thick at the first point, `end` at the second. */
export function stroke(a: Point, b: Point, radius: number, end = radius) {
  const [[x1, y1], [x2, y2]] = [a, b];
  const widest = Math.max(radius, end);
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = Math.max(dx * dx + dy * dy, 1e-9);
  return {
    left: Math.min(x1, x2) - widest,
    right: Math.max(x1, x2) + widest,
    top: Math.min(y1, y2) - widest,
    bottom: Math.max(y1, y2) + widest,
    distance(px: number, py: number) {
      const along = ((px - x1) * dx + (py - y1) * dy) / squared;
      const t = Math.min(Math.max(along, 0), 1);
      const u = px - x1 - t * dx;
      const v = py - y1 - t * dy;
      return Math.sqrt(u * u + v * v) - (radius + t * (end - radius));
    },
  };
}

/** The area inside a closed line through the corners, in order. */
export function polygon(corners: readonly Point[]): Shape {
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
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
 * Cuts the corners of a line once, at a quarter and three quarters of each segment.
 *
 * Source: G. M. Chaikin, "An algorithm for high-speed curve generation", 1974.
 */
export function smooth(line: readonly Point[]): Point[] {
  const cuts = line.slice(1).flatMap(([x2, y2], index) => {
    const [x1, y1] = line[index]!;
    const at = (t: number): Point => [x1 + t * (x2 - x1), y1 + t * (y2 - y1)];
    return [at(0.25), at(0.75)];
  });
  return [line[0]!, ...cuts, line.at(-1)!];
}
