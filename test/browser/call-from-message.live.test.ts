import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import type { CallStatus } from '../../preload/api.ts';
import { button, lookAt, lookInGerman, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const KIM = 'Kim Castellanos-Wetherby';
const LONG_MS = 60_000;

/** Ana has a panel; Bo and Kim have nodes, and talk to her. */
describe('from a message to a call, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('call-from-message');
  const started: Started[] = [];
  const wavBase64 = toneWav(LONG_MS);
  let ana: BrowserPanel;
  let colleagues: readonly Headless[];
  let page: Page;

  before(async () => {
    ({ ana, colleagues } = await openOffice(started, dir, [
      ['Bo Li', '104'],
      [KIM, '3071'],
    ]));
    page = ana.page;
  });
  after(() => stopAll(started));

  const bar = (): Locator => page.locator('footer');
  const calls = (of: Locator, name: string): Locator => button(of, en.call(name));
  const row = (name: string): Locator =>
    page.getByRole('list', { name: en.people }).getByRole('listitem').filter({ hasText: name });
  const card = (name: string): Locator => page.getByRole('region', { name: en.callWith(name) });
  const is = (who: Headless, state: CallStatus['state']) =>
    eventually(async () => (await who.api.call('status')).calls.some((one) => one.state === state), state);

  test('whoever talks to me, and whoever waits to be heard, is called in one click; what they said is heard', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    const { id } = await bo.api.call('talkRecording', { dial: '101', wavBase64 });
    await ana.told((event) => event.type === 'sounding' && event.id === id);
    await calls(bar(), 'Bo Li').waitFor();
    await page.mouse.move(0, 0);
    const shown = await calls(row('Bo Li'), 'Bo Li').evaluate((button) => getComputedStyle(button).opacity);
    assert.equal(shown, '1', 'it is there without a pointer on the row');
    await calls(messageRows(page), 'Bo Li').waitFor();
    await kim.api.call('talkRecording', { dial: '101', wavBase64 });
    const queue = page.getByRole('region', { name: en.queueNext(KIM) });
    await calls(queue, KIM).waitFor();
    const wrong = await lookAt(page, 'message-to-call');
    wrong.push(...(await lookInGerman(ana, 'german-message-to-call')));
    await calls(bar(), 'Bo Li').click();
    await is(bo, 'ringing');
    await card('Bo Li').waitFor();
    await calls(bar(), 'Bo Li').waitFor({ state: 'hidden' });
    wrong.push(...(await lookAt(page, 'message-to-call-rings')));
    await bo.api.call('controlCall', { action: 'answer', wavBase64 });
    await card('Bo Li').getByRole('timer').waitFor();
    await eventually(async () => {
      const message = (await ana.api.call('messages')).find((one) => one.id === id);
      return message?.heard === true && !message.live && message.durationMs < LONG_MS;
    }, 'what Bo said is a whole message, and heard');
    await calls(queue, KIM).click();
    await is(kim, 'ringing');
    await card(KIM).waitFor();
    for (const { api } of [ana, kim]) await api.call('talkRelease');
    for (const one of (await ana.api.call('status')).calls)
      await ana.api.call('controlCall', { id: one.id, action: 'hang-up' });
    assert.deepEqual(wrong, []);
  });

  test('whom I talk to, and who hears me, is called in one click; what I said is a whole message', async () => {
    const [bo] = colleagues as [Headless, Headless];
    await eventually(async () => (await ana.api.call('status')).calls.length === 0, 'no call is left');
    await eventually(async () => (await bo.api.call('status')).calls.length === 0, 'at Bo neither');
    const { id } = await ana.api.call('talkRecording', { dial: '104', wavBase64 });
    await calls(bar(), 'Bo Li').waitFor();
    const wrong = await lookAt(page, 'talk-to-call');
    wrong.push(...(await lookInGerman(ana, 'german-talk-to-call')));
    await calls(bar(), 'Bo Li').focus();
    await page.keyboard.press('Enter');
    await is(bo, 'ringing');
    await eventually(async () => (await ana.api.call('status')).talking === null, 'the talk is over');
    await eventually(async () => {
      const message = (await bo.api.call('messages')).find((one) => one.id === id);
      return message?.heard === true && message.complete && message.durationMs < LONG_MS;
    }, 'Bo has heard all that Ana said');
    await bo.api.call('controlCall', { action: 'answer', wavBase64 });
    await card('Bo Li').getByRole('timer').waitFor();
    await card('Bo Li').getByRole('button', { name: en.callHangUp }).click();
    await card('Bo Li').waitFor({ state: 'hidden' });
    assert.deepEqual(wrong, []);
  });
});
