/** Longitude and latitude in a text of two numbers, such as `120.75, 30.76`. */
export function coordinates(text: string): [number, number] | null {
  const numbers = text.trim().split(/[\s,，;；]+/).map(Number);
  const [lon, lat] = numbers;
  const valid = numbers.length === 2 && numbers.every(Number.isFinite) && Math.abs(lon!) <= 180 && Math.abs(lat!) < 85;
  return valid ? [lon!, lat!] : null;
}
