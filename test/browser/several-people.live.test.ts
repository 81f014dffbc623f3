import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const LONG_MS = 20_000;
/** Until a screen has been looked at in each size and scheme, on a slow computer; the test ends it. */
const LOOKED_AT_MS = 90_000;
const KIM = 'Kim Castellanos-Wetherby';

/** Ana has a panel; Bo, Kim and Nour have nodes. */
describe('several people at once, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('several');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let colleagues: readonly Headless[];
  let page: Page;

  before(async () => {
    ({ ana, colleagues } = await openOffice(started, dir, [
      ['Bo Li', '104'],
      [KIM, '3071'],
      ['Nour Haddad', '106'],
    ]));
    page = ana.page;
  });
  after(() => stopAll(started));

  const speaks = (from: Headless, dial: string, ms: number) =>
    from.api.call('talkRecording', { dial, wavBase64: toneWav(ms) });
  const reached = async () => (await ana.api.call('status')).talkTo?.extension;

  test('people are ticked one by one, and the talk button reaches all of them', async () => {
    await button(page, /^Bo Li/).click();
    await eventually(async () => (await reached()) === '104', 'Bo is chosen');
    await button(page, /^Kim/).click({ modifiers: ['ControlOrMeta'] });
    await eventually(async () => (await reached()) === '104,3071', 'Kim as well, by Ctrl and a click');
    await page.getByRole('listitem').filter({ hasText: 'Nour Haddad' }).hover();
    await button(page, en.talkAlso('Nour Haddad')).click();
    await eventually(async () => (await reached()) === '104,3071,106', 'Nour as well, by her button');
    const wrong = await lookAt(page, 'several-chosen');
    await ana.api.call('setSettings', { language: 'de' });
    const names = `Bo Li, ${KIM}, Nour Haddad`;
    await page.getByText(de.webHoldFor(names, de.peopleCount(3))).waitFor();
    wrong.push(...(await lookAt(page, 'german-several-chosen')));
    await ana.api.call('setSettings', { language: null });
    await page.getByRole('button', { name: en.talkAlso('Nour Haddad'), pressed: true }).click();
    await eventually(async () => (await reached()) === '104,3071', 'Nour no more');
    assert.deepEqual(wrong, []);
  });

  test('the talk bar counts who hears and who does not, and a tap shows each', async () => {
    await colleagues[2]!.api.call('setPresence', { presence: 'dnd' });
    const { id } = await ana.api.call('talkRecording', { dial: '104,3071,106', wavBase64: toneWav(LONG_MS) });
    await page.getByText('2 hear you, 1 do not disturb').waitFor();
    const wrong = await lookAt(page, 'several-talk');
    await button(page, en.recipientsOpen).click();
    await page.getByText('Nour Haddad: do not disturb, the message waits').waitFor();
    wrong.push(...(await lookAt(page, 'several-talk-each')));
    await ana.api.call('talkRelease');
    await colleagues[2]!.api.call('setPresence', { presence: 'available' });
    await eventually(
      async () => (await ana.api.call('messages')).find((one) => one.id === id)?.live === false,
      'the talk ends',
    );
    assert.deepEqual(wrong, []);
  });

  test('who waits is named while somebody else is heard, and can be left for later; then the key reaches who spoke', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    await speaks(bo, '101,106', LONG_MS);
    await page.getByText(en.talkReply('Bo Li')).waitFor();
    const waiting = await speaks(kim, '101', 2_000);
    await page.getByText(en.queueNext(KIM)).waitFor();
    const wrong = await lookAt(page, 'queue');
    await button(page, en.queueLater).click();
    await page.getByText(en.queueNext(KIM)).waitFor({ state: 'hidden' });
    const isUnheard = async () =>
      (await ana.api.call('messages')).some(({ id, heard }) => id === waiting.id && !heard);
    assert.ok(await isUnheard());
    for (const { api } of [bo, kim]) await api.call('talkRelease');
    await page.getByText(/^Reply to Bo Li · \d+ s\.$/).waitFor();
    wrong.push(...(await lookAt(page, 'reply-window')));
    assert.deepEqual(wrong, []);
  });

  test('who talks to somebody who listens to a colleague reads to whom, and that theirs is next', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    const isHeard = async () =>
      (await kim.api.call('status')).talking?.recipients.some(({ state }) => state === 'hearing') === true;
    const isOver = async (api: Headless['api']) => (await api.call('status')).talking === null;
    const wrong: string[] = [];
    for (const [language, words, picture] of [
      ['en', en, 'talk-waits'],
      ['de', de, 'german-talk-waits'],
    ] as const) {
      await ana.api.call('setSettings', { language });
      await speaks(kim, '104', LOOKED_AT_MS);
      await eventually(isHeard, 'Bo listens to Kim');
      await ana.api.call('talkRecording', { dial: '104', wavBase64: toneWav(LOOKED_AT_MS) });
      await page.getByText(words.recipientWaitsFor.voice(KIM)).first().waitFor();
      wrong.push(...(await lookAt(page, picture)));
      // Else it would be Ana's turn, and Kim would wait in the next round.
      await bo.api.call('playback', { action: 'later' });
      for (const { api } of [ana, kim]) {
        await api.call('talkRelease');
        await eventually(() => isOver(api), 'it has ended');
      }
    }
    await ana.api.call('setSettings', { language: null });
    assert.deepEqual(wrong, []);
  });

  test('whoever hears it sees who else does, and answers one or all', async () => {
    const [, kim] = colleagues as [Headless, Headless];
    await speaks(kim, '101,106', 1_000);
    const row = messageRows(page)
      .filter({ hasText: KIM })
      .filter({ hasText: en.alsoTo('Nour Haddad') });
    await row.hover();
    await button(row, en.replyAll(KIM, 'Nour Haddad')).waitFor();
    assert.deepEqual(await lookAt(page, 'also-to'), []);
  });
});
