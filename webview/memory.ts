// What the page remembers of how it was looked at: kept by VS Code while the page is hidden and over a reload.

export interface Memory {
  /** The run's id; the extension finds the run by it after a reload. */
  readonly id: string;
  /** The step whose samples are shown; null where they follow the latest. */
  readonly sampleStep: number | null;
  /** The steps that the charts show; null for all. */
  readonly zoom: readonly [from: number, to: number] | null;
  /** Keys of the lines that are hidden. */
  readonly hidden: readonly string[];
  readonly settingsOpen: boolean;
}

export const freshMemory = (id: string): Memory => ({ id, sampleStep: null, zoom: null, hidden: [], settingsOpen: false }); // prettier-ignore

/** What was remembered of the run `id`, part by part, as far as it is what a page wrote; fresh for another run. */
export function readMemory(value: unknown, id: string): Memory {
  const fresh = freshMemory(id);
  if (typeof value !== 'object' || value === null) return fresh;
  const kept = value as { readonly [K in keyof Memory]?: unknown };
  if (kept.id !== id) return fresh;
  const { sampleStep, zoom, hidden, settingsOpen } = kept;
  return {
    id,
    sampleStep: isStep(sampleStep) ? sampleStep : null,
    zoom:
      Array.isArray(zoom) && zoom.length === 2 && zoom.every(isStep) && zoom[0] < zoom[1] ? [zoom[0], zoom[1]] : null,
    hidden: Array.isArray(hidden) ? hidden.filter((key) => typeof key === 'string') : [],
    settingsOpen: settingsOpen === true,
  };
}

const isStep = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
