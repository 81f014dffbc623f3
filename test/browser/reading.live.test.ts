import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt, lookInGerman, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { engineScript } from '../support/engine-script.ts';
import { eventually } from '../support/eventually.ts';
import { saysNothing, type Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const WORDS = ['The', 'parcel', 'is', 'here,', 'on', 'the', 'second', 'floor.'];
/** Words of a third of a second each. */
const LINES = WORDS.map((word, n) => JSON.stringify({ word, start: n / 3, end: (n + 1) / 3, conf: 0.9 }));
const TEXT = WORDS.join(' ');
const OTHER_TEXT = 'Lunch is at noon.';

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

  /** Gives Ana an engine that does this. */
  const writesDown = (body: string) =>
    ana.api.call('setSettings', { recogniser: { command: `"${engineScript('engine', body)}"` } });
  const says = async () => {
    const [bo] = colleagues as [Headless];
    await saysNothing(bo);
    return (await bo.api.call('talkRecording', { dial: '*101', wavBase64: toneWav(3000) })).id;
  };

  /** Bo says something, and it is written down as the text. Resolves with the message's id and its row. */
  const saysText = async () => {
    await writesDown(`process.stdout.write(${JSON.stringify(`${LINES.join('\n')}\n`)});`);
    const id = await says();
    const row = page.locator(`[data-id="${id}"]`).filter({ hasText: TEXT });
    await row.waitFor();
    return { id, row };
  };

  test('what a message says stands below it; its words light up as they sound, and one that is clicked is heard', async () => {
    const { id, row } = await saysText();
    const playing = async () => (await ana.api.call('status')).playing;
    const wrong = await lookAt(page, 'reading');
    wrong.push(...(await lookInGerman(ana, 'german-reading')));
    // Paused, so that the position says nothing but where the click led to.
    await eventually(async () => {
      await ana.api.call('play', { which: id });
      await ana.api.call('playback', { action: 'pause' });
      return (await playing())?.state === 'paused';
    }, 'it is paused before its end');
    await row.locator('.lit').waitFor();
    await row.locator('.word', { hasText: 'floor.' }).click();
    await row.locator('.lit', { hasText: 'floor.' }).waitFor();
    wrong.push(...(await lookAt(page, 'reading-lit')));
    await eventually(async () => {
      const { state, positionMs } = (await playing()) ?? {};
      return state === 'paused' && Math.abs(positionMs! - (7 * 1000) / 3) <= 20;
    }, 'it would go on from there');
    await ana.api.call('playback', { action: 'stop' });
    assert.deepEqual(wrong, []);
  });

  test('how far it is stands there until it is written down, and that it waits while somebody talks', async () => {
    const gate = join(dir, 'may-end');
    const unsure = JSON.stringify({ word: 'Dienstag', start: 0, end: 0.5, conf: 0.1 });
    await writesDown(`setInterval(() => {
      if (!require('node:fs').existsSync(${JSON.stringify(gate)})) return;
      process.stdout.write(${JSON.stringify(unsure)});
      process.exit();
    }, 10);`);
    await says();
    const row = messageRows(page).filter({ hasText: en.transcriptWorking(0) });
    await row.waitFor();
    const wrong = await lookAt(page, 'reading-working');
    const [bo] = colleagues as [Headless];
    await bo.api.call('talkRecording', { dial: '101', wavBase64: toneWav(60_000) });
    await messageRows(page).filter({ hasText: en.transcriptPaused }).waitFor();
    await bo.api.call('talkRelease');
    await row.waitFor();
    writeFileSync(gate, '');
    await messageRows(page)
      .filter({ hasText: `${en.transcriptUnsure} Dienstag` })
      .first()
      .waitFor();
    wrong.push(...(await lookAt(page, 'reading-unsure')));
    wrong.push(...(await lookInGerman(ana, 'german-reading-unsure')));
    assert.deepEqual(wrong, []);
  });

  test('the text is saved as a file', async () => {
    const { row } = await saysText();
    await row.hover();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(row, /^Save the text of /).click(),
    ]);
    assert.match(download.suggestedFilename(), /^Bo Li .*\.txt$/);
    assert.equal(await readFile(await download.path(), 'utf8'), `${TEXT}\n`);
    assert.deepEqual(await lookAt(page, 'reading-save-text'), []);
  });

  test('a message is found by its words, and nothing where none has them', async () => {
    for (const text of [TEXT, OTHER_TEXT]) {
      await writesDown(`process.stdout.write(${JSON.stringify(text)});`);
      await says();
      await messageRows(page).filter({ hasText: text }).first().waitFor();
    }
    const find = page.getByRole('searchbox', { name: en.findSaid });
    for (const [words, found, other] of [
      ['SECOND parcel', TEXT, OTHER_TEXT],
      ['noon', OTHER_TEXT, TEXT],
    ] as const) {
      await find.fill(words);
      await messageRows(page).filter({ hasText: other }).first().waitFor({ state: 'hidden' });
      assert.ok((await messageRows(page).filter({ hasText: found }).count()) > 0, words);
      assert.equal(await messageRows(page).filter({ hasNotText: found }).count(), 0, words);
    }
    await find.fill('lift');
    await page.getByText(en.findSaidNone('lift')).waitFor();
    const wrong = await lookAt(page, 'reading-nothing-found');
    await find.press('Escape');
    await messageRows(page).filter({ hasText: TEXT }).first().waitFor();
    assert.deepEqual(wrong, []);
  });

  test('where the engine fails, the message says why, and one click tries again', async () => {
    const model = join(dir, 'model');
    await writesDown(`
      if (require('node:fs').existsSync(${JSON.stringify(model)})) process.stdout.write('at last');
      else {
        process.stderr.write('no model here');
        process.exitCode = 3;
      }`);
    await says();
    const row = messageRows(page).filter({ hasText: 'no model here' });
    await row.waitFor();
    const wrong = await lookAt(page, 'reading-failed');
    writeFileSync(model, '');
    await button(row, en.transcriptAgain).click();
    await messageRows(page).filter({ hasText: 'at last' }).waitFor();
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.sound }).click();
    const command = page.getByRole('textbox', { name: en.recogniserCommand });
    wrong.push(...(await lookAt(page, 'reading-settings', command)));
    assert.deepEqual(wrong, []);
  });
});
