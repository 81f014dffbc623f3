import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { whyNoDesktop } from '../support/desktop.ts';
import { Headless } from '../support/headless.ts';
import { missingPulse } from '../support/pulse.ts';
import { missingSpeech, speak } from '../support/speech.ts';
import { DesktopApp, eventually, ROOT } from './desktop-app.ts';

const { findElectron } = (await import(new URL('../../scripts/electron.mjs', import.meta.url).href)) as {
  findElectron: (options: { forTests: boolean }) => Promise<{ path: string } | { why: string }>;
};
const found =
  process.platform === 'linux' ? await findElectron({ forTests: true }) : { why: 'these desktops are X11' };
const skip =
  ('why' in found ? found.why : undefined) ?? whyNoDesktop() ?? missingPulse() ?? missingSpeech() ?? false;
const SCREENSHOTS = join(ROOT, 'test-results', 'screenshots');
const WIDTHS = { narrow: 400, wide: 900 };
const HEIGHT = 680;

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
      electron: 'path' in found ? found.path : '',
      dir: join(dir, 'ana'),
      args: ['--interface', '127.0.0.1'],
    });
    page = await app.inside.firstWindow();
    page.setDefaultTimeout(8000);
  });
  after(async () => {
    await Promise.all(colleagues.map((colleague) => colleague.stop()));
    await app?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('first run: a wrong link and a wrong number are told beside their fields, then there is an office', async () => {
    await page.getByLabel('Join with a link').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Paste the link that a colleague sent you.').waitFor();
    await page.getByLabel('Join link').fill('corridor:nonsense');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Name').fill('Ana Lind');
    await page.getByRole('button', { name: 'Join the office' }).click();
    await page.locator('#first-link-error:not(:empty)').waitFor();
    await look('first-run-office');
    await page.getByLabel('Create an office').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Extension').fill('1');
    await page.getByRole('button', { name: 'Create the office' }).click();
    await page.getByText('An extension is a number of 2 to 6 digits.').waitFor();
    await look('first-run-you');
    await page.getByLabel('Extension').fill('101');
    await page.getByRole('button', { name: 'Create the office' }).click();
    await page.getByText('Nobody else is here yet').waitFor();
    await look('panel-empty');
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
    await look('panel-full');
  });

  test('a row held by mouse talks, and letting go anywhere ends it', async () => {
    const button = page.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ });
    const box = await button.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.getByText('Talking to Dana Ruiz').waitFor();
    assert.equal((await app.api.call('status')).talking?.to, '204');
    await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, 'panel-talking.png') });
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
    await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, 'panel-playing.png') });
    await page.keyboard.press('Escape');
    await eventually(async () => (await app.api.call('status')).playing === null, 'it stopped');
  });

  test('the talk key is recorded by pressing it, and a key for typing is refused', async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await look('settings');
    await page.getByRole('button', { name: 'Change' }).click();
    await page.keyboard.press('a');
    await page.getByText('That key types text.').waitFor();
    await page.keyboard.press('Control+Alt+k');
    await eventually(
      async () => (await app.api.call('settings')).talkKey === 'Ctrl+Alt+K',
      'the key was kept',
    );
    await page.getByRole('button', { name: 'Change' }).click();
    await page.keyboard.press('Escape');
    await eventually(
      async () => (await app.api.call('settings')).talkKey === 'Ctrl+Alt+K',
      'the key was put back',
    );
  });

  /** A picture in each look; nothing may stand out to the side. */
  async function look(name: string): Promise<void> {
    for (const [width, pixels] of Object.entries(WIDTHS)) {
      await app.inside.evaluate(
        ({ BrowserWindow }, size) =>
          BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
        { width: pixels, height: HEIGHT },
      );
      await eventually(
        () => page.evaluate((wanted) => innerWidth === wanted, pixels),
        `${pixels} pixels wide`,
      );
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({
          animations: 'disabled',
          path: join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`),
        });
      }
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('#panel *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
          .map((element) => element.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(outside, [], `${name} at ${pixels}`);
    }
    await page.emulateMedia({ colorScheme: null });
  }
});
