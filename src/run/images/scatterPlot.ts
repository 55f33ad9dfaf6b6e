// Renders two-dimensional samples: real points in gray, generated ones in color, on the critic's landscape and under
// arrows of the generator gradient, if given.
import type { OverlayOptions } from 'sharp';
import { plotColors } from '../../shared/plotColors';
import { type GradientArrows, arrowsPath } from './gradientArrows';
import { type PlotLimits, numberPath, plotLimits, ticks } from './axes';
import { renderPlot } from './plotImage';
import type { PngImage } from './pngImage';
import { type CriticLandscape, renderLandscape } from './landscape';

export interface ScatterOptions {
  /** Width and height in pixels; 640 by default. */
  readonly size?: number;
  /** The plotted area; by default around the real points. */
  readonly limits?: PlotLimits;
  /** The critic scores at `landscapePoints` of the same limits. */
  readonly landscape?: CriticLandscape;
  /** The generator gradient at some generated points. */
  readonly arrows?: GradientArrows;
  /** Draws the generated points over all others, connected in their order. */
  readonly path?: boolean;
}

/**
 * Renders `real` and `generated`, both [n, 2], at most 4096 points of each. A generated point outside the limits is
 * drawn paler at the frame; points that are not finite are skipped.
 */
export async function renderScatterPlot(
  real: Float32Array,
  generated: Float32Array,
  { size = 640, limits = plotLimits(real), landscape, arrows, path = false }: ScatterOptions = {},
): Promise<PngImage> {
  const margin = Math.round(size / 20);
  const side = size - Math.round(2.2 * margin);
  const near = Math.round(0.7 * margin); // the top and right edges; the others have labels
  const frame: Frame = { limits, side, left: size - near - side, top: near };
  const layers: OverlayOptions[] = [];
  if (landscape !== undefined) {
    const raw = { width: side, height: side, channels: 3 } as const;
    layers.push({ input: renderLandscape(landscape, side), raw, left: frame.left, top: frame.top });
  }
  layers.push({ input: Buffer.from(drawing(real, generated, arrows, frame, size, landscape === undefined)) });
  if (path) layers.push({ input: Buffer.from(pathDrawing(generated, frame, size)) });
  return renderPlot(size, layers);
}

interface Frame {
  readonly limits: PlotLimits;
  readonly side: number;
  readonly left: number;
  readonly top: number;
}

const maxPoints = 4096;
const ink = '#6b7078';

function drawing(
  real: Float32Array,
  generated: Float32Array,
  arrows: GradientArrows | undefined,
  frame: Frame,
  size: number,
  grid: boolean,
): string {
  const radius = (size / 640) * 2.3;
  const { left, top, side } = frame;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">`,
    axes(frame, grid),
    `<g fill="${plotColors.real}" fill-opacity="0.45">${dots(real, frame, radius * 1.15, false)}</g>`,
    `<g fill="${plotColors.generated}" fill-opacity="0.28">${dots(generated, frame, radius * 0.9, true)}</g>`,
    `<g fill="${plotColors.generated}" fill-opacity="0.72">${dots(generated, frame, radius, false)}</g>`,
    // Specks on top keep real points visible under generated ones.
    `<g fill="${plotColors.realSpeck}" fill-opacity="0.5">${dots(real, frame, radius * 0.32, false)}</g>`,
    arrows ? arrowPaths(arrows, frame, size) : '',
    `<rect x="${left - 0.5}" y="${top - 0.5}" width="${side + 1}" height="${side + 1}" fill="none" stroke="#c9ccd2"/>`,
    '</svg>',
  ].join('');
}

/** Large points, connected by a line. */
function pathDrawing(points: Float32Array, frame: Frame, size: number): string {
  const { limits, side, left, top } = frame;
  const corners: string[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [left + fraction(points[i], limits.x) * side, top + (1 - fraction(points[i + 1], limits.y)) * side];
    if (Number.isFinite(x + y)) corners.push(`${x.toFixed(2)},${y.toFixed(2)}`);
  }
  const scale = size / 640;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">`,
    `<clipPath id="frame"><rect x="${left}" y="${top}" width="${side}" height="${side}"/></clipPath>`,
    `<polyline clip-path="url(#frame)" points="${corners.join(' ')}" fill="none" stroke="${plotColors.generated}" stroke-width="${1.8 * scale}" stroke-linejoin="round"/>`,
    `<g fill="${plotColors.generated}" stroke="#ffffff" stroke-width="${scale}">${dots(points, frame, 4 * scale, false)}</g>`,
    '</svg>',
  ].join('');
}

/** Dark arrows with a light outline, visible on points and landscape, clipped at the frame. */
function arrowPaths(arrows: GradientArrows, { limits, side, left, top }: Frame, size: number): string {
  const toPixel = (x: number, y: number) =>
    [left + fraction(x, limits.x) * side, top + (1 - fraction(y, limits.y)) * side] as const;
  const scale = size / 640;
  const path = arrowsPath(arrows, { toPixel, scale });
  const stroke = (color: string, opacity: number, width: number) =>
    `<path d="${path}" fill="none" stroke="${color}" stroke-opacity="${opacity}" stroke-width="${(width * scale).toFixed(2)}" stroke-linecap="round" stroke-linejoin="round"/>`;
  const clip = `<clipPath id="frame"><rect x="${left}" y="${top}" width="${side}" height="${side}"/></clipPath>`;
  return `${clip}<g clip-path="url(#frame)">${stroke(plotColors.arrowOutline, 0.6, 2.8)}${stroke(plotColors.arrow, 0.85, 1.15)}</g>`;
}

function axes({ limits, side, left, top }: Frame, grid: boolean): string {
  const lines: string[] = [];
  const marks: string[] = [];
  const labels: string[] = [];
  const bottom = top + side;
  for (const { at, label } of ticks(limits.x)) {
    const x = Math.round(left + fraction(at, limits.x) * side) + 0.5;
    if (x > left + 2 && x < left + side - 2) lines.push(`M${x} ${top}V${bottom}`);
    marks.push(`M${x} ${bottom}v4`);
    labels.push(numberPath(label, x, bottom + 9, 'middle'));
  }
  for (const { at, label } of ticks(limits.y)) {
    const y = Math.round(bottom - fraction(at, limits.y) * side) - 0.5;
    if (y > top + 2 && y < bottom - 2) lines.push(`M${left} ${y}H${left + side}`);
    marks.push(`M${left} ${y}h-4`);
    labels.push(numberPath(label, left - 9, y - 4.5, 'end'));
  }
  return [
    grid ? `<path d="${lines.join('')}" stroke="#eff0f3" fill="none"/>` : '',
    `<path d="${marks.join('')}" stroke="#c9ccd2" fill="none"/>`,
    `<g stroke="${ink}" stroke-width="1.15" stroke-linecap="round" stroke-linejoin="round" fill="none">${labels.join('')}</g>`,
  ].join('');
}

/** Circles at the points inside the limits or, with `outside`, at the nearest position on the frame. */
function dots(points: Float32Array, { limits, side, left, top }: Frame, radius: number, outside: boolean): string {
  const circles: string[] = [];
  for (let i = 0; i < Math.min(points.length, 2 * maxPoints); i += 2) {
    const u = fraction(points[i], limits.x);
    const v = fraction(points[i + 1], limits.y);
    const inside = u >= 0 && u <= 1 && v >= 0 && v <= 1;
    if (inside === outside || Number.isNaN(u + v)) continue;
    const x = left + Math.max(0, Math.min(1, u)) * side;
    const y = top + (1 - Math.max(0, Math.min(1, v))) * side;
    circles.push(`<circle cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" r="${radius.toFixed(2)}"/>`);
  }
  return circles.join('');
}

const fraction = (value: number, [from, to]: readonly [number, number]): number => (value - from) / (to - from);
