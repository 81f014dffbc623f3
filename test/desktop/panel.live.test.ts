import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { CLICK_MS } from '../../main/media/first-voice.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { look as lookAt, SCREENSHOTS } from '../support/panel-look.ts';
import { speak } from '../support/speech.ts';
import { story } from '../support/story.ts';
import type { DesktopApp } from './desktop-app.ts';
import { OpenPanel, resizePanel } from './open-panel.ts';
import { skip } from './two-desktops.ts';

/** By mouse and keyboard, with real colleagues. */
describe('the panel', { skip, timeout: 120_000 }, () => {
  const panel = new OpenPanel();
  const colleagues: Headless[] = [];
  let app: DesktopApp;
  let page: Page;
  let sentence: string;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    sentence = readFileSync(speak(panel.dir, 'The delivery is here. Who can sign for it?').file).toString(
      'base64',
    );
    ({ app, page } = await panel.start({ args: ['--interface', '127.0.0.1'] }));
  });
  after(async () => {
    await Promise.all(colleagues.map((colleague) => colleague.stop()));
    await panel.stop();
  });

  const step = story('a person makes an office, talks, listens and chooses a talk key');

  step(
    'the first run reports a wrong link and a wrong extension beside their fields, then makes an office',
    async () => {
      await page.getByLabel(en.joinOffice).check();
      await page.locator('#first-link:focus').waitFor();
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
      await page.getByRole('button', { name: en.recoveryKept }).click();
      await page.getByRole('heading', { name: en.soundTitle, exact: true }).waitFor();
      await look('app-first-run-sound');
      await page.getByRole('button', { name: en.soundSkip }).click();
      await page.getByText(en.nobodyTitle).waitFor();
      await look('app-empty');
    },
  );

  step('colleagues appear, and their messages to a person who is away are unheard', async () => {
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
    await eventually(async () => (await app.api.call('status')).presence === 'away', 'Ana is away');
    for (const colleague of colleagues) {
      await colleague.api.call('talkRecording', { dial: '101', wavBase64: sentence });
    }
    await page.getByText('2 unheard').waitFor();
    await page.getByText('Speaking now').first().waitFor({ state: 'hidden' });
    await look('app-full');
  });

  step('a click on a row sends nothing, and a sentence says how to talk', async () => {
    const button = page.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ });
    const hint = page.getByText('Hold it down while you talk. Nothing was sent.');
    // A computer that stands still between press and release makes a hold of a click: the next one is none.
    await eventually(async () => {
      await button.click();
      await eventually(async () => (await app.api.call('status')).talking === null, 'the talk ended');
      return hint.isVisible();
    }, 'the hint');
    await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, 'app-clicked.png') });
    const sent = (await app.api.call('messages')).filter(({ direction }) => direction === 'out');
    assert.ok(
      sent.every(({ durationMs }) => durationMs >= CLICK_MS),
      JSON.stringify(sent.map(({ durationMs }) => durationMs)),
    );
  });

  step('a row held by mouse begins a talk, and a release anywhere ends it', async () => {
    const button = page.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ });
    const box = await button.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.getByText('Talking to Dana Ruiz').waitFor();
    assert.equal((await app.api.call('status')).talking?.to, '204');
    await page.getByRole('contentinfo').getByText('0:01').waitFor();
    await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, 'app-talking.png') });
    // Nothing is played into this microphone.
    await page.getByText(en.microphoneSilent).waitFor();
    await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, 'app-talking-silent.png') });
    await page.mouse.move(box.x - 200, box.y + 300);
    await page.mouse.up();
    await eventually(async () => (await app.api.call('status')).talking === null, 'the talk ended');
    await page
      .getByRole('contentinfo')
      .getByText(/Stored on|Heard/)
      .waitFor();
  });

  step('Space on a row begins a talk, and the loss of the focus ends it', async () => {
    await page.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.down('Space');
    await eventually(async () => (await app.api.call('status')).talking?.to === '3071', 'the talk began');
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await eventually(async () => (await app.api.call('status')).talking === null, 'the talk ended');
    await page.keyboard.up('Space');
  });

  step('Enter on a message plays it, Escape stops it', async () => {
    await page.getByRole('button', { name: /^Unheard\. Play the message of Dana Ruiz/ }).focus();
    const seen = app.events.length;
    await page.keyboard.press('Enter');
    await app.until((event) => event.type === 'sounding', seen);
    await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, 'app-playing.png') });
    await page.keyboard.press('Escape');
    await eventually(async () => (await app.api.call('status')).playing === null, 'the playback stopped');
  });

  step('a person chooses the talk key by pressing it; a key for typing is refused', async () => {
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
    await eventually(isKept, 'the former key is kept');
  });

  /** Takes a picture in each width and scheme. Nothing may stand out to the side, and axe-core may find nothing. */
  async function look(name: string): Promise<void> {
    assert.deepEqual(await lookAt(page, name, { resize: (size) => resizePanel(app, page, size) }), []);
  }
});
