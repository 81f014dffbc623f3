import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { desktop as words } from '../../i18n/en/desktop.ts';
import { eventually } from '../support/eventually.ts';
import { ROOT } from './desktop-app.ts';
import { OneDesktop } from './one-desktop.ts';
import { screenLock } from './screen-lock.ts';
import { skip } from './two-desktops.ts';

const SCREENSHOTS = join(ROOT, 'test-results', 'screenshots');

describe('notifications of what was typed', { skip, timeout: 150_000 }, () => {
  const desk = new OneDesktop();

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await desk.start();
    await desk.dana.api.call('setPresence', { presence: 'away' });
    await eventually(
      async () => (await desk.bo.node.call('people')).some(({ presence }) => presence === 'away'),
      'Bo sees that Dana is away',
    );
  });
  after(() => desk.stop());

  test('the words stand in it; behind a locked screen the name alone does', async (t) => {
    const { dana } = desk;
    const lock = await screenLock(t, dana);
    const asked = await dana.desk.watchNotifications();
    const last = () => asked().at(-1) ?? '';
    await type('<b>Lunch</b> at noon?');
    await desk.shown(1);
    const isLeft = () => /left [0-9:]+ — #[0-9]+/.test(last());
    await eventually(
      () => isLeft() && last().includes('“&lt;b&gt;Lunch&lt;/b&gt; at noon?”'),
      'it can be read, and nothing more of it comes',
    );
    const before = asked().length;
    lock(true);
    await eventually(() => saysNameAlone(last()), 'it says the name alone');
    await dana.desk.picture(join(SCREENSHOTS, 'notification-locked.png'));
    const alone = asked().length;
    await type('The code is 7391');
    await eventually(
      async () => (await dana.api.call('messages'))[0]?.words?.text === 'The code is 7391',
      'its words are here',
    );
    // The one before may have had its time on the screen.
    await eventually(() => asked().length > alone, 'the next one is asked for');
    const open = asked().length;
    lock(false);
    await desk.deleteAll();
    await type('The door is open');
    await eventually(() => last().includes('“The door is open”'), 'behind an open screen it can be read');
    await dana.desk.picture(join(SCREENSHOTS, 'notification-typed.png'));
    const locked = asked().slice(before, open);
    assert.ok(locked.every(saysNameAlone), locked.join('\n'));
    await desk.deleteAll();
    await desk.shown(0);
  });

  /** Whether a request for a notification says who, and nothing of what or how. */
  function saysNameAlone(request: string): boolean {
    const texts = [`string "Bo"`, `string "${words.messageWaits}"`];
    return texts.every((text) => request.includes(text)) && !/Lunch|7391|102/.test(request);
  }

  async function type(text: string): Promise<void> {
    await desk.bo.node.call('talkText', { dial: '101', text, language: 'en' });
    await eventually(async () => (await desk.bo.node.call('status')).talking === null, 'Bo has finished');
  }
});
