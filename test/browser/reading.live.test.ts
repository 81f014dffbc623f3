import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt, lookInGerman, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { engineScript } from '../support/engine-script.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const WORDS = ['The', 'parcel', 'is', 'here,', 'on', 'the', 'second', 'floor.'];
/** Words of a third of a second each. */
const LINES = WORDS.map((word, n) => JSON.stringify({ word, start: n / 3, end: (n + 1) / 3, conf: 0.9 }));
const TEXT = WORDS.join(' ');

/** Ana has a panel; Bo talks to her. */
describe('reading what was said, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('reading');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let colleagues: readonly Headless[];
  let page: Page;

  before(async () => {
    ({ ana, colleagues } = await openOffice(started, dir, [['Bo Li', '104']]));
    page = ana.page;
  });
  after(() => stopAll(started));

  const writesDown = (body: string) =>
    ana.api.call('setSettings', { recogniser: { command: `"${engineScript('engine', body)}"` } });
  const says = async () => {
    const [bo] = colleagues as [Headless];
    return (await bo.api.call('talkRecording', { dial: '*101', wavBase64: toneWav(3000) })).id;
  };

  test('what a message says stands below it; its words light up as they sound, and one that is clicked is heard', async () => {
    await writesDown(`process.stdout.write(${JSON.stringify(`${LINES.join('\n')}\n`)});`);
    const id = await says();
    const row = messageRows(page).filter({ hasText: TEXT });
    await row.waitFor();
    const wrong = await lookAt(page, 'reading');
    wrong.push(...(await lookInGerman(ana, 'german-reading')));
    await ana.api.call('play', { which: id });
    await row.locator('.lit').waitFor();
    await row.locator('.word', { hasText: 'parcel' }).click();
    await eventually(
      async () => ((await ana.api.call('status')).playing?.positionMs ?? 9999) < 1500,
      'it goes on from there',
    );
    assert.deepEqual(wrong, []);
  });

  test('a message is found by its words, and nothing where none has them', async () => {
    await says();
    await eventually(async () => (await messageRows(page).filter({ hasText: TEXT }).count()) === 2, 'two');
    const find = page.getByRole('searchbox', { name: en.findSaid });
    await find.fill('SECOND parcel');
    assert.equal(await messageRows(page).count(), 2);
    await find.fill('lift');
    await page.getByText(en.findSaidNone('lift')).waitFor();
    const wrong = await lookAt(page, 'reading-nothing-found');
    await find.press('Escape');
    await messageRows(page).filter({ hasText: TEXT }).first().waitFor();
    assert.deepEqual(wrong, []);
  });

  test('where the engine fails, the message says why, and one click tries again', async () => {
    await writesDown(`process.stderr.write('no model here'); process.exit(3);`);
    await says();
    const row = messageRows(page).filter({ hasText: 'no model here' });
    await row.waitFor();
    const wrong = await lookAt(page, 'reading-failed');
    await writesDown(`process.stdout.write('at last');`);
    await messageRows(page).filter({ hasText: 'at last' }).first().waitFor();
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.sound }).click();
    await page.getByLabel(en.recogniser, { exact: true }).scrollIntoViewIfNeeded();
    wrong.push(...(await lookAt(page, 'reading-settings')));
    assert.deepEqual(wrong, []);
  });
});
