import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { BrowserPanel, missingBrowser } from '../support/browser-panel.ts';
import { heardShare } from '../support/correlate.ts';
import { Headless } from '../support/headless.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { missingSpeech, speak, type Speech } from '../support/speech.ts';

const skip = missingBrowser() ?? missingPulse() ?? missingSpeech() ?? false;
/** Live speech of another text is this much like it by chance: 0.1. */
const HEARD = 0.5;

/** The panel in a browser, by mouse, finger and key, with real sound. The tests go on from one another. */
describe('the panel in Chromium', { skip, timeout: 120_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-chromium-'));
  let pulse: Pulse;
  let ana: BrowserPanel;
  let page: Page;
  let dana: Headless;
  let question: Speech;
  let story: Speech;

  before(async () => {
    pulse = await startPulse({ dir: join(dir, 'pulse'), names: ['elsewhere'] });
    await pulse.loadSink('elsewhere');
    question = speak(dir, 'The delivery is here, who can sign for it?');
    story = speak(
      dir,
      'Good morning. The visitors from the harbour are early, they wait downstairs, and they have brought far more boxes than we have room for.',
    );
    ana = await BrowserPanel.start({
      profile: join(dir, 'ana'),
      args: ['--microphone', 'mic', '--speaker', 'elsewhere'],
      env: pulse.env,
      hasTouch: true,
    });
    page = ana.page;
  });
  after(async () => {
    await Promise.all([ana?.stop(), dana?.stop()]);
    await pulse?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
  const holdDana = (): Locator => button(/^Hold to talk to Dana Ruiz/);

  test('the address opens it, shows no token, and is good once', async () => {
    await page.getByRole('heading', { name: en.officeTitle }).waitFor();
    assert.equal(new URL(page.url()).hash, '');
    await page.getByText(en.webSound).waitFor();
    await button(en.webUnderstood).click();
    const address = await ana.newAddress();
    const first = await ana.context.newPage();
    await first.goto(address);
    await first.getByRole('heading', { name: en.officeTitle }).waitFor();
    const again = await ana.context.newPage();
    await again.goto(address);
    await again.getByRole('heading', { name: en.webRefusedTitle }).waitFor();
    await first.reload();
    await first.getByRole('heading', { name: en.officeTitle }).waitFor();
    await first.close();
    await again.close();
  });

  test('first run: office, name, sound', async () => {
    await page.getByLabel(en.createOffice).check();
    await button(en.next).click();
    await page.getByLabel(en.nameLabel, { exact: true }).fill('Ana Lind');
    assert.equal(await page.getByLabel(en.extensionLabel, { exact: true }).inputValue(), '101');
    await button(en.finishCreate).click();
    await page.getByRole('heading', { name: en.soundTitle, exact: true }).waitFor();
    const level = page.getByRole('meter', { name: en.inputLevel });
    const playing = pulse.play(question.file);
    await until(async () => Number(await level.getAttribute('aria-valuenow')) > 30, 'the meter moves');
    playing.stop();
    await button(en.soundSkip).click();
    await page.getByText(en.nobodyTitle).waitFor();
  });

  test('a row held by the mouse: the level moves, and Dana hears it', async () => {
    const { link } = await ana.api.call('joinLink');
    dana = await Headless.start({
      name: 'Dana Ruiz',
      extension: '204',
      office: link,
      interface: '127.0.0.1',
      env: pulse.env,
      speaker: 'speaker',
      profile: join(dir, 'dana'),
    });
    await button(/^Hold to talk to Dana Ruiz, extension 204, Available/).waitFor();
    const box = await holdDana().boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const level = page.getByRole('meter', { name: en.youAreHeard });
    const heard = await heardWhile(
      () => page.mouse.down(),
      async () => {
        await page.mouse.move(20, 600);
        await page.mouse.up();
      },
      async () => {
        await page.getByText(en.talkingTo('Dana Ruiz')).waitFor();
        await until(async () => Number(await level.getAttribute('aria-valuenow')) > 30, 'the level moves');
        await page.getByText(en.recipient.hearing).first().waitFor();
      },
    );
    assert.ok(heard > HEARD, `${heard} was heard`);
    await page
      .getByRole('contentinfo')
      .getByText(/To Dana Ruiz.*(Stored on|Heard)/)
      .waitFor();
  });

  test('held by a finger', async () => {
    const box = await holdDana().boundingBox();
    assert.ok(box);
    const touch = await page.context().newCDPSession(page);
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const heard = await heardWhile(
      () => touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] }),
      () => touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] }),
    );
    assert.ok(heard > HEARD, `${heard} was heard`);
  });

  test('held by a key', async () => {
    await holdDana().focus();
    const heard = await heardWhile(
      () => page.keyboard.down('Space'),
      () => page.keyboard.up('Space'),
    );
    assert.ok(heard > HEARD, `${heard} was heard`);
  });

  test('a page that is closed with the key held ends its talk', async () => {
    const other = await ana.context.newPage();
    await other.goto(await ana.newAddress());
    const hold = other.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ });
    await hold.focus();
    await other.keyboard.down('Space');
    await until(async () => (await ana.api.call('status')).talking !== null, 'the talk began');
    await other.close();
    await until(async () => (await ana.api.call('status')).talking === null, 'the talk ended');
  });

  test('a message that is still being spoken stands on top, and is caught up with', async () => {
    await ana.api.call('setPresence', { presence: 'away' });
    await until(
      async () => (await dana.api.call('people')).some(({ presence }) => presence === 'away'),
      'Dana knows',
    );
    const recording = await pulse.record('elsewhere.monitor');
    const wavBase64 = readFileSync(story.file).toString('base64');
    await dana.api.call('talkRecording', { dial: '101', wavBase64 });
    const top = page.getByRole('list', { name: en.messages }).getByRole('listitem').first();
    await top.getByText(en.speakingNow).waitFor();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const seen = ana.events.length;
    await top.getByRole('button', { name: /Play the message of Dana Ruiz/ }).click();
    const live = await ana.told(
      (event) => event.type === 'playback' && event.playback?.state === 'live',
      seen,
    );
    const spoken = await ana.told((event) => event.type === 'message' && !event.message.live, seen, 12_000);
    assert.ok(live.at < spoken.at, 'it was live before the last word');
    await ana.told((event) => event.type === 'playback' && event.playback === null, seen, 12_000);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const heard = heardShare(story.samples, await recording.stop());
    // Hurried speech is not the same samples; what was heard at its own pace afterwards is.
    assert.ok(heard > 0.35, `${heard} was heard`);
    await ana.api.call('setPresence', { presence: 'available' });
  });

  test('seek and speed', async () => {
    const play = button(/^Play the message of Dana Ruiz/).first();
    await play.click();
    await until(async () => (await ana.api.call('status')).playing !== null, 'it plays');
    await button(en.speed('1×')).click();
    await button(en.speed('1.5×')).waitFor();
    assert.equal((await ana.api.call('status')).playing?.speed, 1.5);
    const slider = page.getByRole('slider', { name: /^Position in the message of Dana Ruiz/ });
    await slider.focus();
    const before = (await ana.api.call('status')).playing?.positionMs ?? 0;
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await until(
      async () => ((await ana.api.call('status')).playing?.positionMs ?? 0) > before + 500,
      'it jumped',
    );
    await page.keyboard.press('Escape');
    await until(async () => (await ana.api.call('status')).playing === null, 'it stopped');
  });

  test('delete and undo', async () => {
    const many = (await ana.api.call('messages')).length;
    await button(/^Delete the message of Dana Ruiz/)
      .first()
      .click();
    await until(async () => (await ana.api.call('messages')).length === many - 1, 'it is gone');
    await button(en.undo).click();
    await until(async () => (await ana.api.call('messages')).length === many, 'it is back');
    await button(/^Play the message of Dana Ruiz/)
      .first()
      .waitFor();
  });

  test('settings', async () => {
    await button(en.settings).click();
    await button(en.sections.general).click();
    await page.getByLabel(en.language).selectOption({ label: 'Deutsch' });
    await page.getByRole('heading', { name: 'Allgemein' }).waitFor();
    assert.equal((await ana.api.call('settings')).language, 'de');
    await ana.api.call('setSettings', { language: null });
    await page.getByRole('heading', { name: en.sections.general }).waitFor();
    await page.keyboard.press('Escape');
    await button(en.sections.sound).click();
    const tones = page.getByRole('switch', { name: en.tones });
    await tones.uncheck();
    await until(async () => !(await ana.api.call('settings')).tones, 'tones are off');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await holdDana().waitFor();
  });

  test('nothing was complained of', () => {
    assert.deepEqual(
      ana.complaints.filter((text) => !/favicon/.test(text)),
      [],
    );
  });

  /** Holds something while speech is played into the microphone; how much of it Dana's loudspeaker gave out, 0 to 1. */
  async function heardWhile(
    press: () => Promise<unknown>,
    release: () => Promise<unknown>,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<number> {
    const recording = await pulse.record();
    const seen = ana.events.length;
    await press();
    await ana.told((event) => event.type === 'capturing', seen);
    const playing = pulse.play(question.file);
    await meanwhile();
    await playing.done;
    await release();
    await ana.told((event) => event.type === 'talk' && event.talk === null, seen);
    await new Promise((resolve) => setTimeout(resolve, 700));
    return heardShare(question.samples, await recording.stop());
  }
});

async function until(passes: () => Promise<boolean>, what: string, withinMs = 8000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await passes())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
