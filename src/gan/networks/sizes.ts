// Which image sizes the convolutional networks fit: those that halve down to a side of 4 to 7 pixels.

/** How often both sides can be halved until the shorter one is 4 to 7 pixels long; an assertion where that is not so. */
export function halvingsOf(height: number, width: number): number {
  const halvings = Math.floor(Math.log2(Math.min(height, width) / 4));
  if (!halves(height, width)) throw new Error(`an image of ${height} × ${width} does not halve down to 4 to 7 pixels`);
  return halvings;
}

/** Whether an image halves down, at least once. */
export function halves(height: number, width: number): boolean {
  const halvings = Math.floor(Math.log2(Math.min(height, width) / 4));
  return halvings >= 1 && height % 2 ** halvings === 0 && width % 2 ** halvings === 0;
}

/** The next smaller and the next larger side of a square image that halves down. */
export function sidesAround(side: number): number[] {
  let [below, above] = [side, side];
  while (below > 0 && !halves(below, below)) below--;
  while (!halves(above, above)) above++;
  return below > 0 ? [below, above] : [above];
}
