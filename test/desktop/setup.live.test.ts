import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { heardShare } from '../support/correlate.ts';
import { Headless } from '../support/headless.ts';
import { look, violations } from '../support/panel-look.ts';
import { speak, type Speech } from '../support/speech.ts';
import { DesktopApp, eventually } from './desktop-app.ts';
import { electron, SAME_SPEECH, skip } from './two-desktops.ts';

/** A first minute and the settings, by keyboard, with real sound. The tests go on from one another. */
describe('first run and settings on a desktop', { skip, timeout: 120_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-setup-'));
  let app: DesktopApp;
  let page: Page;
  let speech: Speech;
  let dana: Headless | undefined;

  before(async () => {
    speech = speak(dir, 'The delivery is here. Who can sign for it?');
    app = await DesktopApp.start({
      electron: electron.path,
      dir: join(dir, 'ana'),
      args: ['--interface', '127.0.0.1', '--microphone', 'mic', '--speaker', 'speaker'],
    });
    page = await app.inside.firstWindow();
    page.setDefaultTimeout(8000);
  });
  after(async () => {
    await dana?.stop();
    await app?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('an office is made by keyboard alone', async () => {
    await page.getByRole('radio', { name: en.createOffice }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel(en.nameLabel).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'first-name');
    await page.keyboard.type('Ana Lind');
    assert.equal(await page.getByLabel(en.extensionLabel).inputValue(), '101');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: en.soundTitle }).waitFor();
    assert.equal((await app.api.call('status')).node?.name, 'Ana Lind');
    await eventually(
      () => page.evaluate(() => document.activeElement?.id === 'first-title'),
      'the step has the focus',
    );
  });

  test('a microphone that gives silence is told of', async () => {
    const seen = app.events.length;
    await page.getByRole('button', { name: en.soundTestRecord }).click();
    await app.until((event) => event.type === 'sound-test' && event.test.durationMs > 300, seen);
    await page.getByRole('button', { name: en.soundTestPlay }).click();
    await page.getByText(en.soundTestSilent).waitFor();
    await page.getByRole('button', { name: en.soundTestStop }).click();
  });

  test('the meter moves, and what was said is heard back at the loudspeaker', async () => {
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
    assert.ok(share >= SAME_SPEECH, `${share.toFixed(2)} of the words came back`);
    assert.deepEqual(await violations(page), []);
  });

  test('the talk key is recorded by pressing it, and does nothing meanwhile', async () => {
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

  test('the sound step is over once it is done, and stays so', async () => {
    await page.getByRole('button', { name: en.done, exact: true }).click();
    await page.getByText(en.nobodyTitle).waitFor();
    await page.reload();
    await page.getByText(en.nobodyTitle).waitFor();
  });

  test('a key that another use has is refused in words, and nothing changes', async () => {
    await section('keys');
    await page.getByRole('button', { name: `${en.keyChoose}: ${en.replyKey}` }).click();
    await page.keyboard.press('Control+Alt+k');
    await page.getByRole('alert').filter({ hasText: 'Ctrl+Alt+K' }).waitFor();
    const { talkKey, replyKey } = await app.api.call('settings');
    assert.deepEqual({ talkKey, replyKey }, { talkKey: 'Ctrl+Alt+K', replyKey: null });
  });

  test('a colleague gets a key of their own', async () => {
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

  test('an extension that is taken is said while it is typed', async () => {
    await section('you');
    await page.getByLabel(en.extensionLabel).fill('204');
    await page.getByText(en.extensionOf('204', 'Dana Ruiz')).waitFor();
    assert.ok(await page.getByRole('button', { name: en.save }).isDisabled());
    await page.getByLabel(en.extensionLabel).fill('105');
    await page.getByRole('button', { name: en.save }).click();
    await eventually(async () => (await app.api.call('status')).node?.extension === '105', 'it is 105 now');
  });

  test('notifications are turned off, and the store is told its limits', async () => {
    await section('notifications');
    await page.getByRole('switch', { name: en.notifications }).click();
    await eventually(async () => !(await app.api.call('settings')).notifications, 'off');
    assert.deepEqual(await looked('settings-notifications'), []);
    await section('storage');
    await page.getByLabel(en.keepDays).selectOption('30');
    await eventually(async () => (await app.api.call('settings')).keepDays === 30, 'a month');
  });

  test('health names the switch, and its diagnostics are copied', async () => {
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

  test('another language is spoken at once', async () => {
    await section('general');
    await page.getByLabel(en.language).selectOption('de');
    await page.getByRole('heading', { name: de.sections.general }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
    assert.deepEqual(await looked('settings-general-german'), []);
    await page.getByLabel(de.language).selectOption('en');
    await page.getByRole('heading', { name: en.sections.general }).waitFor();
  });

  test('the keypad says what a number does, and talks while Enter is held', async () => {
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

  /** Opens a section of the settings, from wherever the panel is; wide, so that the list stays in sight. */
  async function section(name: keyof typeof en.sections): Promise<void> {
    await resize({ width: 1000, height: 700 });
    const opener = page.getByRole('button', { name: en.settings, exact: true });
    if (await opener.isVisible()) await opener.click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections[name] }).click();
  }

  const looked = (name: string): Promise<string[]> => look(page, name, { resize });

  async function resize(size: { readonly width: number; readonly height: number }): Promise<void> {
    await app.inside.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
    }, size);
    await eventually(
      () => page.evaluate(({ width }) => innerWidth === width, size),
      `${size.width} pixels wide`,
    );
  }
});

describe('joining with an extension that somebody has', { skip, timeout: 90_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-taken-'));
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
    app = await DesktopApp.start({
      electron: electron.path,
      dir: join(dir, 'ana'),
      args: ['--interface', '127.0.0.1', '--microphone', 'mic', '--speaker', 'speaker'],
    });
    page = await app.inside.firstWindow();
    page.setDefaultTimeout(15_000);
  });
  after(async () => {
    await Promise.all([dana?.stop(), app?.stop()]);
    rmSync(dir, { recursive: true, force: true });
  });

  test('is said as soon as it is known, with a free one to take', async () => {
    const { link } = await dana.api.call('joinLink');
    await page.getByRole('heading', { name: en.officeTitle }).click();
    await page.evaluate((text) => {
      const pasted = new DataTransfer();
      pasted.setData('text/plain', `${text}\n`);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true }));
    }, link);
    assert.ok(await page.getByRole('radio', { name: en.joinOffice }).isChecked(), 'a pasted link is taken');
    await page.getByRole('button', { name: en.next }).click();
    await page.getByLabel(en.nameLabel).fill('Ana Lind');
    await page.getByLabel(en.extensionLabel).fill('204');
    await page.getByRole('button', { name: en.finishJoin }).click();
    const taken = page.getByRole('alert').filter({ hasText: 'Dana Ruiz' });
    await taken.waitFor();
    await page.getByRole('button', { name: en.takeExtension('101') }).click();
    await taken.waitFor({ state: 'hidden' });
    assert.equal((await app.api.call('status')).node?.extension, '101');
    await page.getByRole('button', { name: en.soundSkip }).click();
    await page.getByRole('button', { name: /^Hold to talk to Dana Ruiz, extension 204/ }).waitFor();
  });
});
