import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import type { CallStatus } from '../../preload/api.ts';
import { button, lookAt, lookInGerman } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const KIM = 'Kim Castellanos-Wetherby';

/** Ana has a panel; Bo and Kim have nodes. */
describe('calls, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('calls');
  const started: Started[] = [];
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

  const call = (name: string) => page.getByRole('region', { name: en.callWith(name) });
  const is = (who: Headless, state: CallStatus['state']) =>
    eventually(async () => (await who.api.call('status')).calls.some((one) => one.state === state), state);
  const kimAtAnas = async () => (await ana.api.call('people')).find(({ name }) => name === KIM);
  const wavBase64 = toneWav(60_000);

  test('whoever calls is shown with two answers, and a second one besides; both speak until one hangs up', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    await kim.api.call('startCall', { dial: '101', wavBase64 });
    await call(KIM).getByText(en.callComes).waitFor();
    const wrong = await lookAt(page, 'call-rings');
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.callComes).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-rings')));
    await ana.api.call('setSettings', { language: null });
    await button(call(KIM), en.callAnswer).click();
    await call(KIM).getByRole('timer').waitFor();
    await is(kim, 'active');
    wrong.push(...(await lookAt(page, 'call-active')));
    await button(call(KIM), en.personSound(KIM)).click();
    const slider = page.getByRole('slider', { name: en.volume });
    await slider.press('ArrowLeft');
    await eventually(async () => (await kimAtAnas())?.volume === 95, 'she is heard softer');
    await slider.press('ArrowRight');
    await button(page, en.mute).click();
    await button(page, en.unmute).waitFor();
    await ana.api.call('setSettings', { language: 'de' });
    await button(page, de.unmute).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-sound')));
    await ana.api.call('setSettings', { language: null });
    await page.keyboard.press('Escape');
    await call(KIM).getByText(en.callSilenced).waitFor();
    wrong.push(...(await lookAt(page, 'call-silenced')));
    await button(call(KIM), en.personSound(KIM)).click();
    await button(page, en.unmute).click();
    await page.getByText(en.muteHintInCall(KIM)).waitFor();
    await page.keyboard.press('Escape');
    await call(KIM).getByText(en.callSilenced).waitFor({ state: 'hidden' });
    await bo.api.call('startCall', { dial: '101', wavBase64 });
    await call('Bo Li').getByText(en.callComesToo).waitFor();
    wrong.push(...(await lookAt(page, 'call-second-waits')));
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.callComesToo).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-second-waits')));
    await ana.api.call('setSettings', { language: null });
    await button(call('Bo Li'), en.callLater).click();
    await call('Bo Li').waitFor({ state: 'hidden' });
    await button(call(KIM), en.callMute).click();
    await call(KIM).getByText(en.callMuted).waitFor();
    await button(call(KIM), en.callHold).click();
    await call(KIM).getByText(en.callHeld).waitFor();
    await eventually(
      async () => (await kim.api.call('status')).calls[0]?.isHeldByThem === true,
      'Kim sees that Ana holds the call',
    );
    wrong.push(...(await lookAt(page, 'call-held')));
    await button(call(KIM), en.callHangUp).click();
    await call(KIM).waitFor({ state: 'hidden' });
    assert.deepEqual(wrong, []);
  });

  test('who called in vain is listed, and one click calls back; where nobody answers a message is left at once', async () => {
    const [bo] = colleagues as [Headless, Headless];
    await ana.api.call('forgetMissedCalls', {});
    for (const times of [1, 2]) {
      const { id } = await bo.api.call('startCall', { dial: '101', wavBase64 });
      await call('Bo Li').waitFor();
      await bo.api.call('controlCall', { id, action: 'hang-up' });
      await page.getByText(en.missedCall('Bo Li', times)).waitFor();
    }
    const wrong = await lookAt(page, 'call-missed');
    await button(page, `${en.missedCallBack}: Bo Li`).click();
    await is(bo, 'ringing');
    await call('Bo Li').getByText(en.callState.ringing).waitFor();
    await page.getByText(en.missedCall('Bo Li', 2)).waitFor({ state: 'hidden' });
    await bo.api.call('controlCall', { action: 'hang-up' });
    await button(call('Bo Li'), en.callLeave).waitFor();
    wrong.push(...(await lookAt(page, 'call-declined')));
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.callEnded.declined).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-declined')));
    await ana.api.call('setSettings', { language: null });
    await button(call('Bo Li'), en.callDismiss).click();
    await call('Bo Li').waitFor({ state: 'hidden' });
    assert.deepEqual(wrong, []);
  });

  test('whom one talks with is put through to a colleague, at once or after a word with them', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    const wrong: string[] = [];
    const talkToBo = async () => {
      await bo.api.call('startCall', { dial: '101', wavBase64 });
      await button(call('Bo Li'), en.callAnswer).click();
      await is(bo, 'active');
    };
    const choose = async () => {
      await button(call('Bo Li'), en.callTransfer).click();
      await page.getByRole('combobox', { name: en.callTransferWhom }).fill('Kim');
      await page.keyboard.press('Enter');
    };
    await bo.api.call('startCall', { dial: '3071', wavBase64 });
    await is(kim, 'ringing');
    await kim.api.call('controlCall', { action: 'answer', wavBase64 });
    await is(bo, 'active');
    await kim.api.call('transferCall', { dial: '101' });
    await call('Bo Li').getByText(en.callPutThroughBy(KIM, 'Bo Li')).waitFor();
    wrong.push(...(await lookAt(page, 'call-put-through')));
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.callPutThroughBy(KIM, 'Bo Li')).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-put-through')));
    await ana.api.call('setSettings', { language: null });
    await button(call('Bo Li'), en.callLater).click();
    await kim.api.call('controlCall', { action: 'hang-up' });
    await eventually(
      async () => (await bo.api.call('status')).calls.every(({ state }) => state === 'ended'),
      'Bo is in no call',
    );
    await ana.api.call('forgetMissedCalls', {});
    await talkToBo();
    wrong.push(...(await lookAt(page, 'call-with-transfer')));
    await choose();
    wrong.push(...(await lookAt(page, 'call-transfer-dialog')));
    await button(page, en.callTransferNow(KIM)).click();
    await call('Bo Li').getByText(en.callTransferring(KIM)).waitFor();
    wrong.push(...(await lookAt(page, 'call-transferring')));
    await is(kim, 'ringing');
    await kim.api.call('controlCall', { action: 'hang-up' });
    await call('Bo Li').getByText(en.callTransferFailed(KIM, en.callEnded.declined)).waitFor();
    wrong.push(...(await lookAt(page, 'call-transfer-failed')));
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.callTransferFailed(KIM, de.callEnded.declined)).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-transfer-failed')));
    await ana.api.call('setSettings', { language: null });
    await choose();
    await button(page, en.callTransferAsk).click();
    await is(kim, 'ringing');
    await kim.api.call('controlCall', { action: 'answer', wavBase64 });
    await button(call(KIM), en.callConnect('Bo Li', KIM)).waitFor();
    wrong.push(...(await lookAt(page, 'call-asked')));
    await button(call(KIM), en.callConnect('Bo Li', KIM)).click();
    for (const name of ['Bo Li', KIM]) await call(name).waitFor({ state: 'hidden' });
    await eventually(
      async () =>
        (await bo.api.call('status')).calls.some((one) => one.name === KIM && one.state === 'active'),
      'Bo talks with Kim',
    );
    await bo.api.call('controlCall', { action: 'hang-up' });
    assert.deepEqual(wrong, []);
  });

  test('a colleague is added to a call, which has one card for all; a call that is held is brought in', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    const party = page.getByRole('list', { name: en.callParty });
    const wrong: string[] = [];
    await bo.api.call('startCall', { dial: '101', wavBase64 });
    await button(call('Bo Li'), en.callAnswer).click();
    await is(bo, 'active');
    await button(call('Bo Li'), en.callAdd).click();
    await page.getByRole('combobox', { name: en.callAddWhom }).fill('Kim');
    await page.keyboard.press('Enter');
    wrong.push(...(await lookAt(page, 'call-add-dialog')));
    await button(page, en.callAddNow(KIM)).click();
    await is(kim, 'ringing');
    await party.getByText(en.callState.ringing).waitFor();
    wrong.push(...(await lookAt(page, 'call-adding')));
    await kim.api.call('controlCall', { action: 'answer', wavBase64 });
    await page.getByText(en.callOfSeveral(3)).waitFor();
    await eventually(
      async () => (await bo.api.call('status')).calls.filter(({ state }) => state === 'active').length === 2,
      'Bo hears Kim, too',
    );
    const kimsRow = party.getByRole('listitem').filter({ hasText: KIM });
    await button(kimsRow, en.personSound(KIM)).click();
    await button(page, en.mute).click();
    await page.keyboard.press('Escape');
    await kimsRow.getByText(en.callPartySilenced).waitFor();
    wrong.push(...(await lookAt(page, 'call-of-three')));
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.callOfSeveral(3)).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-of-three')));
    await ana.api.call('setSettings', { language: null });
    await kim.api.call('controlCall', { action: 'hang-up' });
    await call('Bo Li').getByRole('timer').waitFor();
    await kim.api.call('startCall', { dial: '101', wavBase64 });
    await call(KIM).getByText(en.callComesMuted).waitFor();
    await button(call(KIM), en.callAnswer).click();
    await call(KIM).getByRole('timer').waitFor();
    await button(call(KIM), en.personSound(KIM)).click();
    await page.getByText(/In this call you hear Kim/).waitFor();
    wrong.push(...(await lookAt(page, 'call-muted-before')));
    await page.keyboard.press('Escape');
    const { id } = (await kimAtAnas())!;
    await ana.api.call('mute', { person: id, until: null });
    await button(call(KIM), en.callMerge('Bo Li')).click();
    await page.getByText(en.callOfSeveral(3)).waitFor();
    await button(page, en.callHangUp).click();
    await party.waitFor({ state: 'hidden' });
    await eventually(
      async () =>
        (await bo.api.call('status')).calls.some(({ name, state }) => name === KIM && state === 'active'),
      'Bo and Kim go on',
    );
    await bo.api.call('controlCall', { action: 'hang-up' });
    assert.deepEqual(wrong, []);
  });

  test('beside two calls everybody can still be reached in a narrow window, and so can the messages and both calls', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    for (const [who, name] of [
      [bo, 'Bo Li'],
      [kim, KIM],
    ] as const) {
      await who.api.call('startCall', { dial: '101', wavBase64 });
      await button(call(name), en.callAnswer).click();
      await is(who, 'active');
    }
    await call('Bo Li').getByText(en.callHeld).waitFor();
    const wrong = await lookAt(page, 'call-beside-lists');
    wrong.push(...(await lookInGerman(ana, 'german-call-beside-lists')));
    await page.setViewportSize(SIZES.narrow);
    const people = page.getByRole('list', { name: en.people });
    for (const name of ['Bo Li', KIM]) {
      await button(people, new RegExp(`^Hold to talk to ${name}`)).click({ trial: true });
      await button(call(name), en.callHangUp).click({ trial: true });
    }
    const show = page.getByRole('group', { name: en.show });
    await button(show, en.messages).click();
    wrong.push(...(await lookAt(page, 'call-beside-messages')));
    await page.setViewportSize(SIZES.narrow);
    await button(show, en.people).click();
    for (const name of ['Bo Li', KIM]) {
      await button(call(name), en.callHangUp).click();
      await call(name).waitFor({ state: 'hidden' });
    }
    assert.deepEqual(wrong, []);
  });

  test('a button beside a colleague calls them, and the keypad does by *80', async () => {
    const [bo] = colleagues as [Headless, Headless];
    await page.getByRole('listitem').filter({ hasText: 'Bo Li' }).first().hover();
    const wrong = await lookAt(page, 'call-button');
    await button(page, en.call('Bo Li')).click();
    await is(bo, 'ringing');
    await button(call('Bo Li'), en.callHangUp).click();
    await call('Bo Li').waitFor({ state: 'hidden' });
    await page.locator('#find').fill('*803071');
    await page.locator('#find').press('Enter');
    await call(KIM).waitFor();
    await button(call(KIM), en.callHangUp).click();
    assert.deepEqual(wrong, []);
  });
});
