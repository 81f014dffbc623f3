import { join } from 'node:path';
import { writeWav } from '../../native-audio/index.ts';
import { DesktopApp } from '../desktop/desktop-app.ts';
import { Headless } from '../support/headless.ts';
import { Listener } from '../support/listener.ts';
import { delay, eventually } from '../support/eventually.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';
import { steady } from './voice.ts';

const CLICKS = 20;
const LOUD = 0.003;

/** From a click in the tray's menu to the first sound of the message, in the real app: the click's own way is in it. */
export async function measureTray(electron: string, dir: string): Promise<Measured[]> {
  const network = ['--interface', '127.0.0.1'];
  const app = await DesktopApp.start({
    electron,
    dir: join(dir, 'tray'),
    args: [...network, '--office', 'new', '--name', 'Ana', '--extension', '101', '--speaker', 'speaker'],
  });
  let bo: Headless | undefined;
  let ear: Listener | undefined;
  try {
    // The menu is made anew whenever it changes; the one that begins with what is unheard is the tray's.
    await app.inside.evaluate(({ Menu }) => {
      const state = globalThis as { menu?: Electron.Menu };
      const build = Menu.buildFromTemplate.bind(Menu);
      Menu.buildFromTemplate = (template) => {
        const menu = build(template);
        if (menu.items[0]?.label.startsWith('Play') === true) state.menu = menu;
        return menu;
      };
    });
    const { link } = await app.api.call('joinLink');
    const profile = join(dir, 'tray', 'bo');
    bo = await Headless.start({
      name: 'Bo',
      extension: '102',
      office: link,
      interface: '127.0.0.1',
      profile,
    });
    await app.api.call('setPresence', { presence: 'away' });
    const caller = bo.api;
    await eventually(
      async () => (await caller.call('people')).some(({ presence }) => presence === 'away'),
      'Bo sees Ana',
      20_000,
    );
    ear = await Listener.start(app.pulse, 'speaker.monitor');
    const wavBase64 = Buffer.from(writeWav(steady(1))).toString('base64');
    const found: number[] = [];
    for (let click = 0; click < CLICKS; click++) {
      const seen = app.events.length;
      const { id } = await caller.call('talkRecording', { dial: '101', wavBase64 });
      await app.until(
        (event) => event.type === 'message' && event.message.id === id && event.message.complete,
        seen,
      );
      await delay(200);
      const clicked = performance.now();
      await app.inside.evaluate(() => {
        const { menu } = globalThis as { menu?: Electron.Menu };
        // The first choice plays what is unheard.
        menu?.items[0]?.click();
      });
      await delay(600);
      const sounded = ear.firstSound(clicked, 550, LOUD);
      if (sounded !== undefined) found.push(sounded - clicked);
      await app.api.call('playback', { action: 'stop' });
      await delay(300);
      ear.forget();
    }
    if (found.length < CLICKS / 2) throw new Error(`only ${found.length} of ${CLICKS} clicks were heard`);
    return [measured('tray-to-sound', 'ms', found, 'p95 ≤ 100')];
  } finally {
    ear?.stop();
    await bo?.stop();
    await app.stop();
  }
}
