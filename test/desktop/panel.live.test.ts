import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { Headless } from '../support/headless.ts';
import { look as lookAt, SCREENSHOTS } from '../support/panel-look.ts';
import { speak } from '../support/speech.ts';
import { DesktopApp, eventually } from './desktop-app.ts';
import { electron, skip } from './two-desktops.ts';

/** The panel as a person uses it, by mouse and keyboard, with real colleagues. The tests go on from one another. */
describe('the panel', { skip, timeout: 120_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-panel-'));
  const colleagues: Headless[] = [];
  let app: DesktopApp;
  let page: Page;
  let sentence: string;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    sentence = readFileSync(speak(dir, 'The delivery is here. Who can sign for it?').file).toString('base64');
    app = await DesktopApp.start({
      electron: electron.path,
      dir: join(dir, 'ana'),
      args: ['--interface', '127.0.0.1'],
    });
    // With nothing set up, the app shows its panel by itself; hidden, it is asked for.
    const opened = app.inside.waitForEvent('window');
    await app.inside.evaluate(({ app: inside }) => void inside.emit('activate'));
    page = app.inside.windows()[0] ?? (await opened);
    page.setDefaultTimeout(8000);
  });
  after(async () => {
    await Promise.all(colleagues.map((colleague) => colleague.stop()));
    await app?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('first run: a wrong link and a wrong number are told beside their fields, then there is an office', async () => {
    await page.getByLabel(en.joinOffice).check();
    await page.getByRole('button', { name: en.next }).click();
    await page.getByText(en.linkMissing).waitFor();
    await page.getByLabel(en.linkLabel).fill('corridor:nonsense');
    await page.getByRole('button', { name: en.next }).click();
    await page.locator('#first-link-error:not(:empty)').waitFor();
    await look('app-first-run-office');
    await page.getByLabel(en.createOffice).check();
    await page.getByRole('button', { name: en.next }).click();
    await page.getByLabel(en.nameLabel, { exact: true }).fill('Ana Lind');
    await page.getByLabel(en.extensionLabel, { exact: true }).fill('1');
    await page.getByRole('button', { name: en.finishCreate }).click();
    await page.getByText(en.extensionWrong).waitFor();
    await page.getByLabel(en.extensionLabel, { exact: true }).fill('101');
    await page.getByRole('button', { name: en.finishCreate }).click();
    await page.getByRole('heading', { name: en.soundTitle, exact: true }).waitFor();
    await look('app-first-run-sound');
    await page.getByRole('button', { name: en.soundSkip }).click();
    await page.getByText(en.nobodyTitle).waitFor();
    await look('app-empty');
  });

  test('colleagues appear, and what they said while one was away waits', async () => {
    const { link } = await app.api.call('joinLink');
    for (const [name, extension] of [
      ['Dana Ruiz', '204'],
      ['Mei-Lin Chandrasekharan-Østergaard', '3071'],
    ] as const) {
      colleagues.push(await Headless.start({ name, extension, office: link, interface: '127.0.0.1' }));
    }
    await page
      .getByRole('button', { name: /^Hold to talk to Dana Ruiz, extension 204, Available/ })
      .waitFor();
    await page.getByRole('button', { name: /^Presence/ }).click();
    await page.getByRole('menuitemradio', { name: /^Away/ }).click();
    await eventually(async () => (await app.api.call('status')).presence === 'away', 'away');
    for (const colleague of colleagues) {
      await colleague.api.call('talkRecording', { dial: '101', wavBase64: sentence });
    }
    await page.getByText('2 unheard').waitFor();
    await page.getByText('Speaking now').first().waitFor({ state: 'hidden' });
    await look('app-full');
  });

  test('a row held by mouse talks, and letting go anywhere ends it', async () => {
    const button = page.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ });
    const box = await button.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.getByText('Talking to Dana Ruiz').waitFor();
    assert.equal((await app.api.call('status')).talking?.to, '204');
    await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, 'app-talking.png') });
    await page.mouse.move(box.x - 200, box.y + 300);
    await page.mouse.up();
    await eventually(async () => (await app.api.call('status')).talking === null, 'the talk ended');
    await page
      .getByRole('contentinfo')
      .getByText(/Stored on|Heard/)
      .waitFor();
  });

  test('Space on a row talks too; a window that loses the focus ends it', async () => {
    await page.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.down('Space');
    await eventually(async () => (await app.api.call('status')).talking?.to === '3071', 'the talk began');
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await eventually(async () => (await app.api.call('status')).talking === null, 'the talk ended');
    await page.keyboard.up('Space');
  });

  test('Enter on a message plays it, Escape stops it', async () => {
    await page.getByRole('button', { name: /^Unheard\. Play the message of Dana Ruiz/ }).focus();
    const seen = app.events.length;
    await page.keyboard.press('Enter');
    await app.until((event) => event.type === 'sounding', seen);
    await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, 'app-playing.png') });
    await page.keyboard.press('Escape');
    await eventually(async () => (await app.api.call('status')).playing === null, 'it stopped');
  });

  test('the talk key is recorded by pressing it, and a key for typing is refused', async () => {
    await page.getByRole('button', { name: en.settings }).click();
    await page
      .getByRole('navigation', { name: en.settings })
      .getByRole('button', { name: en.sections.keys })
      .click();
    await look('app-settings-keys');
    const change = page.getByRole('button', { name: `${en.keyChange}: ${en.talkKey}` });
    await change.click();
    await page.keyboard.press('a');
    await page.getByText(en.keyTypes).waitFor();
    await page.keyboard.press('Control+Alt+k');
    const isKept = async () => (await app.api.call('settings')).talkKey === 'Ctrl+Alt+K';
    await eventually(isKept, 'the key was kept');
    await change.click();
    await page.keyboard.press('Escape');
    await eventually(isKept, 'the key was put back');
  });

  /** A picture in each look; nothing stands out to the side, and axe-core finds nothing. */
  async function look(name: string): Promise<void> {
    const resize = async (size: { width: number; height: number }): Promise<void> => {
      await app.inside.evaluate(
        ({ BrowserWindow }, wanted) =>
          BrowserWindow.getAllWindows()[0]?.setContentSize(wanted.width, wanted.height),
        size,
      );
      await eventually(() => page.evaluate((wanted) => innerWidth === wanted, size.width), 'the size');
    };
    assert.deepEqual(await lookAt(page, name, { resize }), []);
  }
});
