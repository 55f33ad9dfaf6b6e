// Drawn over the curves: the theoretical level with its label, and marks where notices were written.
import type uPlot from 'uplot';
import type { Theme } from '../ui/theme';
import type { ChartPlan, Mark } from './chartPlan';

/** Draws the theoretical level with its label at the right end. `y` maps a value to the value axis. */
export function drawLevel(chart: uPlot, { level }: ChartPlan, y: (value: number) => number, theme: Theme): void {
  if (level === null) return;
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const top = Math.round(chart.valToPos(y(level.value), 'y', true));
  if (!(top >= bbox.top && top <= bbox.top + bbox.height)) return;
  ctx.save();
  ctx.strokeStyle = theme.text;
  ctx.globalAlpha = theme.highContrast ? 1 : 0.55;
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, top);
  ctx.lineTo(bbox.left + bbox.width, top);
  ctx.stroke();
  // A level labeled with its number is already on the axis.
  if (Number.isFinite(Number(level.label))) return ctx.restore();
  ctx.globalAlpha = 1;
  ctx.fillStyle = theme.text;
  ctx.font = `${11 * ratio}px ${theme.font}`;
  ctx.textAlign = 'right';
  const above = top - bbox.top > 16 * ratio;
  ctx.textBaseline = above ? 'bottom' : 'top';
  // An outline in the background color keeps the label legible on top of curves.
  ctx.strokeStyle = theme.background;
  ctx.setLineDash([]);
  ctx.lineWidth = 3 * ratio;
  ctx.lineJoin = 'round';
  ctx.strokeText(level.label, bbox.left + bbox.width - 2 * ratio, top + (above ? -3 : 3) * ratio);
  ctx.fillText(level.label, bbox.left + bbox.width - 2 * ratio, top + (above ? -3 : 3) * ratio);
  ctx.restore();
}

/**
 * Draws a line at each mark, with a triangle for a warning and a diamond for an error at the bottom, distinguishable
 * without color.
 */
export function drawMarks(chart: uPlot, marks: readonly Mark[], theme: Theme): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const bottom = bbox.top + bbox.height;
  const size = 4.5 * ratio;
  const colors = { info: theme.faint, warning: theme.warning, error: theme.bad };
  ctx.save();
  for (const { x: position, level } of marks) {
    const x = Math.round(chart.valToPos(position, 'x', true));
    if (!(x >= bbox.left && x <= bbox.left + bbox.width)) continue;
    ctx.strokeStyle = ctx.fillStyle = colors[level];
    ctx.globalAlpha = theme.highContrast ? 1 : 0.55;
    ctx.lineWidth = ratio;
    ctx.setLineDash([ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bottom);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    if (level === 'info') ctx.arc(x, bottom - size, 0.6 * size, 0, 2 * Math.PI);
    else {
      ctx.moveTo(x, bottom - 2.2 * size);
      ctx.lineTo(x + size, level === 'error' ? bottom - 1.1 * size : bottom);
      if (level === 'error') ctx.lineTo(x, bottom);
      ctx.lineTo(x - size, level === 'error' ? bottom - 1.1 * size : bottom);
    }
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}
