import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { HEARD } from '../support/calls.ts';
import { heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { melody, notesHeard } from '../support/melody.ts';
import { speak, type Speech } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { IN_CONTAINER, ROOT, run, type DesktopApp } from './desktop-app.ts';
import { Keyboard } from './keyboard.ts';
import { openPanel } from './open-panel.ts';
import {
  electron,
  PIECE_AGREES,
  SAME_SPEECH,
  skip,
  startOffice,
  talkByKey,
  type TwoDesktops,
} from './two-desktops.ts';

const options = { skip, timeout: 60_000 };
const SCREENSHOTS = join(ROOT, 'test-results', 'screenshots');
describe('two desktops in one office', options, () => {
  const dir = tempFolder('desktop');
  let dana: DesktopApp;
  let bo: DesktopApp;
  let speech: Speech;
  let windowsAtStart: number;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    speech = speak(dir, 'The delivery is at the front door. Who can sign for it?');
    ({ dana, bo } = await startOffice({ dir }));
    windowsAtStart = await dana.visibleWindows();
  });
  after(async () => {
    await Promise.all([dana?.stop(), bo?.stop()]);
  });

  test('an app that has an office starts in the tray', () => {
    assert.equal(windowsAtStart, 0);
  });

  test('what a test asks of the app runs in a turn of its own, never in the middle of other code', async () => {
    await dana.inside.evaluate(
      () =>
        void setTimeout(() => {
          const state = globalThis as { isWorking?: boolean };
          state.isWorking = true;
          const until = performance.now() + 300;
          while (performance.now() < until);
          state.isWorking = false;
        }),
    );
    const inTheMiddle: boolean[] = [];
    for (let asked = 0; asked < 20; asked++) {
      inTheMiddle.push(
        await dana.inside.evaluate(() => (globalThis as { isWorking?: boolean }).isWorking === true),
      );
    }
    assert.ok(!inTheMiddle.includes(true));
  });

  test('speech during a held talk key is heard live, as one message', async () => {
    // While two apps start on a busy computer, playout speeds up to catch up: notes keep their pitch then, where words correlate little.
    const voice = melody(1, 3);
    const file = join(dir, 'voice.wav');
    writeFileSync(file, voice.wav);
    const { recording, sent } = await talkByKey(dana, bo, file);
    assert.equal(sent, 1, 'auto-repeat does not cut the hold');
    const heard = notesHeard(voice, recording);
    assert.ok(heard > HEARD, `${heard} of the voice was heard`);
  });

  test('a locked screen ends the talk, though the system never reports the key-up', async () => {
    const keyboard = new Keyboard(dana);
    const from = dana.events.length;
    await keyboard.press('F9');
    await dana.until((event) => event.type === 'capturing', from);
    await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
    await dana.until((event) => event.type === 'talk' && event.talk === null, from);
    // The key still repeats; no talk may begin.
    await keyboard.letRepeat();
    assert.equal((await dana.api.call('status')).talking, null);
    await keyboard.release('F9');
    const danas = async () => (await bo.api.call('people'))[0]?.presence;
    await eventually(async () => (await danas()) === 'away', 'Bo sees that Dana is not there');
    await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('unlock-screen'));
    await eventually(async () => (await danas()) === 'available', 'and that she is back');
  });

  test('a colleague who is away gets a notification; a click plays the message and opens no window', async () => {
    await bo.api.call('setPresence', { presence: 'away' });
    await eventually(
      async () => (await dana.api.call('people'))[0]?.presence === 'away',
      'Dana sees Bo away',
    );
    const keyboard = new Keyboard(dana);
    const windows = await bo.visibleWindows();
    const from = bo.events.length;
    await keyboard.press('F9');
    await bo.until((event) => event.type === 'notification', from);
    await eventually(async () => (await bo.desk.notifications()) === 1, 'the notification is shown');
    await dana.pulse.play(speech.file).done;
    await keyboard.release('F9');
    await bo.desk.picture(join(SCREENSHOTS, 'notification.png'));
    await eventually(
      async () => (await bo.api.call('messages'))[0]?.complete === true,
      'the message is complete',
    );
    const recording = await bo.pulse.record();
    const clicked = bo.events.length;
    await bo.desk.run('dunstctl', 'action', '0');
    await bo.until((event) => event.type === 'notification-done', clicked);
    await bo.until((event) => event.type === 'playback' && event.playback === null, clicked);
    const heard = heardShare(speech.samples, await recording.stop(), PIECE_AGREES);
    assert.ok(heard > SAME_SPEECH, `${heard} of the speech was heard`);
    await eventually(async () => (await bo.desk.notifications()) === 0, 'the notification is withdrawn');
    assert.equal(await bo.visibleWindows(), windows);
    assert.match(await bo.desk.run('dunstctl', 'history'), /Dana \(101\) left 0:\d\d — #[0-9]{4}/);
    await bo.api.call('setPresence', { presence: 'available' });
  });

  test('a second start shows the panel of the running app', async () => {
    await closePanel();
    const env = { ...bo.desk.env, ...bo.pulse.env };
    const { code } = await run(electron.path, [...IN_CONTAINER, ROOT, '--profile', bo.profile], { env });
    assert.equal(code, 0);
    await eventually(async () => (await bo.visibleWindows()) === 1, 'the panel is shown');
    const page = await bo.inside.firstWindow();
    await page.waitForLoadState();
    await eventually(
      () => bo.inside.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow() !== null),
      'the panel has the keyboard',
    );
    await page.getByRole('button', { name: /^Hold to talk to Dana/ }).waitFor();
    await page.screenshot({ path: join(SCREENSHOTS, 'panel-in-the-app.png') });
    await bo.desk.picture(join(SCREENSHOTS, 'desktop.png'));
  });

  test('the page reaches only the API', async () => {
    const page = await openPanel(bo);
    const seen = await page.evaluate(async () => {
      const { corridor } = window as unknown as {
        corridor: Record<string, (...args: unknown[]) => Promise<unknown>>;
      };
      const answer = (promise: Promise<unknown> | undefined) =>
        promise?.then(
          () => 'done',
          (error: Error) => error.message,
        );
      return {
        keys: Object.keys(corridor).sort(),
        node: ['require', 'process', 'module'].filter((name) => name in window),
        unknown: await answer(corridor['call']?.('constructor')),
        bad: await answer(corridor['call']?.('setPresence', { presence: 'asleep' })),
        network: await answer(fetch('http://127.0.0.1:9/')),
        opened: window.open('https://example.org/') === null,
        inline: (() => {
          const script = document.createElement('script');
          script.textContent = 'window.injected = true';
          document.head.append(script);
          return 'injected' in window;
        })(),
      };
    });
    assert.deepEqual(seen.keys, ['call', 'choosingKey', 'onEvent', 'onJoinLink', 'onPart']);
    assert.deepEqual(seen.node, []);
    assert.match(String(seen.unknown), /no such method/);
    assert.match(String(seen.bad), /presence/);
    assert.notEqual(seen.network, 'done');
    assert.ok(seen.opened);
    assert.equal(seen.inline, false);
  });

  test('after a crash of its page the app loads the panel again, and the node runs on', async () => {
    await openPanel(bo);
    const before = (await bo.api.call('status')).node?.id;
    const from = bo.events.length;
    await bo.inside.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await bo.until(
      (event) => event.type === 'status' && event.status.troubles.some(({ code }) => code === 'panel'),
      from,
    );
    const answers = () =>
      bo.inside.evaluate(async ({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (!contents || contents.isCrashed() || contents.isLoading()) return false;
        return (
          (await contents.executeJavaScript("corridor.call('status').then((status) => status.state)")) ===
          'running'
        );
      });
    await eventually(answers, 'the panel is loaded again');
    assert.equal((await bo.api.call('status')).node?.id, before);
  });

  test('the app runs on in the tray when a person closes the panel', async () => {
    await openPanel(bo);
    await closePanel();
    assert.equal((await bo.api.call('status')).state, 'running');
    assert.ok(existsSync(join(bo.profile, 'electron', 'panel.json')), 'its place is saved');
  });

  test('the command line reaches the app', async () => {
    const { code, output } = await run(process.execPath, [
      join(ROOT, 'dist/corridor.cjs'),
      'people',
      '--json',
      '--profile',
      dana.profile,
    ]);
    assert.equal(code, 0, output);
    assert.match(output, /"Bo"/);
  });

  async function closePanel(): Promise<void> {
    await bo.inside.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await eventually(async () => (await bo.visibleWindows()) === 0, 'the panel is hidden');
  }
});

describe('two desktops on a LAN', { ...options, skip: skip || whyNoLan() || false }, () => {
  const dir = tempFolder('desktop-lan');
  let lan: Lan;
  let apps: TwoDesktops;

  before(async () => {
    lan = createLan({ hosts: ['dana', 'bo'] });
    apps = await startOffice({
      dir,
      network: (host) => ['--interface', lan.address(host)],
      prefix: (host) => ['ip', 'netns', 'exec', lan.namespace(host)],
    });
  });
  after(async () => {
    await Promise.all([apps?.dana.stop(), apps?.bo.stop()]);
    await lan?.stop();
  });

  test('they find each other, and speech during a held talk key is heard', async () => {
    const speech = speak(dir, 'Lunch is ready in the kitchen, for whoever is hungry.');
    const { recording } = await talkByKey(apps.dana, apps.bo, speech.file);
    const heard = heardShare(speech.samples, recording, PIECE_AGREES);
    assert.ok(heard > SAME_SPEECH, `${heard} of the speech was heard`);
  });
});
