// The monitor's page by roles and accessible names, in the frames of a VS Code webview.
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { eventually } from './eventually';

export interface Monitor {
  readonly frame: FrameLocator;
  /** The page that was opened last, if several are visible. */
  readonly lastFrame: FrameLocator;
  /** The number of rows of the curve that the page has. */
  readonly rows: () => Promise<number>;
  /** Waits until the page has more rows than that. */
  readonly rowsBeyond: (count: number) => Promise<number>;
  /** The first step of its curve. */
  readonly firstStep: () => Promise<number>;
  /** The text of the main chart at its first step, as a screen reader reads it after Home is pressed. */
  readonly firstValues: () => Promise<string>;
  /** The pixels of the main chart's curves. */
  readonly pixels: () => Promise<string>;
  /** The visible sample grid: its step and its width in pixels, which is 0 if the image did not load. */
  readonly shownSample: () => Promise<{ readonly step: number; readonly width: number }>;
  readonly stateText: () => Promise<string>;
  readonly button: (name: string | RegExp) => Locator;
}

/** A short timeout: `eventually` retries. */
const soon = { timeout: 5000 };

export function monitorOf(page: Page): Monitor {
  // A covered panel keeps its frame, but hidden.
  const visible = page.locator('iframe.webview >> visible=true');
  const [frame, lastFrame] = [visible.first(), visible.last()].map((each) =>
    each.contentFrame().frameLocator('#active-frame'),
  );
  const data = async (name: string) => Number(await frame.locator(`[${name}]`).first().getAttribute(name, soon));
  const rows = () => data('data-rows');
  const chart = frame.locator('.chart.main');
  return {
    frame,
    lastFrame,
    rows,
    rowsBeyond: (count) => eventually(`the curve has more than ${count} rows`, rows, (now) => now > count),
    firstStep: () => data('data-first-step'),
    firstValues: async () => {
      const slider = chart.getByRole('slider');
      await slider.press('Home', soon);
      const text = await eventually(
        'the chart tells its first step',
        () => slider.getAttribute('aria-valuetext', soon),
        (value) => value?.startsWith('step 1: ') ?? false,
      );
      await slider.press('Escape', soon);
      return text ?? '';
    },
    pixels: () =>
      chart.locator('canvas').evaluate((canvas: { toDataURL: () => string }) => canvas.toDataURL(), undefined, soon),
    shownSample: async () => {
      const picture = frame.getByRole('img', { name: /step \d+/i }).first();
      const name = (await picture.getAttribute('alt', soon)) ?? '';
      const width = await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth);
      return { step: Number(/step (\d+)/i.exec(name)?.[1]), width };
    },
    stateText: async () => (await frame.getByRole('status').first().textContent(soon)) ?? '',
    button: (name) => frame.getByRole('button', { name, exact: typeof name === 'string' }),
  };
}
