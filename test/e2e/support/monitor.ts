// The monitor's page as its user reads it: by roles and names, through the frames that VS Code puts around it.
import type { FrameLocator, Locator, Page } from 'playwright-core';

export interface Monitor {
  readonly frame: FrameLocator;
  /** The step that the progress bar is at. */
  readonly step: () => Promise<number>;
  readonly button: (name: string | RegExp) => Locator;
}

export function monitorOf(page: Page): Monitor {
  // A panel that is covered keeps its frame, invisibly.
  const frame = page.locator('iframe.webview >> visible=true').first().contentFrame().frameLocator('#active-frame');
  return {
    frame,
    step: async () => Number(await frame.getByRole('progressbar').getAttribute('aria-valuenow', { timeout: 5000 })),
    button: (name) => frame.getByRole('button', { name }),
  };
}
