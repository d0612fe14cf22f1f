/** Distances and areas on the ellipsoid WGS 84, from longitudes and latitudes [degree]. */

export type Place = [number, number];

const A = 6378137, F = 1 / 298.257223563, B = A * (1 - F);
const E2 = F * (2 - F), E = Math.sqrt(E2);
const rad = (degrees: number) => (degrees * Math.PI) / 180;

/** Length of the shortest way between two places [m], by Vincenty's (1975) inverse formula; NaN for nearly opposite ones. */
export function distance([lon1, lat1]: Place, [lon2, lat2]: Place): number {
  const L = rad(lon2 - lon1), u1 = Math.atan((1 - F) * Math.tan(rad(lat1))), u2 = Math.atan((1 - F) * Math.tan(rad(lat2)));
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = L;
  for (let turn = 0; turn < 100; turn += 1) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
    const sin = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    if (sin === 0) return 0;
    const cos = s1 * s2 + c1 * c2 * cl, sigma = Math.atan2(sin, cos);
    const alpha = (c1 * c2 * sl) / sin, cos2 = 1 - alpha * alpha;
    const middle = cos2 === 0 ? 0 : cos - (2 * s1 * s2) / cos2;
    const C = (F / 16) * cos2 * (4 + F * (4 - 3 * cos2));
    const next = L + (1 - C) * F * alpha * (sigma + C * sin * (middle + C * cos * (2 * middle * middle - 1)));
    if (Math.abs(next - lambda) < 1e-12) {
      const k = (cos2 * (A * A - B * B)) / (B * B);
      const a = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k))), b = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)));
      const more = b * sin * (middle + (b / 4) * (cos * (2 * middle * middle - 1) - (b / 6) * middle * (4 * sin * sin - 3) * (4 * middle * middle - 3)));
      return B * a * (sigma - more);
    }
    lambda = next;
  }
  return NaN;
}

export function length(places: Place[]): number {
  return places.slice(1).reduce((sum, place, at) => sum + distance(places[at]!, place), 0);
}

const q = (sin: number) => (1 - E2) * (sin / (1 - E2 * sin * sin) - Math.log((1 - E * sin) / (1 + E * sin)) / (2 * E));
const POLE = q(1);
/** Radius of the sphere with the ellipsoid's area [m]. */
const AUTHALIC = A * Math.sqrt(POLE / 2);

/** Area of a polygon of a city's size [m2], on the sphere that keeps the ellipsoid's areas. */
export function area(places: Place[]): number {
  let sum = 0;
  places.forEach(([lon, lat], at) => {
    const [nextLon, nextLat] = places[(at + 1) % places.length]!;
    sum += rad(nextLon - lon) * (q(Math.sin(rad(lat))) + q(Math.sin(rad(nextLat))));
  });
  return Math.abs((sum / POLE / 2) * AUTHALIC * AUTHALIC);
}

/** A round length no longer than `most` [m]: 1, 2 or 5 times a power of ten. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((step) => step * power).find((each) => each <= most) ?? power;
}

/** Metres that a pixel of a map is wide. */
export const pixel = (lat: number, zoom: number): number => (2 * Math.PI * A * Math.cos(rad(lat))) / (512 * 2 ** zoom);
