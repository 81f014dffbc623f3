import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { flash as texts } from '../../i18n/en/shared.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { peakOf } from '../../native-audio/index.ts';
import { eventually } from '../support/eventually.ts';
import { SCREENSHOTS } from '../support/panel-look.ts';
import { toneWav } from '../support/tone.ts';
import { OneDesktop } from './one-desktop.ts';
import { openPanel } from './open-panel.ts';
import { skip } from './two-desktops.ts';

/** The peak of a ring, of 1, is above this; of silence below. */
const AUDIBLE = 0.01;
/** A point of the plate with the text. */
const PLATE = { x: 640, y: 130 };

describe('flashes of the screen instead of sounds', { skip, timeout: 180_000 }, () => {
  const desk = new OneDesktop();
  let page: Page;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await desk.start();
    await desk.dana.api.call('setSettings', { signals: 'flash' });
    // Before any other: it is then the first of the app's windows.
    page = await openPanel(desk.dana);
  });
  after(() => desk.stop());

  test('a page lights up every screen, says who pages, and takes no focus', async () => {
    const { dana, bo } = desk;
    await bo.node.call('talkRecording', { dial: '101', page: {}, wavBase64: toneWav(3000) });
    for (const window of await lit(texts.pages('Bo'))) {
      assert.deepEqual([window.isFocusable, window.isFocused, window.isOnTop], [false, false, true]);
      for (const side of ['x', 'y', 'width', 'height'] as const)
        assert.ok(Math.abs(window.bounds[side] - window.screen[side]) <= 1, 'it has the whole screen');
    }
    await eventually(isBlue, 'the edge lights up');
    await dana.desk.picture(join(SCREENSHOTS, 'flash-page.png'));
    await dark();
  });

  test('a call flashes as long as it rings, without a sound, and gives clicks to the window below', async () => {
    const { dana, bo } = desk;
    const settings = page.getByRole('button', { name: en.settings });
    await putUnderPlate();
    const active = await dana.desk.run('xdotool', 'getactivewindow');
    const recording = await dana.pulse.record();
    await bo.node.call('startCall', { dial: '101' });
    await lit(texts.calls('Bo'));
    await eventually(isBlue, 'the edge lights up');
    await dana.desk.picture(join(SCREENSHOTS, 'flash-call.png'));
    await recording.holds(3000);
    assert.ok(peakOf(await recording.stop()) < AUDIBLE, 'it does not ring aloud');
    assert.equal((await overlays()).length, 1, 'it goes on');
    assert.equal(
      await dana.desk.run('xdotool', 'getactivewindow'),
      active,
      'the keyboard stays where it was',
    );
    await dana.desk.run('xdotool', 'mousemove', String(PLATE.x), String(PLATE.y), 'click', '1');
    await page.getByRole('navigation', { name: en.settings }).waitFor();
    assert.equal((await overlays()).length, 1, 'the click ended no flash');
    await bo.node.call('controlCall', { action: 'hang-up' });
    await dark();

    /** Moves the panel so that its button for the settings is below the plate with the text. */
    async function putUnderPlate(): Promise<void> {
      await dana.inside.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.setContentBounds({ x: 300, y: 200, width: 400, height: 600 });
      });
      const box = await settings.boundingBox();
      assert.ok(box);
      const { x, y } = await dana.inside.evaluate(
        ({ BrowserWindow }, { middle, plate }) => {
          const window = BrowserWindow.getAllWindows()[0];
          const bounds = window?.getContentBounds();
          if (!window || !bounds) throw new Error('there is no panel');
          window.setContentBounds({ ...bounds, x: plate.x - middle.x, y: plate.y - middle.y });
          return window.getContentBounds();
        },
        {
          middle: { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) },
          plate: PLATE,
        },
      );
      assert.ok(x > 0 && y > 0);
    }
  });

  test('with both it rings as well, and a locked screen ends the flash', async () => {
    const { dana, bo } = desk;
    await dana.api.call('setSettings', { signals: 'both' });
    const recording = await dana.pulse.record();
    await bo.node.call('startCall', { dial: '101' });
    await lit(texts.calls('Bo'));
    await recording.holds(3000);
    assert.ok(peakOf(await recording.stop()) > AUDIBLE, 'it rings');
    await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
    await dark();
    await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('unlock-screen'));
    await lit(texts.calls('Bo'));
    await bo.node.call('controlCall', { action: 'hang-up' });
    await dark();
  });

  /** The windows that flash: only they have a page of their own. */
  function overlays() {
    return desk.dana.inside.evaluate(({ BrowserWindow, screen }) =>
      BrowserWindow.getAllWindows()
        .filter((window) => window.webContents.getURL().startsWith('data:') && window.isVisible())
        .map((window) => ({
          ...{ isFocusable: window.isFocusable(), isFocused: window.isFocused() },
          ...{ isOnTop: window.isAlwaysOnTop(), says: window.webContents.getTitle() },
          ...{ bounds: window.getBounds(), screen: screen.getDisplayMatching(window.getBounds()).bounds },
        })),
    );
  }

  /** Whether the left edge of the screen has the colour of a flash. */
  async function isBlue(): Promise<boolean> {
    const pixel = ['-window', 'root', '-crop', '1x1+5+450', '-depth', '8', 'txt:-'];
    return /#1F5FCC/i.test(await desk.dana.desk.run('import', ...pixel));
  }

  async function lit(says: string): ReturnType<typeof overlays> {
    let shown: Awaited<ReturnType<typeof overlays>> = [];
    await eventually(async () => {
      shown = await overlays();
      return shown.length > 0 && shown.every((window) => window.says === says);
    }, `every screen says: ${says}`);
    return shown;
  }

  async function dark(): Promise<void> {
    await eventually(async () => (await overlays()).length === 0, 'the flash is over');
  }
});
