import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TAP_GAP_MS } from '../../main/desktop/tap-filter.ts';
import { eventually } from './desktop-app.ts';
import { OneDesktop, told } from './one-desktop.ts';
import { skip } from './two-desktops.ts';

describe('where a held key cannot be seen', { skip, timeout: 60_000 }, () => {
  const desk = new OneDesktop();

  before(async () => {
    // As in a session of Wayland: what is left are the system's shortcuts, which here are X11's.
    await desk.start({ env: { XDG_SESSION_TYPE: 'wayland' } });
    await desk.dana.api.call('setSettings', {
      talkKey: 'Ctrl+Alt+T',
      replyKey: 'Alt+F4',
      personKeys: [{ extension: '103', key: 'F10' }],
    });
  });
  after(() => desk.stop());

  test('it is said what the keys do instead, and which of them another program has', async () => {
    await eventually(async () => (await sentence('toggle-keys')) !== undefined, 'it is said');
    assert.match(
      (await sentence('toggle-keys')) ?? '',
      /Wayland.*Press Ctrl\+Alt\+T, F10 once to talk and once more to end/,
    );
    assert.match((await sentence('key-conflict')) ?? '', /Alt\+F4: another program has taken this key/);
    assert.equal(await sentence('talk-key'), undefined);
  });

  test('pressed once it begins, held or not, and pressed again it ends', async () => {
    const { dana } = desk;
    const from = dana.events.length;
    await dana.desk.key('keydown', 'F10');
    await dana.until((event) => event.type === 'capturing', from);
    // Longer than until the key repeats.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await dana.desk.key('keyup', 'F10');
    assert.equal((await dana.api.call('status')).talking?.to, '103');
    // By the app's own clock, after what the key told it.
    await dana.inside.evaluate(
      (_, ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      TAP_GAP_MS + 100,
    );
    await dana.desk.run('xdotool', 'key', 'F10');
    await dana.until((event) => event.type === 'talk' && event.talk === null, from);
    assert.equal(told(dana, 'capturing', from).length, 1);
  });

  async function sentence(code: string): Promise<string | undefined> {
    const { troubles } = await desk.dana.api.call('status');
    return troubles.find((trouble) => trouble.code === code)?.sentence;
  }
});
