import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { writeWav } from '../../native-audio/index.ts';
import { noCall, now } from '../support/calls.ts';
import { heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { melody, rounds } from '../support/melody.ts';
import type { Member } from '../support/office.ts';
import { look, SCREENSHOTS, SIZES } from '../support/panel-look.ts';
import { toneWav } from '../support/tone.ts';
import { Keyboard } from './keyboard.ts';
import { OneDesktop } from './one-desktop.ts';
import { openPanel, resizePanel } from './open-panel.ts';
import { skip } from './two-desktops.ts';

/** The same four seconds again and again; a busy machine loses some quarter seconds of each round. */
const voice = melody(1, 4).samples;
const [ROUNDS_SAID, ROUNDS_HEARD, HEARD, PATIENCE_MS] = [30, 3, 0.5, 60_000];
const KEYS = { answerKey: 'F7', laterKey: 'F8' };

describe('keys for calls, which act in every window of the desktop', { skip, timeout: 180_000 }, () => {
  const desk = new OneDesktop();
  const voiceFile = join(desk.dir, 'voice.wav');
  let keyboard: Keyboard;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await desk.start();
    keyboard = new Keyboard(desk.dana);
    writeFileSync(voiceFile, writeWav(rounds(voice, ROUNDS_SAID)));
    await desk.dana.api.call('setSettings', KEYS);
  });
  after(() => desk.stop());

  test('without a window one press answers, another hangs up', async () => {
    const { dana, bo } = desk;
    await rings(bo);
    await keyboard.tap('F7');
    await isActive(bo);
    const speaking = dana.pulse.play(voiceFile);
    const before = (await desk.heardBy(bo)).length;
    await eventually(
      async () => (await desk.heardBy(bo)).length >= before + ROUNDS_HEARD * voice.length,
      'Bo’s ear goes on',
      PATIENCE_MS,
    );
    const heard = heardShare(voice, (await desk.heardBy(bo)).subarray(before));
    assert.ok(heard > HEARD, `${heard} of what she said was heard`);
    speaking.stop();
    await hangUp();
    await noCall(bo);
    assert.equal(await dana.visibleWindows(), 0);
    assert.deepEqual((await dana.api.call('status')).missedCalls, []);
  });

  test('the other key puts off what rings, which is a missed call then', async () => {
    const { dana, bo } = desk;
    await rings(bo);
    await keyboard.tap('F8');
    await eventually(async () => (await now(bo))[0]?.reason === 'declined', 'Bo sees that she declined');
    await eventually(async () => (await dana.api.call('status')).missedCalls.length === 1, 'it is listed');
    await bo.node.call('controlCall', { action: 'hang-up' });
    await dana.api.call('forgetMissedCalls', {});
  });

  test('a second call is answered, and the first is held and stays when the second ends', async () => {
    const { bo, cy } = desk;
    await rings(bo);
    await keyboard.tap('F7');
    await isActive(bo);
    await rings(cy);
    await keyboard.tap('F7');
    await isActive(cy);
    await eventually(async () => (await now(bo))[0]?.isHeldByThem === true, 'Bo is held');
    await hangUp();
    await noCall(cy);
    assert.equal((await now(bo))[0]?.state, 'active');
    await bo.node.call('controlCall', { action: 'hang-up' });
    await eventually(async () => (await desk.dana.api.call('status')).calls.length === 0, 'nobody calls');
  });

  test('the card of the call shows the keys, and the settings let a person choose them', async () => {
    const { dana, bo } = desk;
    const page = await openPanel(dana);
    const call = page.getByRole('region', { name: en.callWith('Bo') });
    await rings(bo);
    const answer = call.getByRole('button', { name: en.callAnswer, exact: true });
    assert.equal(await answer.getAttribute('aria-keyshortcuts'), 'F7');
    await answer.getByText('F7').waitFor();
    const wrong = await lookAt(page, 'app-call-rings');
    await dana.api.call('setSettings', { language: 'de' });
    await page.getByRole('button', { name: de.callAnswer, exact: true }).waitFor();
    wrong.push(...(await lookAt(page, 'german-app-call-rings')));
    await dana.api.call('setSettings', { language: 'en' });
    await answer.waitFor();
    await keyboard.tap('F7');
    await isActive(bo);
    await call.getByRole('button', { name: en.callHangUp, exact: true }).getByText('F7').waitFor();
    wrong.push(...(await lookAt(page, 'app-call-active')));
    await hangUp();

    await page.getByRole('button', { name: en.settings }).click();
    const sections = page.getByRole('navigation', { name: en.settings });
    await sections.getByRole('button', { name: en.sections.keys }).click();
    const change = page.getByRole('button', { name: `${en.keyChange}: ${en.laterKey}` });
    await change.click();
    await page.keyboard.press('F7');
    await page.getByText('F7 is the key that answers calls already.').waitFor();
    await resizePanel(dana, page, SIZES.narrow);
    await page.getByText(en.laterKeyHint).scrollIntoViewIfNeeded();
    wrong.push(...(await lookAt(page, 'app-call-keys')));
    await change.click();
    await page.keyboard.press('Control+Alt+k');
    await eventually(
      async () => (await dana.api.call('settings')).laterKey === 'Ctrl+Alt+K',
      'the key is kept',
    );
    await dana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.laterKeyHint).scrollIntoViewIfNeeded();
    wrong.push(...(await lookAt(page, 'german-app-call-keys')));
    assert.deepEqual(wrong, []);
  });

  async function rings(who: Member): Promise<void> {
    await who.node.call('startCall', { dial: '101', wavBase64: toneWav(60_000) });
    await eventually(
      async () =>
        (await desk.dana.api.call('status')).calls.some(
          ({ isIncoming, name }) => isIncoming && name === who.name,
        ),
      `${who.name} rings`,
    );
  }

  function isActive(who: Member): Promise<void> {
    return eventually(async () => (await now(who))[0]?.state === 'active', `${who.name} speaks with Dana`);
  }

  /** Presses the key until the call ends: for a moment after an answer it hangs up nothing. */
  function hangUp(): Promise<void> {
    return eventually(async () => {
      const { calls } = await desk.dana.api.call('status');
      if (calls.every(({ isHeld }) => isHeld)) return true;
      await keyboard.tap('F7');
      return false;
    }, 'the call has ended');
  }

  function lookAt(page: Page, name: string): Promise<string[]> {
    return look(page, name, { resize: (size) => resizePanel(desk.dana, page, size) });
  }
});
