// The time that a page takes.
import type { OpenedPage } from '../../../scripts/lib/monitorPage.mjs';

/**
 * A function that measures the milliseconds of CPU time that the page spends on tasks (script, style and layout) while
 * `work` runs and shortly after.
 */
export async function taskClock(page: OpenedPage['page']): Promise<(work: () => Promise<unknown>) => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const now = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  return async (work) => {
    const before = await now();
    await work();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    return (await now()) - before;
  };
}
