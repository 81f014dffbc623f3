import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { DesktopApp, ROOT } from './desktop-app.ts';
import { electron, skip } from './two-desktops.ts';

/** Electron's security checklist by its numbers, as far as a running app can show it. ARCHITECTURE.md has all of it. */
describe('a panel page that an attacker controls', { skip, timeout: 60_000 }, () => {
  const dir = tempFolder('security');
  let app: DesktopApp;
  let page: Page;

  before(async () => {
    app = await DesktopApp.start({ electron: electron.path, dir, args: ['--interface', '127.0.0.1'] });
    page = await app.inside.firstWindow();
    await page.waitForLoadState();
  });
  after(async () => {
    await app?.stop();
  });

  test('its window is isolated, sandboxed and without Node (2, 3, 4, 6, 8, 9, 10)', async () => {
    const preferences = await app.inside.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      const all = contents.getLastWebPreferences();
      const names = ['contextIsolation', 'sandbox', 'nodeIntegration', 'nodeIntegrationInWorker'];
      names.push('nodeIntegrationInSubFrames', 'webSecurity', 'allowRunningInsecureContent');
      names.push('experimentalFeatures', 'webviewTag', 'enableBlinkFeatures');
      // A preference that is not set is off.
      return Object.fromEntries(names.map((name) => [name, Boolean(all[name])]));
    });
    assert.deepEqual(preferences, {
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      enableBlinkFeatures: false,
    });
    const found = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter((name) => name in window),
    );
    assert.deepEqual(found, []);
  });

  test('it comes from its own scheme, and reads no file and no network (1, 18)', async () => {
    let hits = 0;
    const server = createServer((_request, response) => {
      hits += 1;
      response.setHeader('Access-Control-Allow-Origin', '*').end('reached');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      assert.equal(await page.evaluate(() => location.origin), 'corridor-panel://panel');
      const addresses = [outside, outside.replace('http', 'ws'), 'file:///etc/passwd', 'corridor://dial/20'];
      const fetched = (from: Page, to: string) =>
        from.evaluate(
          (address) =>
            fetch(address).then(
              () => 'read',
              () => 'refused',
            ),
          to,
        );
      for (const address of addresses) assert.equal(await fetched(page, address), 'refused', address);
      // The session refuses them to a page without the panel's policy, too.
      const loaded = await app.inside.evaluate(
        async ({ BrowserWindow }, wanted) => {
          const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
          const results: string[] = [];
          await window.loadURL('data:text/html,<p>plain');
          for (const address of wanted) {
            const ask = `fetch(${JSON.stringify(address)}, { mode: 'no-cors' }).then(() => 'read', () => 'refused')`;
            results.push((await window.webContents.executeJavaScript(ask)) as string);
          }
          window.destroy();
          return results;
        },
        [outside, 'file:///etc/passwd'],
      );
      assert.deepEqual(loaded, ['refused', 'refused']);
      assert.equal(hits, 0);
    } finally {
      server.close();
    }
  });

  test('it gets no permission and no device (5)', async () => {
    const asked = await page.evaluate(async () => {
      const name = (promise: Promise<unknown>) =>
        promise.then(
          () => 'allowed',
          (error: Error) => error.name,
        );
      const state = async (permission: string) =>
        (await navigator.permissions.query({ name: permission as PermissionName })).state;
      return {
        microphone: await name(navigator.mediaDevices.getUserMedia({ audio: true })),
        screen: await name(navigator.mediaDevices.getDisplayMedia()),
        notifications: await Notification.requestPermission(),
        geolocation: await state('geolocation'),
        clipboard: await state('clipboard-read'),
      };
    });
    assert.notEqual(asked.microphone, 'allowed');
    assert.notEqual(asked.screen, 'allowed');
    assert.deepEqual(
      [asked.notifications, asked.geolocation, asked.clipboard],
      ['denied', 'denied', 'denied'],
    );
  });

  test('a script, an event handler and a frame that are put into it do not run (7)', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = "script"';
      document.head.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.injected = "handler"');
      // After the attribute's handler, which the browser calls first.
      const failed = new Promise((resolve) => image.addEventListener('error', resolve));
      image.src = 'data:,';
      document.body.append(image);
      // The browser itself must call this: code that the debugger calls may evaluate.
      const evaluated = new Promise((resolve) =>
        setTimeout(() => {
          try {
            // eslint-disable-next-line @typescript-eslint/no-implied-eval
            (new Function('window.injected = "eval"') as () => void)();
            resolve('yes');
          } catch (error) {
            resolve((error as Error).name);
          }
        }),
      );
      const frame = document.createElement('iframe');
      frame.src = 'corridor-panel://panel/index.html';
      // A frame that is refused loads, too: an error page of another origin.
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      document.body.append(frame);
      return Promise.all([evaluated, failed, loaded]).then(([result]) => {
        const framed = frame.contentDocument !== null;
        frame.remove();
        image.remove();
        return { injected: 'injected' in window, evaluated: result, framed };
      });
    });
    assert.deepEqual(ran, { injected: false, evaluated: 'EvalError', framed: false });
  });

  test('it goes nowhere and opens nothing (11, 12, 13, 14, 15)', async () => {
    const home = page.url();
    const opened = await page.evaluate(() => {
      const view = document.createElement('webview');
      view.setAttribute('src', 'https://example.org/');
      document.body.append(view);
      const link = document.createElement('a');
      link.href = 'https://example.org/';
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.remove();
      view.remove();
      return [window.open('https://example.org/'), window.open('corridor-panel://panel/index.html')].map(
        (opens) => opens !== null,
      );
    });
    assert.deepEqual(opened, [false, false]);
    // The browser refuses some by itself and says so on the console; the others come to the app, which prevents them.
    const refused: string[] = [];
    page.on('console', (message) => refused.push(message.text()));
    await app.inside.evaluate(({ webContents }) => {
      const state = globalThis as { prevented?: string[] };
      const prevented: string[] = (state.prevented = []);
      webContents.getAllWebContents()[0]?.on('will-navigate', (event) => {
        if (event.defaultPrevented) prevented.push(event.url);
      });
    });
    const prevented = () =>
      app.inside.evaluate(() => (globalThis as { prevented?: string[] }).prevented ?? []);
    for (const address of [
      'https://example.org/',
      'file:///etc/passwd',
      'data:text/html,x',
      'corridor://dial/20',
    ]) {
      await page.evaluate((to) => void (location.href = to), address);
      await eventually(
        async () => [...refused, ...(await prevented())].some((text) => text.includes(address)),
        () => `${address} is refused; console: ${refused.join(' | ')}`,
      );
      assert.equal(page.url(), home, address);
    }
    assert.equal(
      await app.inside.evaluate(({ webContents }) => webContents.getAllWebContents().length),
      1,
      'there is one page',
    );
  });

  test('the app answers no other page, also with the same preload (17)', async () => {
    const answers = await app.inside.evaluate(
      async ({ BrowserWindow }, preload) => {
        const asked: string[] = [];
        for (const url of ['data:text/html,<p>evil', 'corridor-panel://panel/index.html']) {
          const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
          await window.loadURL(url);
          const ask = "corridor.call('status').then(() => 'answered', (error) => error.message)";
          asked.push((await window.webContents.executeJavaScript(ask)) as string);
          window.destroy();
        }
        return asked;
      },
      join(ROOT, 'dist', 'preload.cjs'),
    );
    assert.deepEqual(answers, ['Only the panel may call.', 'Only the panel may call.']);
  });

  test('it reaches only the one API of the program (20)', async () => {
    const reached = await page.evaluate(() => {
      const { corridor } = window as unknown as { corridor: Record<string, unknown> };
      return Object.entries(corridor)
        .map(([name, value]) => `${name}: ${typeof value}`)
        .sort();
    });
    assert.deepEqual(reached, [
      'call: function',
      'choosingKey: function',
      'onEvent: function',
      'onJoinLink: function',
      'onPart: function',
    ]);
    const changed = await page.evaluate(async () => {
      // The page's changes to its own built-ins do not reach the preload's.
      const { push } = Array.prototype;
      Array.prototype.push = () => 0;
      Object.defineProperty(Object.prototype, 'method', { get: () => 'joinLink', configurable: true });
      const { corridor } = window as unknown as {
        corridor: { call(method: string): Promise<{ state: string }> };
      };
      try {
        return (await corridor.call('status')).state;
      } finally {
        Array.prototype.push = push;
        delete (Object.prototype as { method?: unknown }).method;
      }
    });
    assert.equal(changed, 'setup');
  });

  test('the session keeps no cookies', async () => {
    const cookies = await app.inside.evaluate(
      async ({ session }) => (await session.defaultSession.cookies.get({})).length,
    );
    assert.equal(cookies, 0);
  });
});
