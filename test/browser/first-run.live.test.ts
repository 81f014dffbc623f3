import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { BrowserPanel, missingBrowser } from '../support/browser-panel.ts';
import { heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { readOut } from '../support/screen-reader.ts';
import { missingSpeech, speak, type Speech } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? missingPulse() ?? missingSpeech() ?? false;
/** Other speech is this much like it by chance: 0.1. */
const HEARD = 0.5;
/** Percent of the input meter that only speech reaches. */
const SPEECH_LEVEL = 30;
/** Pixels that a finger finds. WCAG 2.2 asks for 24. */
const FINGER = 32;
/** More Tabs than any screen of the first run has stops. */
const MANY = 20;

/** A person's first minute, in a window of 400 pixels: by finger, by keyboard and by mouse. */
describe('the first run at 400 pixels', { skip, timeout: 180_000 }, () => {
  const dir = tempFolder('first-run');
  let pulse: Pulse;
  let speech: Speech;

  before(async () => {
    pulse = await startPulse({ dir: join(dir, 'pulse') });
    speech = speak(dir, 'The delivery is here, who can sign for it?');
  });
  after(() => pulse?.stop());

  async function open(t: TestContext, who: string, hasTouch = false): Promise<BrowserPanel> {
    const panel = await BrowserPanel.start({
      profile: join(dir, who),
      args: ['--microphone', 'mic', '--speaker', 'speaker'],
      env: pulse.env,
      hasTouch,
    });
    t.after(() => panel.stop());
    await panel.page.getByRole('heading', { name: en.officeTitle }).waitFor();
    return panel;
  }

  test('a person who has a touch screen alone makes an office, and hears themselves', async (t) => {
    const { page, complaints } = await open(t, 'touch', true);
    await noteMice(page);
    const tap = async (what: Locator): Promise<void> => {
      const box = await what.boundingBox();
      assert.ok(
        box && box.height >= FINGER && box.width >= FINGER,
        `${String(what)}: ${JSON.stringify(box)}`,
      );
      await what.tap();
    };
    const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
    await tap(button(en.webUnderstood));
    await tap(page.locator('label', { has: page.getByRole('radio', { name: en.createOffice }) }));
    await tap(button(en.next));
    await tap(page.getByLabel(en.nameLabel));
    // What a keyboard on the screen does.
    await page.keyboard.insertText('Ana Lind');
    assert.equal(await page.getByLabel(en.extensionLabel).getAttribute('inputmode'), 'numeric');
    await tap(button(en.finishCreate));
    await tap(button(en.recoveryKept));
    await page.getByRole('heading', { name: en.soundTitle }).waitFor();
    await hearOneself(page, (name) => tap(button(name)));
    await tap(button(en.done));
    await page.getByText(en.nobodyTitle).waitFor();
    assert.deepEqual(await page.evaluate('window.mice'), []);
    assert.deepEqual(complaints, []);
  });

  test('a person who has a keyboard alone joins an office: each step is read out, and the focus is seen', async (t) => {
    const ana = await Headless.start({
      name: 'Ana Lind',
      extension: '101',
      office: 'new',
      interface: '127.0.0.1',
      speaker: 'speaker',
      env: pulse.env,
    });
    t.after(() => ana.stop());
    const { link } = await ana.api.call('joinLink');
    const { page, api, complaints } = await open(t, 'keyboard');
    await noteMice(page);
    const to = (role: 'button' | 'textbox', name: string): Promise<void> =>
      tabTo(page, page.getByRole(role, { name, exact: true }));
    await to('button', en.webUnderstood);
    await page.keyboard.press('Enter');
    const office = await readOut(page);
    assert.deepEqual(office.headings, [`1 ${en.officeTitle}`, `2 ${en.officesSeen}`]);
    assert.deepEqual([office.landmarks.includes('main'), office.nameless], [true, []]);
    assert.ok(office.live.length > 0, 'news is read out as it comes');
    await tabTo(page, page.getByRole('radio', { name: en.createOffice }));
    await page.keyboard.press('ArrowDown');
    await to('textbox', en.linkLabel);
    await page.keyboard.type('corridor:nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(en.linkFaults.none).waitFor();
    assert.equal(await focused(page), 'first-link');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(link);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: en.youTitle }).waitFor();
    await eventually(
      async () => (await focused(page)) === 'first-name',
      'the field of the name has the focus',
    );
    await page.getByRole('status').getByText(en.step(2, 3)).waitFor({ state: 'attached' });
    await page.keyboard.type('Dana Ruiz');
    // The number may stay empty: the lowest that is free in the office is found.
    await page.getByRole('textbox', { name: en.extensionLabel, description: en.extensionHintJoin }).waitFor();
    await to('button', en.finishJoin);
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: en.soundTitle }).waitFor();
    await eventually(async () => (await focused(page)) === 'first-title', 'the step has the focus');
    assert.equal((await api.call('status')).node?.extension, '102');
    await hearOneself(page, async (name) => {
      await to('button', name);
      await page.keyboard.press('Space');
    });
    await to('button', en.done);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Hold to talk to Ana Lind, extension 101, Available/ }).waitFor();
    assert.deepEqual(await page.evaluate('window.mice'), []);
    assert.deepEqual(complaints, []);
  });

  test('a person who has a mouse makes an office, sees the input level move, and skips the sound test', async (t) => {
    const { page, complaints } = await open(t, 'mouse');
    const button = (name: string): Locator => page.getByRole('button', { name });
    await page.getByText(en.webSound).waitFor();
    await button(en.webUnderstood).click();
    await page.getByLabel(en.createOffice).check();
    await button(en.next).click();
    await page.getByLabel(en.nameLabel, { exact: true }).fill('Ana Lind');
    const number = page.getByLabel(en.extensionLabel, { exact: true });
    await eventually(async () => (await number.inputValue()) === '101', 'the lowest number is filled in');
    await button(en.finishCreate).click();
    await button(en.recoveryLater).click();
    await page.getByRole('heading', { name: en.soundTitle, exact: true }).waitFor();
    const meter = page.getByRole('meter', { name: en.inputLevel });
    const playing = pulse.play(speech.file);
    await eventually(
      async () => Number(await meter.getAttribute('aria-valuenow')) > SPEECH_LEVEL,
      'the input level moves',
    );
    playing.stop();
    await button(en.soundSkip).click();
    await page.getByText(en.nobodyTitle).waitFor();
    assert.deepEqual(complaints, []);
  });

  /** Says something in the sound step, and hears it back at the loudspeaker. */
  async function hearOneself(page: Page, press: (name: string) => Promise<void>): Promise<void> {
    await press(en.soundTestRecord);
    await page.getByText(en.soundTestState.recording).waitFor();
    await pulse.play(speech.file).done;
    const recording = await pulse.record();
    await press(en.soundTestPlay);
    await page.getByText(en.soundTestState.playing).waitFor();
    await page.getByText(en.soundTestState.recorded).waitFor();
    const heard = heardShare(speech.samples, await recording.stop());
    assert.ok(heard > HEARD, `${heard} came back`);
  }
});

/** Keeps what a mouse does with the page, for people who have none. */
async function noteMice(page: Page): Promise<void> {
  await page.evaluate(() => {
    const mice: string[] = [];
    Object.assign(window, { mice });
    for (const type of ['pointerdown', 'pointermove']) {
      const note = (event: Event): void => {
        if ((event as PointerEvent).pointerType === 'mouse') mice.push(type);
      };
      document.addEventListener(type, note, true);
    }
  });
}

/** Presses Tab until something has the focus, and a ring that shows it. */
async function tabTo(page: Page, what: Locator): Promise<void> {
  await what.waitFor();
  for (let times = 0; times < MANY; times += 1) {
    if (await what.evaluate((element) => element === document.activeElement)) {
      const ringed = await what.evaluate((element) =>
        [element, element.closest('label')].some(
          (each) => each && getComputedStyle(each).outlineStyle !== 'none',
        ),
      );
      assert.ok(ringed, `${String(what)} shows no focus`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`${String(what)} is not reached by Tab`);
}

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.id);
}
