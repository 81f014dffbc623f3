import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { engineScript } from '../support/engine-script.ts';
import { eventually } from '../support/eventually.ts';
import { saysNothing, type Headless } from '../support/headless.ts';
import { readOut } from '../support/screen-reader.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const BO = 'Bo Li';
const KIM = 'Kim Castellanos-Wetherby';
/** An engine that is sure of one word in two. */
const UNSURE = [
  { word: 'Good', start: 0, end: 0.2, conf: 0.1 },
  { word: 'morning', start: 0.2, end: 0.6, conf: 0.1 },
];

/** Ana has a panel and a screen reader; Bo and Kim have nodes. */
describe('what a screen reader says of words that come', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('read-out');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let bo: Headless;
  let kim: Headless;
  let page: Page;

  before(async () => {
    const office = await openOffice(started, dir, [
      [BO, '104'],
      [KIM, '3071'],
    ]);
    ana = office.ana;
    [bo, kim] = office.colleagues as [Headless, Headless];
    page = ana.page;
  });
  after(() => stopAll(started));

  const writesDown = (body: string) =>
    ana.api.call('setSettings', { recogniser: { command: `"${engineScript('engine', body)}"` } });
  const speaks = async () => {
    await saysNothing(bo);
    return (await bo.api.call('talkRecording', { dial: '*101', wavBase64: toneWav(1000) })).id;
  };
  /** What the screen reader has in the part where words come, as one line for each. */
  const log = () => page.getByRole('log', { name: en.arrivedWords });
  const lines = async () =>
    (await log().locator('p').allInnerTexts()).map((line) => line.replace(/\s+/g, ' ').trim());

  test('nothing of what was there when the panel is opened, also where it is written down only then', async () => {
    await bo.api.call('talkText', { dial: '101', text: 'From before' });
    const spoken = await speaks();
    await messageRows(page).filter({ hasText: 'From before' }).waitFor();
    await eventually(
      async () => (await ana.api.call('messages')).some(({ id, complete }) => id === spoken && complete),
      'both have come',
    );
    await page.reload();
    await messageRows(page).filter({ hasText: 'From before' }).waitFor();
    await writesDown(`process.stdout.write('Also from before');`);
    await messageRows(page).filter({ hasText: 'Also from before' }).waitFor();
    assert.deepEqual(await lines(), []);
  });

  test('each text that comes, once, with its talker’s name, politely', async () => {
    // What a screen reader is told of: each text that is added.
    await log().evaluate((element) => {
      const added: string[] = [];
      Object.assign(window, { added });
      const observer = new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes) if (node.nodeName === 'P') added.push(node.textContent ?? '');
      });
      observer.observe(element, { childList: true, subtree: true });
    });
    await saysNothing(bo);
    const { id } = await bo.api.call('talkText', { dial: '101', text: 'The parcel is <b>here</b>.' });
    await log().getByText('The parcel is').waitFor({ state: 'attached' });
    await writesDown(
      `process.stdout.write(${JSON.stringify(UNSURE.map((w) => JSON.stringify(w)).join('\n'))});`,
    );
    await speaks();
    await log().getByText('Good morning').waitFor({ state: 'attached' });
    await kim.api.call('talkText', { dial: '101', page: { keep: true }, text: 'Fire drill' });
    await log().getByText('Fire drill').waitFor({ state: 'attached' });
    const expected = [
      `${BO}: The parcel is <b>here</b>.`,
      `${BO}: ${en.transcriptUnsure} Good morning`,
      `${en.pageFrom(KIM)}: Fire drill`,
    ];
    assert.deepEqual(await lines(), expected);
    const { polite } = await readOut(page);
    const heard = polite.join(' ').replace(/\s+/g, ' ');
    for (const line of expected) assert.ok(heard.includes(line), `${line} is not in: ${heard}`);

    // What becomes of a message later is no news.
    await ana.api.call('play', { which: id });
    await eventually(
      async () => (await ana.api.call('messages')).some((one) => one.id === id && one.heard),
      'it is heard',
    );
    await saysNothing(kim);
    await kim.api.call('talkText', { dial: '101', text: 'The last one' });
    await log().getByText('The last one').waitFor({ state: 'attached' });
    const added = await page.evaluate(() => (window as unknown as { added: string[] }).added);
    assert.deepEqual(
      added.map((line) => line.replace(/\s+/g, ' ').trim()),
      [...expected, `${KIM}: The last one`],
    );
  });

  test('it is where the settings are shown, and in German', async () => {
    await button(page, en.settings).click();
    await ana.api.call('setSettings', { language: 'de' });
    await button(page, de.close).waitFor();
    await saysNothing(kim);
    await kim.api.call('talkText', { dial: '101', page: { keep: true }, text: 'Mahlzeit' });
    const inGerman = page.getByRole('log', { name: de.arrivedWords });
    await inGerman
      .getByText(`${de.pageFrom(KIM)}:`)
      .last()
      .waitFor({ state: 'attached' });
    await inGerman.getByText('Mahlzeit').waitFor({ state: 'attached' });
    assert.deepEqual(await lookAt(page, 'german-read-out'), []);
  });
});
