import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeWav } from '../../native-audio/index.ts';
import { heardShare } from '../support/correlate.ts';
import { whyNoStatusNotifier } from '../support/desktop.ts';
import { eventually } from '../support/eventually.ts';
import { speak, type Speech } from '../support/speech.ts';
import { toneWav } from '../support/tone.ts';
import { ROOT } from './desktop-app.ts';
import { eventsOf, OneDesktop } from './one-desktop.ts';
import { PIECE_AGREES, SAME_SPEECH, skip } from './two-desktops.ts';

const SCREENSHOTS = join(ROOT, 'test-results', 'screenshots');
const TEXT = 'The meeting begins at ten.';

describe('the tray on older desktops (XEmbed: tint2)', { skip, timeout: 60_000 }, () => {
  const desk = new OneDesktop();
  let speech: Speech;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await desk.start({ desk: { tray: 'xembed' } });
    speech = speak(desk.dir, TEXT);
  });
  after(() => desk.stop());

  test('the first line of its menu plays the unheard message', async () => {
    await leaveMessage(desk, speech);
    const tree = await desk.dana.desk.run('xwininfo', '-root', '-tree');
    // The icon is a window of the app inside the panel's.
    const [, width, height, x, y] = (
      /"Electron"\)\s+(2\d|3\d)x(2\d|3\d)\+0\+0\s+\+(\d+)\+(\d+)/.exec(tree) ?? []
    ).map(Number);
    assert.ok(x && y && width && height, 'the icon is on the screen');
    await playFromMenu(desk, speech, x + width / 2, y + height / 2, 'tray-menu-xembed.png');
  });
});

describe(
  'the tray on today’s desktops (StatusNotifierItem: xfce4-panel)',
  { skip: skip || (whyNoStatusNotifier() ?? false), timeout: 60_000 },
  () => {
    const desk = new OneDesktop();
    let speech: Speech;

    before(async () => {
      await desk.start({ desk: { tray: 'status-notifier' } });
      speech = speak(desk.dir, TEXT);
    });
    after(() => desk.stop());

    test('the first line of its menu plays the unheard message', async () => {
      await leaveMessage(desk, speech);
      await eventually(
        async () => (await labels()).has('Play unheard (1)'),
        'the menu counts the unheard message',
      );
      // The panel is at the bottom of the screen and holds only the tray.
      await playFromMenu(desk, speech, 12, 884, 'tray-menu-status-notifier.png');
      await eventually(
        async () => (await labels()).has('Play unheard'),
        'the menu counts no unheard message',
      );
    });

    test('a line of its menu begins a talk, another ends it', async () => {
      const { dana } = desk;
      const from = dana.events.length;
      await choose('Cy · 103');
      await dana.until((event) => event.type === 'capturing', from);
      assert.equal((await dana.api.call('status')).talking?.to, '103');
      await eventually(
        async () => (await dana.desk.notifications()) === 1,
        'a notification says how the talk ends',
      );
      await choose('Stop talking');
      await dana.until((event) => event.type === 'talk' && event.talk === null, from);
      assert.equal(eventsOf(dana, 'capturing', from).length, 1);
      await eventually(async () => (await dana.desk.notifications()) === 0, 'the notification is withdrawn');
    });

    test('a line of its menu answers a call, and another hangs up', async () => {
      const { dana, bo } = desk;
      await bo.node.call('startCall', { dial: '101', wavBase64: toneWav(60_000) });
      await choose('Answer Bo');
      await eventually(
        async () => (await bo.node.call('status')).calls[0]?.state === 'active',
        'Bo speaks with Dana',
      );
      assert.equal(await dana.visibleWindows(), 0);
      await choose('Hang up: Bo');
      await eventually(async () => (await bo.node.call('status')).calls.length === 0, 'Bo is in no call');
      await eventually(async () => !(await labels()).has('Hang up: Bo'), 'the menu has no call');
    });

    test('its menu sets the presence, also until a time', async () => {
      const { api } = desk.dana;
      const before = Date.now();
      await choose('Do not disturb for 30 minutes');
      await eventually(
        async () => (await api.call('status')).presence === 'dnd',
        'Dana does not want to be disturbed',
      );
      const { presenceUntil } = await api.call('status');
      const minutes = ((presenceUntil ?? 0) - before) / 60_000;
      assert.ok(minutes >= 30 && minutes < 31, `${minutes} minutes`);
      await choose('Available');
      await eventually(
        async () => (await api.call('status')).presence === 'available',
        'Dana is available again',
      );
    });

    test('its menu follows the language of the settings', async () => {
      const { api } = desk.dana;
      await api.call('setSettings', { language: 'de' });
      await eventually(async () => (await labels()).has('Einstellungen…'), 'the menu is German');
      await api.call('setSettings', { language: 'en' });
      await eventually(async () => (await labels()).has('Settings…'), 'the menu is English');
    });

    test('its menu opens the panel at the settings', async () => {
      const { dana } = desk;
      assert.equal(await dana.visibleWindows(), 0);
      await choose('Settings…');
      await eventually(async () => (await dana.visibleWindows()) === 1, 'the panel is shown');
      const page = await dana.inside.firstWindow();
      // The button that opens the settings closes them.
      await page.getByRole('button', { name: 'Close', expanded: true }).first().waitFor();
    });

    /** The menu as the app exports it on D-Bus: the id of each line by its label. */
    async function labels(): Promise<ReadonlyMap<string, string>> {
      const menu = '/com/canonical/dbusmenu';
      const layout = await call(menu, 'com.canonical.dbusmenu.GetLayout', '0', 'int32 -1', '@as []');
      const lines = layout.matchAll(/\((\d+), \{[^}]*'label': <'([^']*)'>/g);
      return new Map([...lines].map(([, id = '', label = '']) => [label, id]));
    }

    async function choose(label: string): Promise<void> {
      await eventually(async () => (await labels()).has(label), `the menu has ${label}`);
      const id = (await labels()).get(label) ?? '';
      const menu = '/com/canonical/dbusmenu';
      await call(menu, 'com.canonical.dbusmenu.Event', `int32 ${id}`, 'clicked', '<int32 0>', 'uint32 0');
    }

    async function call(path: string, method: string, ...args: readonly string[]): Promise<string> {
      const { desk: screen } = desk.dana;
      const bus = ['call', '--session', '--dest'];
      // The icon may own no name on the bus; the watcher knows the connection that registered it.
      const items = await screen.run(
        'gdbus',
        ...bus,
        ...['org.kde.StatusNotifierWatcher', '--object-path', '/StatusNotifierWatcher'],
        ...['--method', 'org.freedesktop.DBus.Properties.Get'],
        ...['org.kde.StatusNotifierWatcher', 'RegisteredStatusNotifierItems'],
      );
      const [, name = ''] = /'([^'/]+)\//.exec(items) ?? [];
      return screen.run('gdbus', ...bus, name, '--object-path', path, '--method', method, ...args);
    }
  },
);

/** Bo talks to Dana while she is away: she has one unheard message. */
async function leaveMessage({ dana, bo }: OneDesktop, speech: Speech): Promise<void> {
  await dana.api.call('setSettings', { notifications: false });
  await dana.api.call('setPresence', { presence: 'away' });
  await eventually(
    async () => (await bo.node.call('people')).some(({ presence }) => presence === 'away'),
    'Bo sees that Dana is away',
  );
  const wavBase64 = writeWav(speech.samples).toString('base64');
  await bo.node.call('talkRecording', { dial: '101', wavBase64 });
  await eventually(
    async () => (await dana.api.call('messages'))[0]?.complete === true,
    'the message is here',
  );
  await dana.api.call('setPresence', { presence: 'available' });
  await dana.api.call('setSettings', { notifications: true });
}

/** Opens the menu with the right mouse button, chooses its first line with the keyboard, and checks that the message is heard. */
async function playFromMenu(
  { dana }: OneDesktop,
  speech: Speech,
  x: number,
  y: number,
  picture: string,
): Promise<void> {
  const recording = await dana.pulse.record();
  const from = dana.events.length;
  const before = new Set(await dana.desk.windows('.'));
  await dana.desk.run('xdotool', 'mousemove', String(x), String(y), 'click', '3');
  // GTK gives a menu the keyboard before it shows its window.
  await eventually(
    async () => (await dana.desk.windows('.')).some((window) => !before.has(window)),
    'the menu is on the screen',
  );
  await dana.desk.picture(join(SCREENSHOTS, picture));
  await dana.desk.run('xdotool', 'key', 'Down');
  await dana.desk.run('xdotool', 'key', 'Return');
  await dana.until((event) => event.type === 'playback' && event.playback === null, from);
  const heard = heardShare(speech.samples, await recording.stop(), PIECE_AGREES);
  assert.ok(heard > SAME_SPEECH, `${heard} of the message was heard`);
}
