// The extension in German: views, commands, CodeLenses and the monitor. The texts of VS Code itself stay English here.
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { lasting } from './support/experiments';
import { inVsCode } from './support/inVsCode';

inVsCode('the editor in German', { language: 'de' }, (open) => {
  test('shows German views, commands, CodeLenses, quick picks and monitors', async () => {
    const { window, space } = await open({ 'ring.gan.json': lasting });
    const { page, monitor } = window;
    await page.getByRole('tab', { name: 'Earthmover' }).first().click();
    await page.getByText('In diesem Arbeitsbereich gibt es noch keine Läufe.').waitFor();
    await page.getByRole('button', { name: 'Neues Experiment' }).first().waitFor();
    await page.getByRole('tab', { name: 'Explorer' }).first().click();

    await window.openFile('ring.gan.json');
    await window.lens('⚡ Schnellstart (500 Schritte)');
    await window.clickLens('▶ Trainieren');
    await monitor.rowsBeyond(5);
    await eventually(
      'the monitor says so',
      () => monitor.stateText(),
      (text) => /Läuft/.test(text),
    );
    await monitor.frame.getByText(/^Schritt [\d.]+ von 1\.000\.000$/).waitFor();
    for (const name of ['Beenden', 'Pausieren']) await monitor.button(name).waitFor();

    await page.getByRole('tab', { name: 'Earthmover' }).first().click();
    await page.getByRole('heading', { name: /Läufe/ }).first().waitFor();
    const item = page.getByRole('treeitem', { name: /^ring, läuft, Schritt [\d.]+ von 1\.000\.000/ });
    await item.waitFor();
    await monitor.button('Pausieren').click();
    await page.getByRole('treeitem', { name: /^ring, pausiert/ }).waitFor();
    await eventually(
      'the monitor says so',
      () => monitor.stateText(),
      (text) => /Pausiert/.test(text),
    );

    // The list renders only visible rows, so each is searched for.
    for (const title of ['Beenden', 'Fortsetzen', 'Läufe vergleichen', 'Neues Experiment…', 'Trainieren']) {
      expect(await window.offered(`Earthmover: ${title}`)).toContain(`Earthmover: ${title}`);
    }
    await window.command('Earthmover: Beenden');
    await eventually('it has stopped', () => space.runs()[0].status().state === 'stopped');
    await page.getByRole('treeitem', { name: /^ring, beendet/ }).waitFor();
    await window.command('Earthmover: Läufe filtern…');
    await page.locator('.quick-input-widget').getByText('Alle Läufe').first().waitFor();
  });
});
