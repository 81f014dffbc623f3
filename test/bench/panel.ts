import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { DesktopApp } from '../desktop/desktop-app.ts';
import { writeFullOffice } from '../support/full-office.ts';
import { delay, eventually } from '../support/eventually.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

const WINDOWS = 9;
const WORDS = ['keller', 'sato', 'mei-lin', 'chandra', 'dubois', '2310', 'ortega', 'weiß'];
/** From the window's first paint until somebody types: the last of nine windows has just been opened. */
const SETTLE_MS = 1000;
const SCROLL_FRAMES = 400;
/** A fast flick of the wheel, a frame. */
const SCROLL_STEP_PX = 160;

/** The panel of somebody with 500 colleagues and 2,000 messages, in the real app. */
export async function measurePanel(electron: string, dir: string): Promise<Measured[]> {
  const office = await writeFullOffice({ profile: join(dir, 'panel', 'profile') });
  const app = await DesktopApp.start({
    electron,
    dir: join(dir, 'panel'),
    args: ['--interface', '127.0.0.1', '--ready', 'cold'],
  });
  try {
    let { page, ms } = await firstPaint(app, office.unheard);
    const paints = [ms];
    while (paints.length < WINDOWS) {
      ({ page, ms } = await firstPaint(app, office.unheard));
      paints.push(ms);
    }
    await page.evaluate(FRAMES);
    await delay(SETTLE_MS);
    const keystrokes = await filter(page);
    const frames = await scroll(page);
    return [
      measured('first-paint', 'ms', paints, 'median ≤ 500'),
      measured(
        'filter-500-people',
        'ms',
        keystrokes.map(({ workMs }) => workMs),
        'p95 ≤ 16, work of a keystroke',
      ),
      measured(
        'filter-500-painted',
        'ms',
        keystrokes.map(({ paintedMs }) => paintedMs),
        'with the wait for the next frame',
      ),
      {
        ...measured('scroll-2000-messages', 'ms', frames, 'median; longest frame ≤ 33'),
        p95: Math.max(...frames),
      },
    ];
  } finally {
    await app.stop();
  }
}

/** The window is made anew; from there to its first contents, ms. */
async function firstPaint(
  app: DesktopApp,
  unheard: number,
): Promise<{ readonly page: Page; readonly ms: number }> {
  const opened = app.inside.waitForEvent('window');
  await app.inside.evaluate(({ BrowserWindow, app: electron }) => {
    const state = globalThis as { createdAt?: number };
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    electron.once(
      'browser-window-created',
      () => (state.createdAt = performance.timeOrigin + performance.now()),
    );
    electron.emit('activate');
  });
  const page = await opened;
  await page.getByText(en.unheardCount(unheard)).first().waitFor();
  // The page may know the text before the browser knows when it was painted.
  const painted = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [first] = list.getEntriesByName('first-contentful-paint');
          if (first) resolve(performance.timeOrigin + first.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  const created = await app.inside.evaluate(
    () => (globalThis as { createdAt?: number }).createdAt ?? Number.NaN,
  );
  return { page, ms: painted - created };
}

/**
 * Notes for each keystroke in the field how long it kept the page busy, and when it was on the screen. Busy is what runs
 * between the first and the last listener of the event, with what the panel's own listener leaves to microtasks, and
 * then the frame; not the wait between them.
 */
const FRAMES = `
  window.keystrokes = [];
  window.afterTask = (done) => { const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0); };
  document.querySelector('#find').addEventListener('input', () => {
    const began = performance.now();
    let work = 0;
    window.addEventListener('input', () => (work = performance.now() - began), { once: true });
    requestAnimationFrame(() => {
      const frame = performance.now();
      window.afterTask(() => {
        const painted = performance.now();
        window.keystrokes.push({ workMs: work + painted - frame, paintedMs: painted - began });
      });
    });
  }, { capture: true });
`;

async function filter(page: Page): Promise<{ workMs: number; paintedMs: number }[]> {
  const field = page.getByLabel(en.findLabel);
  let count = 0;
  for (const word of WORDS) {
    await field.focus();
    await page.keyboard.press('Control+a');
    for (const key of word) {
      await page.keyboard.insertText(key);
      count += 1;
      await eventually(async () => (await page.evaluate('keystrokes.length')) === count, 'the frame');
    }
  }
  await page.keyboard.press('Escape');
  return page.evaluate('keystrokes');
}

/** How long each frame took while the messages fly by, ms. */
async function scroll(page: Page): Promise<number[]> {
  const list = page.getByRole('list', { name: en.messages });
  await list.hover();
  return list.evaluate(
    (element, { frames, step }) =>
      new Promise<number[]>((resolve) => {
        const took: number[] = [];
        let last = 0;
        const next = (now: number): void => {
          if (last > 0) took.push(now - last);
          last = now;
          if (took.length >= frames) return resolve(took);
          element.scrollTop += step;
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    { frames: SCROLL_FRAMES, step: SCROLL_STEP_PX },
  );
}
