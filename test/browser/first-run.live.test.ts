import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { BrowserPanel, missingBrowser } from '../support/browser-panel.ts';
import { heardShare } from '../support/correlate.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { readOut } from '../support/screen-reader.ts';
import { missingSpeech, speak, type Speech } from '../support/speech.ts';

const skip = missingBrowser() ?? missingPulse() ?? missingSpeech() ?? false;
/** Other speech is this much like it by chance: 0.1. */
const HEARD = 0.5;
/** Pixels that a finger finds. WCAG 2.2 asks for 24. */
const FINGER = 32;
/** More Tabs than any screen of the first run has stops. */
const MANY = 20;

/** The first minute of two people, one without a mouse, the other without a keyboard but the one on the screen. */
describe('the first run at 400 pixels', { skip, timeout: 90_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-first-run-'));
  const panels: BrowserPanel[] = [];
  let pulse: Pulse;
  let speech: Speech;
  let link: string;

  before(async () => {
    pulse = await startPulse({ dir: join(dir, 'pulse') });
    speech = speak(dir, 'The delivery is here, who can sign for it?');
  });
  after(async () => {
    await Promise.all(panels.map((panel) => panel.stop()));
    await pulse?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  async function open(who: string, hasTouch: boolean): Promise<BrowserPanel> {
    const panel = await BrowserPanel.start({
      profile: join(dir, who),
      args: ['--microphone', 'mic', '--speaker', 'speaker'],
      env: pulse.env,
      hasTouch,
    });
    panels.push(panel);
    await panel.page.getByRole('heading', { name: en.officeTitle }).waitFor();
    return panel;
  }

  test('by touch alone: an office is made, and one hears oneself', async () => {
    const { page, api } = await open('ana', true);
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
    await page.getByRole('heading', { name: en.soundTitle }).waitFor();
    await hearOneself(page, (name) => tap(button(name)));
    await tap(button(en.done));
    await page.getByText(en.nobodyTitle).waitFor();
    assert.deepEqual(await page.evaluate('window.mice'), []);
    ({ link } = await api.call('joinLink'));
  });

  test('by keyboard alone: the office is joined, each step says where one is, and the focus is seen', async () => {
    const { page, api } = await open('dana', false);
    await noteMice(page);
    const to = (role: 'button' | 'radio' | 'textbox', name: string): Promise<void> =>
      tabTo(page, page.getByRole(role, { name, exact: true }));
    await to('button', en.webUnderstood);
    await page.keyboard.press('Enter');
    const office = await readOut(page);
    assert.deepEqual(office.headings, [`1 ${en.officeTitle}`]);
    assert.deepEqual([office.landmarks.includes('main'), office.nameless], [true, []]);
    assert.ok(office.live.length > 0, 'what comes is read out');
    await tabTo(page, page.getByRole('radio', { name: en.createOffice }));
    await page.keyboard.press('ArrowDown');
    await to('textbox', en.linkLabel);
    await page.keyboard.type('corridor:nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(en.linkWrong).waitFor();
    assert.equal(await focused(page), 'first-link');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(link);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: en.youTitle }).waitFor();
    assert.equal(await focused(page), 'first-name');
    await page.getByRole('status').getByText(en.step(2, 3)).waitFor({ state: 'attached' });
    await page.keyboard.type('Dana Ruiz');
    // The number may stay empty: the lowest that is free in the office is found.
    await page.getByRole('textbox', { name: en.extensionLabel, description: en.extensionHintJoin }).waitFor();
    await to('button', en.finishJoin);
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: en.soundTitle }).waitFor();
    await until(async () => (await focused(page)) === 'first-title', 'the step has the focus');
    assert.equal((await api.call('status')).node?.extension, '102');
    await hearOneself(page, async (name) => {
      await to('button', name);
      await page.keyboard.press('Space');
    });
    await to('button', en.done);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Hold to talk to Ana Lind, extension 101, Available/ }).waitFor();
    assert.deepEqual(await page.evaluate('window.mice'), []);
  });

  test('nothing was complained of', () => {
    const complaints = panels.flatMap((panel) => panel.complaints);
    assert.deepEqual(
      complaints.filter((text) => !/favicon/.test(text)),
      [],
    );
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

/** Keeps what a mouse does with the page: nobody here has one. */
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

async function until(passes: () => Promise<boolean>, what: string, withinMs = 8000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await passes())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
