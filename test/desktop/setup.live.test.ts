import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { look, violations } from '../support/panel-look.ts';
import { speak, type Speech } from '../support/speech.ts';
import { story } from '../support/story.ts';
import type { DesktopApp } from './desktop-app.ts';
import { OpenPanel, resizePanel } from './open-panel.ts';
import { SAME_SPEECH, skip } from './two-desktops.ts';

const NOT_SET_UP = ['--interface', '127.0.0.1', '--microphone', 'mic', '--speaker', 'speaker'];

/** By keyboard, with real sound. */
describe('first run and settings on a desktop', { skip, timeout: 120_000 }, () => {
  const panel = new OpenPanel();
  let app: DesktopApp;
  let page: Page;
  let speech: Speech;
  let dana: Headless | undefined;

  before(async () => {
    speech = speak(panel.dir, 'The delivery is here. Who can sign for it?');
    ({ app, page } = await panel.start({ args: NOT_SET_UP }));
  });
  after(async () => {
    await Promise.all([dana?.stop(), panel.stop()]);
  });

  const step = story('a person makes an office, tests the sound, and goes through the settings');

  step('the keyboard alone makes an office', async () => {
    await page.getByRole('radio', { name: en.createOffice }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel(en.nameLabel).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'first-name');
    await page.keyboard.type('Ana Lind');
    const number = page.getByLabel(en.extensionLabel);
    await eventually(async () => (await number.inputValue()) === '101', 'the lowest number is filled in');
    await page.keyboard.press('Enter');
    const kept = page.getByRole('button', { name: en.recoveryKept });
    await kept.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: en.soundTitle }).waitFor();
    assert.equal((await app.api.call('status')).node?.name, 'Ana Lind');
    await eventually(
      () => page.evaluate(() => document.activeElement?.id === 'first-title'),
      'the title of the step has the focus',
    );
  });

  step('the sound test reports a silent microphone', async () => {
    const seen = app.events.length;
    await page.getByRole('button', { name: en.soundTestRecord }).click();
    await app.until((event) => event.type === 'sound-test' && event.test.durationMs > 300, seen);
    await page.getByRole('button', { name: en.soundTestPlay }).click();
    await page.getByText(en.soundTestSilent).waitFor();
    await page.getByRole('button', { name: en.soundTestStop }).click();
  });

  step('the meter moves, and the loudspeaker plays the recorded speech back', async () => {
    const meter = page.getByRole('meter', { name: en.inputLevel });
    const level = async (): Promise<number> => Number(await meter.getAttribute('aria-valuenow'));
    await page.getByRole('button', { name: en.soundTestAgain, exact: true }).click();
    await page.getByText(en.soundTestState.recording).waitFor();
    const said = app.pulse.play(speech.file);
    await eventually(async () => (await level()) > 20, 'the meter moves');
    await said.done;
    const heard = await app.pulse.record();
    await page.getByRole('button', { name: en.soundTestPlay }).click();
    await page.getByText(en.soundTestState.playing).waitFor();
    await page.getByText(en.soundTestState.recorded).waitFor();
    const share = heardShare(speech.samples, await heard.stop());
    assert.ok(share >= SAME_SPEECH, `${share.toFixed(2)} of the speech came back`);
    assert.deepEqual(await violations(page), []);
  });

  step('a person chooses the talk key by pressing it, and no talk begins', async () => {
    const seen = app.events.length;
    await page.getByRole('button', { name: `${en.keyChange}: ${en.talkKey}` }).click();
    await page.getByText(en.keyPress).waitFor();
    await page.keyboard.press('a');
    await page.getByText(en.keyTypes).waitFor();
    await page.keyboard.press('Control+Alt+k');
    await eventually(
      async () => (await app.api.call('settings')).talkKey === 'Ctrl+Alt+K',
      'the key is kept',
    );
    await page.getByRole('button', { name: `${en.keyChange}: ${en.talkKey}` }).click();
    await page.keyboard.press('Escape');
    await page.getByText(en.keyPress).waitFor({ state: 'hidden' });
    assert.equal((await app.api.call('settings')).talkKey, 'Ctrl+Alt+K');
    assert.ok(!app.events.slice(seen).some(({ type }) => type === 'talk'));
  });

  step('a finished sound step does not return after a reload', async () => {
    await page.getByRole('button', { name: en.done, exact: true }).click();
    await page.getByText(en.nobodyTitle).waitFor();
    await page.reload();
    await page.getByText(en.nobodyTitle).waitFor();
  });

  step('the panel refuses a key that has another use with a sentence, and no setting changes', async () => {
    await section('keys');
    await page.getByRole('button', { name: `${en.keyChoose}: ${en.replyKey}` }).click();
    await page.keyboard.press('Control+Alt+k');
    await page.getByRole('alert').filter({ hasText: 'Ctrl+Alt+K' }).waitFor();
    const { talkKey, replyKey } = await app.api.call('settings');
    assert.deepEqual({ talkKey, replyKey }, { talkKey: 'Ctrl+Alt+K', replyKey: null });
  });

  step('a person chooses a key for one colleague', async () => {
    const { link } = await app.api.call('joinLink');
    dana = await Headless.start({
      name: 'Dana Ruiz',
      extension: '204',
      office: link,
      interface: '127.0.0.1',
    });
    await page.getByRole('combobox', { name: en.personKeyAdd }).selectOption({ label: 'Dana Ruiz · 204' });
    await page.getByText(en.keyPress).waitFor();
    await page.keyboard.press('F7');
    await eventually(
      async () => (await app.api.call('settings')).personKeys[0]?.key === 'F7',
      'the key is kept',
    );
    assert.deepEqual(await looked('settings-keys'), []);
  });

  step('the panel reports a taken extension while a person types it', async () => {
    await section('you');
    await page.getByLabel(en.extensionLabel).fill('204');
    await page.getByText(en.extensionOf('204', 'Dana Ruiz')).waitFor();
    assert.ok(await page.getByRole('button', { name: en.save }).isDisabled());
    await page.getByLabel(en.extensionLabel).fill('105');
    await page.getByRole('button', { name: en.save }).click();
    await eventually(
      async () => (await app.api.call('status')).node?.extension === '105',
      'the extension is 105',
    );
  });

  step('the settings turn notifications off and limit how long messages are kept', async () => {
    await section('notifications');
    await page.getByRole('switch', { name: en.notifications }).click();
    await eventually(async () => !(await app.api.call('settings')).notifications, 'notifications are off');
    assert.deepEqual(await looked('settings-notifications'), []);
    await section('storage');
    await page.getByLabel(en.keepDays).selectOption('30');
    await eventually(
      async () => (await app.api.call('settings')).keepDays === 30,
      'messages are kept for 30 days',
    );
  });

  step('health names the switch and copies its diagnostics', async () => {
    await section('health');
    await page.getByRole('row', { name: /Dana Ruiz 204/ }).waitFor();
    assert.deepEqual(await looked('settings-health'), []);
    await section('health');
    await page.getByText(en.thisComputer).first().waitFor();
    await page.getByRole('button', { name: en.diagnostics }).click();
    await page.getByText(en.copied).waitFor();
    const copied = await app.inside.evaluate(({ clipboard }) => clipboard.readText());
    assert.equal(copied.includes('Corridor'), true, copied.slice(0, 200));
    const { link } = await app.api.call('joinLink');
    assert.ok(!copied.includes(link.slice(-27)), 'no join link in it');
  });

  step('another language takes effect at once', async () => {
    await section('general');
    await page.getByLabel(en.language).selectOption('de');
    await page.getByRole('heading', { name: de.sections.general }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
    assert.deepEqual(await looked('settings-general-german'), []);
    await page.getByLabel(de.language).selectOption('en');
    await page.getByRole('heading', { name: en.sections.general }).waitFor();
  });

  step('the keypad shows what a number does, and talks while Enter is held', async () => {
    await page.getByRole('button', { name: en.close }).click();
    await page.getByRole('button', { name: en.keypad }).click();
    await page.getByRole('button', { name: '2', exact: true }).click();
    await page.keyboard.press('Tab');
    await page.getByLabel(en.keypadField).fill('204');
    await page.getByText(/Dana Ruiz \(204\)/).waitFor();
    await page.getByLabel(en.keypadField).focus();
    await page.keyboard.down('Enter');
    await eventually(async () => (await app.api.call('status')).talking?.to === '204', 'the talk began');
    await page.keyboard.up('Enter');
    await eventually(async () => (await app.api.call('status')).talking === null, 'the talk ended');
    assert.deepEqual(await looked('keypad'), []);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), en.keypad);
  });

  /** Opens a section of the settings from any screen. The panel is wide, so that the list of sections stays in sight. */
  async function section(name: keyof typeof en.sections): Promise<void> {
    await resize({ width: 1000, height: 700 });
    const opener = page.getByRole('button', { name: en.settings, exact: true });
    if (await opener.isVisible()) await opener.click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections[name] }).click();
  }

  const looked = (name: string): Promise<string[]> => look(page, name, { resize });

  function resize(size: { readonly width: number; readonly height: number }): Promise<void> {
    return resizePanel(app, page, size);
  }
});

describe('a person who joins with a colleague’s extension', { skip, timeout: 90_000 }, () => {
  const panel = new OpenPanel();
  let app: DesktopApp;
  let page: Page;
  let dana: Headless;

  before(async () => {
    dana = await Headless.start({
      name: 'Dana Ruiz',
      extension: '204',
      office: 'new',
      interface: '127.0.0.1',
    });
    ({ app, page } = await panel.start({ args: NOT_SET_UP }));
  });
  after(async () => {
    await Promise.all([dana?.stop(), panel.stop()]);
  });

  test('gets a free one, and is told so', async () => {
    const { link } = await dana.api.call('joinLink');
    await page.getByRole('heading', { name: en.officeTitle }).click();
    await page.evaluate((text) => {
      const pasted = new DataTransfer();
      pasted.setData('text/plain', `${text}\n`);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true }));
    }, link);
    assert.ok(
      await page.getByRole('radio', { name: en.joinOffice }).isChecked(),
      'a pasted link chooses joining',
    );
    await page.getByRole('button', { name: en.next }).click();
    await page.getByLabel(en.nameLabel).fill('Ana Lind');
    await page.getByLabel(en.extensionLabel).fill('204');
    await page.getByRole('button', { name: en.finishJoin }).click();
    await page.getByText(en.wishTaken('204', '101')).waitFor();
    assert.equal((await app.api.call('status')).node?.extension, '101');
    await page.getByRole('button', { name: en.soundSkip }).click();
    await page.getByRole('button', { name: /^Hold to talk to Dana Ruiz, extension 204/ }).waitFor();
  });
});
