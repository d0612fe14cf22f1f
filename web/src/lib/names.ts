/** Classes of a name in the head of a column: what is long or has no place to break keeps room, and breaks anywhere. */

const LONG = 40, UNBROKEN = 20;

export function nameClass(name: string): string {
  const breadth = [...name].reduce((sum, each) => sum + (each >= "\u2e80" ? 2 : 1), 0);
  const unbroken = name.split(/[\s\u2e80-\uffef]+/).some((word) => word.length > UNBROKEN);
  return breadth > LONG || unbroken ? " long-name" : "";
}
