import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { lookAt } from '../support/browser-look.ts';
import { asPerson, missingBrowser, openQuietPanel, type BrowserPanel } from '../support/browser-panel.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? false;

/** Of a node that is told so, an office with nobody else in it. */
const NEW_OFFICE = asPerson('Ana Lind', '101', 'new');

describe('the screens of an empty office', { skip, timeout: 180_000 }, () => {
  /** A new node, with its panel open until the test ends. */
  async function open(t: TestContext, args: readonly string[] = []): Promise<BrowserPanel> {
    const panel = await openQuietPanel(tempFolder('screens'), 'ana', args);
    t.after(() => panel.stop());
    return panel;
  }

  test('the first run is in German where the browser is', async (t) => {
    const panel = await open(t);
    const browser = panel.context.browser();
    assert.ok(browser);
    const context = await browser.newContext({ locale: 'de-AT' });
    const page = await context.newPage();
    await page.goto(await panel.newAddress());
    await page.getByRole('button', { name: de.webUnderstood }).waitFor();
    await page.getByLabel(de.joinOffice).check();
    await page.getByRole('button', { name: de.next }).click();
    await page.getByText(de.linkMissing).waitFor();
    const wrong = await lookAt(page, 'german-first-run-office');
    await page.getByLabel(de.createOffice).check();
    await page.getByRole('button', { name: de.next }).click();
    await page.getByLabel(de.extensionLabel, { exact: true }).fill('1');
    await page.getByRole('button', { name: de.finishCreate }).click();
    await page.getByText(de.nameMissing).waitFor();
    await page.getByText(de.extensionWrong).waitFor();
    wrong.push(...(await lookAt(page, 'german-first-run-you')));
    assert.deepEqual(wrong, []);
  });

  test('a person makes an office, skips the sound test, and is told that nobody is there yet', async (t) => {
    const { page, api } = await open(t);
    await page.getByLabel(en.joinOffice).check();
    await page.getByRole('button', { name: en.next }).click();
    await page.getByText(en.linkMissing).waitFor();
    const wrong = await lookAt(page, 'first-run-office');
    await page.getByLabel(en.createOffice).check();
    await page.getByRole('button', { name: en.next }).click();
    await page.getByLabel(en.nameLabel, { exact: true }).fill('Ana Lind');
    await page.getByLabel(en.extensionLabel, { exact: true }).fill('1');
    await page.getByRole('button', { name: en.finishCreate }).click();
    await page.getByText(en.extensionWrong).waitFor();
    wrong.push(...(await lookAt(page, 'first-run-you')));
    await page.getByLabel(en.extensionLabel, { exact: true }).fill('101');
    await page.getByRole('button', { name: en.finishCreate }).click();
    await page.getByRole('heading', { name: en.recoveryTitle }).waitFor();
    wrong.push(...(await lookAt(page, 'first-run-code')));
    await api.call('setSettings', { language: 'de' });
    await page.getByRole('heading', { name: de.recoveryTitle }).waitFor();
    wrong.push(...(await lookAt(page, 'german-first-run-code')));
    await api.call('setSettings', { language: null });
    await page.getByRole('button', { name: en.recoveryKept }).click();
    await page.getByRole('heading', { name: en.soundTitle, exact: true }).waitFor();
    wrong.push(...(await lookAt(page, 'first-run-sound')));
    await api.call('setSettings', { language: 'de' });
    await page.getByRole('heading', { name: de.soundTitle, exact: true }).waitFor();
    wrong.push(...(await lookAt(page, 'german-first-run-sound')));
    await api.call('setSettings', { language: null });
    await page.getByRole('button', { name: en.soundSkip }).click();
    await page.getByText(en.nobodyTitle).waitFor();
    wrong.push(...(await lookAt(page, 'panel-empty')));
    assert.deepEqual(wrong, []);
  });

  test('a page without a token says how to get an address', async (t) => {
    const panel = await open(t);
    const page = await panel.context.newPage();
    await page.goto(new URL('/', await panel.newAddress()).href);
    await page.getByRole('heading', { name: en.webRefusedTitle }).waitFor();
    assert.deepEqual(await lookAt(page, 'web-refused'), []);
  });

  test('a page that lost its node says so, and takes a new address in the same tab once the node is back', async (t) => {
    const panel = await open(t, NEW_OFFICE);
    const { page } = panel;
    await page.getByText(en.nobodyTitle).waitFor();
    await panel.restart(async () => {
      await page.getByText(en.webLost).waitFor();
      assert.deepEqual(await lookAt(page, 'web-lost'), []);
    });
    // A node that was started again knows no sessions.
    await page.getByRole('heading', { name: en.webRefusedTitle }).waitFor();
    await page.goto(await panel.newAddress());
    await page.getByText(en.nobodyTitle).waitFor();
  });
});
