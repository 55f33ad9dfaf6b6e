// The scenes that show the layout: a run in each state and a comparison, at four widths and in four themes.

const themes = ['dark', 'light', 'hc-dark', 'hc-light'];
/** A panel beside an editor and two side bars, beside one side bar, beside an editor on a wide screen, and alone. */
const widths = [312, 460, 660, 1320];

/**
 * @param states by name: `running`, `finished`, `failed`, `stepping` (paused) and `latents` (of images)
 * @param compare returns the scene of a comparison by name and its options
 */
export function layoutScenes({ running, finished, failed, stepping, latents, compared }, compare) {
  const position = { criticUpdatesDone: 2, criticUpdatesTotal: 5, network: 'critic', values: {} };
  const live = { ...position, step: stepping.status.step + 1, uri: stepping.samples.at(-1).uri };
  const kinds = {
    running: { state: running },
    finished: { state: finished },
    failed: { state: failed },
    stepping: { state: stepping, more: [{ type: 'live', live }] },
    latents: { state: latents, act: explore(latents) },
  };
  return themes.flatMap((theme) =>
    widths.flatMap((width) => {
      const size = { theme, width, height: width === 1320 ? 860 : 800 };
      return [
        ...Object.entries(kinds).map(([name, { state, more = [], act }]) => ({
          name: `layout-${name}-${width}-${theme}`,
          ...size,
          messages: [{ type: 'state', state }, ...more],
          act,
        })),
        compare(`layout-compare-${width}-${theme}`, compared, size),
      ];
    }),
  );
}

/** Opens the latent explorer and shows the answer to its request. */
const explore = (run) => async (page, send) => {
  await page.locator('details.latents summary').click();
  await page.getByRole('button', { name: 'Samples', exact: true }).click();
  await send({ type: 'explored', answer: { uri: run.samples.at(-1).uri, step: run.status.step, problem: null } });
  await page.locator('.latent-explorer img').waitFor();
  await page.locator('.latent-explorer').scrollIntoViewIfNeeded();
};
