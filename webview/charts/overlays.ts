// What is drawn over the curves: the level of theory with its name, and signs at the steps where something happened.
import type uPlot from 'uplot';
import type { Theme } from '../ui/theme';
import type { ChartPlan, Mark } from './chartPlan';

/** The line of theory, over the curves, with its name above its end. `y` is its place on the axis of values. */
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
  // A level that is named by its number stands on the axis already.
  if (Number.isFinite(Number(level.label))) return ctx.restore();
  ctx.globalAlpha = 1;
  ctx.fillStyle = theme.text;
  ctx.font = `${11 * ratio}px ${theme.font}`;
  ctx.textAlign = 'right';
  const above = top - bbox.top > 16 * ratio;
  ctx.textBaseline = above ? 'bottom' : 'top';
  // In front of curves of the same colour, a rim of the background keeps it legible.
  ctx.strokeStyle = theme.background;
  ctx.setLineDash([]);
  ctx.lineWidth = 3 * ratio;
  ctx.lineJoin = 'round';
  ctx.strokeText(level.label, bbox.left + bbox.width - 2 * ratio, top + (above ? -3 : 3) * ratio);
  ctx.fillText(level.label, bbox.left + bbox.width - 2 * ratio, top + (above ? -3 : 3) * ratio);
  ctx.restore();
}

/** A line at each mark, with a triangle for a warning and a diamond for an error at its foot: told apart without colours. */
export function drawMarks(chart: uPlot, marks: readonly Mark[], theme: Theme): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const foot = bbox.top + bbox.height;
  const size = 4.5 * ratio;
  const colours = { info: theme.faint, warning: theme.warning, error: theme.bad };
  ctx.save();
  for (const { step, level } of marks) {
    const x = Math.round(chart.valToPos(step, 'x', true));
    if (!(x >= bbox.left && x <= bbox.left + bbox.width)) continue;
    ctx.strokeStyle = ctx.fillStyle = colours[level];
    ctx.globalAlpha = theme.highContrast ? 1 : 0.55;
    ctx.lineWidth = ratio;
    ctx.setLineDash([ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, foot);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    if (level === 'info') ctx.arc(x, foot - size, 0.6 * size, 0, 2 * Math.PI);
    else {
      ctx.moveTo(x, foot - 2.2 * size);
      ctx.lineTo(x + size, level === 'error' ? foot - 1.1 * size : foot);
      if (level === 'error') ctx.lineTo(x, foot);
      ctx.lineTo(x - size, level === 'error' ? foot - 1.1 * size : foot);
    }
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}
