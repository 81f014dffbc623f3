import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TAP_GAP_MS } from '../../main/desktop/tap-filter.ts';
import { eventually } from '../support/eventually.ts';
import { toneWav } from '../support/tone.ts';
import { eventsOf, OneDesktop } from './one-desktop.ts';
import { skip } from './two-desktops.ts';

/** What a test keeps inside the app: when the system reported each press of a shortcut. */
interface Inside {
  presses?: number[];
}

describe('keys where the app cannot see a key held', { skip, timeout: 60_000 }, () => {
  const desk = new OneDesktop();

  before(async () => {
    // As in a Wayland session: only the system's shortcuts are left, which here are those of X11.
    await desk.start({ env: { XDG_SESSION_TYPE: 'wayland' } });
    await desk.dana.inside.evaluate(({ globalShortcut }) => {
      const presses: number[] = ((globalThis as Inside).presses = []);
      const register = globalShortcut.register.bind(globalShortcut);
      globalShortcut.register = (accelerator, pressed) =>
        register(accelerator, () => {
          presses.push(performance.now());
          pressed();
        });
    });
    await desk.dana.api.call('setSettings', {
      talkKey: 'Ctrl+Alt+T',
      replyKey: 'Alt+F4',
      personKeys: [{ extension: '103', key: 'F10' }],
      answerKey: 'F7',
    });
  });
  after(() => desk.stop());

  test('the status says that the keys toggle, and which key another program has', async () => {
    await eventually(
      async () => (await sentence('toggle-keys')) !== undefined,
      'the status says that the keys toggle',
    );
    assert.match(
      (await sentence('toggle-keys')) ?? '',
      /Wayland.*Press Ctrl\+Alt\+T, F10 once to talk and once more to end/,
    );
    assert.match((await sentence('key-conflict')) ?? '', /Alt\+F4: another program has taken this key/);
    assert.equal(await sentence('talk-key'), undefined);
  });

  test('the first press begins a talk, also where it is held, and the next press ends it', async () => {
    const { dana } = desk;
    const from = dana.events.length;
    await dana.desk.key('keydown', 'F10');
    await dana.until((event) => event.type === 'capturing', from);
    // The held key repeats, and each repeat is reported as a press.
    await eventually(async () => (await pressCount()) > 3, 'the held key repeats');
    await dana.desk.key('keyup', 'F10');
    assert.equal((await dana.api.call('status')).talking?.to, '103');
    // Only this much silence tells the next press from a repeat, by the app's own clock.
    const isSilent = (_: unknown, gapMs: number) =>
      performance.now() - ((globalThis as Inside).presses?.at(-1) ?? Infinity) > gapMs;
    await eventually(() => dana.inside.evaluate(isSilent, TAP_GAP_MS), 'the key has been silent');
    await dana.desk.run('xdotool', 'key', 'F10');
    await dana.until((event) => event.type === 'talk' && event.talk === null, from);
    assert.equal(eventsOf(dana, 'capturing', from).length, 1);
  });

  test('one press answers a call, of whatever no key is held', async () => {
    const { dana, bo } = desk;
    await bo.node.call('startCall', { dial: '101', wavBase64: toneWav(20_000) });
    await eventually(
      async () => (await dana.api.call('status')).calls.some(({ isIncoming }) => isIncoming),
      'Bo rings',
    );
    await dana.desk.run('xdotool', 'key', 'F7');
    await eventually(
      async () => (await bo.node.call('status')).calls[0]?.state === 'active',
      'Bo speaks with Dana',
    );
    await bo.node.call('controlCall', { action: 'hang-up' });
  });

  function pressCount(): Promise<number> {
    return desk.dana.inside.evaluate(() => (globalThis as Inside).presses?.length ?? 0);
  }

  async function sentence(code: string): Promise<string | undefined> {
    const { troubles } = await desk.dana.api.call('status');
    return troubles.find((trouble) => trouble.code === code)?.sentence;
  }
});
