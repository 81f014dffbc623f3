import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe } from 'node:test';
import { listPackage } from '@electron/asar';
import * as fuses from '@electron/fuses';
import type { RemoteNode } from '../../main/transports/index.ts';
import { startDesktop, type TestDesktop } from '../support/desktop.ts';
import { eventually } from '../support/eventually.ts';
import { connectNode } from '../support/program.ts';
import { startPulse, type Pulse } from '../support/pulse.ts';
import { story } from '../support/story.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { end, IN_CONTAINER, ROOT, run } from './desktop-app.ts';
import { electron, skip } from './two-desktops.ts';

/** The character 1, which the fuse wire holds for a fuse that is on. */
const ENABLED = 0x31;

/** The app as its packages hold it, in a folder. */
describe('the packed app', { skip, timeout: 120_000 }, () => {
  const dir = tempFolder('packed');
  const profile = join(dir, 'profile');
  const program = join(dir, 'linux-unpacked', 'corridor');
  let desk: TestDesktop;
  let pulse: Pulse;
  let app: ChildProcess | undefined;
  let api: RemoteNode;
  let env: Record<string, string>;

  before(async () => {
    desk = await startDesktop({ dir: join(dir, 'desk') });
    pulse = await startPulse({ dir: join(dir, 'pulse') });
    env = { ...desk.env, ...pulse.env };
    const packed = await run(
      join(ROOT, 'node_modules/.bin/electron-builder'),
      [
        ...['--linux', '--dir', `-c.electronDist=${dirname(electron.path)}`],
        ...[`-c.electronVersion=${electron.version}`, `-c.directories.output=${dir}`],
      ],
      { timeout: 100_000 },
    );
    assert.equal(packed.code, 0, packed.output);
  });
  after(async () => {
    api?.close();
    if (app) await end(app);
    await Promise.all([desk?.stop(), pulse?.stop()]);
  });

  async function start(command: string, args: readonly string[]): Promise<void> {
    app = spawn(command, [...IN_CONTAINER, ...args], { env: { ...process.env, ...env }, stdio: 'ignore' });
    api = await connectNode(profile);
  }

  /**
   * The app's windows that are larger than a tray icon, shown or not yet shown. The app opens its panel before its API answers: where
   * there is no window by then, none is on its way.
   */
  async function panels({ areShown }: { readonly areShown: boolean }): Promise<readonly string[]> {
    const windows = await desk.windows('^corridor$', { areShown });
    const shapes = await Promise.all(
      windows.map((window) => desk.run('xdotool', 'getwindowgeometry', '--shell', window)),
    );
    return windows.filter((_, index) => Number(/^WIDTH=(\d+)/m.exec(shapes[index] ?? '')?.[1]) > 300);
  }

  const step = story('it starts, answers the command line, keeps its fuses, and starts at login');

  step('it starts with its sound and key bindings, and waits in the tray', async () => {
    const who = ['--office', 'new', '--name', 'Dana', '--extension', '101'];
    await start(program, ['--hidden', '--profile', profile, '--interface', '127.0.0.1', ...who]);
    await eventually(
      async () => (await api.call('status')).microphone.state === 'running',
      'the microphone runs',
    );
    const { state, troubles } = await api.call('status');
    assert.equal(state, 'running');
    assert.deepEqual(troubles, []);
    assert.deepEqual(await panels({ areShown: false }), [], 'it found the tray and opened no panel');
  });

  step('it contains no code under the GPL: neither eSpeak NG nor the library that has its code in it', () => {
    const resources = join(dir, 'linux-unpacked', 'resources');
    const files = [
      ...listPackage(join(resources, 'app.asar'), { isPack: false }),
      ...readdirSync(resources, { recursive: true, encoding: 'utf8' }),
    ];
    assert.ok(
      files.some((file) => /koffi/.test(file)),
      'libraries are seen where there are some',
    );
    assert.deepEqual(
      files.filter((file) => /espeak|sherpa-onnx/i.test(file)),
      [],
    );
  });

  step('its program is the command line too, for desktops that offer no global keys', async () => {
    const status = ['status', '--json', '--profile', profile];
    const noDisplay = { DISPLAY: '', WAYLAND_DISPLAY: '' };
    const { code, output } = await run(program, ['--no-sandbox', ...status], { env: noDisplay });
    assert.equal(code, 0, output);
    assert.match(output, /"name":"Dana"/);
    const script = join(ROOT, 'dist/corridor.cjs');
    const packed = await timed(() => run(program, ['--no-sandbox', ...status]));
    const checkout = await timed(() => run(process.execPath, [script, ...status]));
    console.log(`a command takes ${packed} ms of the packed program, ${checkout} ms of Node.js alone`);
    const unknown = await run(program, ['--no-sandbox', 'dance', '--profile', profile], { env });
    assert.equal(unknown.code, 2, unknown.output);
    const app = await run(program, ['--no-sandbox', '--profile', profile], { env: noDisplay });
    assert.deepEqual([app.code, /there is no display here/.test(app.output)], [1, true], app.output);
  });

  step('its fuses hold: it does not run as Node.js, and no debugger attaches', async () => {
    const asNode = await run(program, ['-e', 'console.log("as node")'], {
      env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
      timeout: 5000,
    });
    assert.doesNotMatch(asNode.output, /as node/);
    const inspected = await run(program, ['--no-sandbox', '--inspect=0', '--profile', profile], {
      env: { ...env, NODE_OPTIONS: '--inspect=0' },
    });
    assert.doesNotMatch(inspected.output, /Debugger listening/);
    const { FuseV1Options, getCurrentFuseWire } = fuses;
    const wire = await getCurrentFuseWire(program);
    const on = Object.entries(wire)
      .filter(([fuse, state]) => fuse !== 'version' && (state as number) === ENABLED)
      .map(([fuse]) => FuseV1Options[Number(fuse)]);
    assert.deepEqual(on, ['EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar']);
  });

  step('its login entry starts it hidden, with the same profile', async () => {
    await api.call('setSettings', { startAtLogin: true });
    const folder = join(desk.env['XDG_CONFIG_HOME'] ?? '', 'autostart');
    await eventually(
      () => existsSync(folder) && readdirSync(folder).length === 1,
      'the login entry is written',
    );
    const entry = readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8');
    const [command = '', ...args] = (/^Exec=(.*)$/m.exec(entry)?.[1] ?? '').split(' ');
    assert.equal(command, program);
    api.close();
    if (app) await end(app);
    await start(command, args);
    const { state, node } = await api.call('status');
    assert.deepEqual([state, node?.name], ['running', 'Dana']);
    assert.deepEqual(await panels({ areShown: false }), [], 'it opened no panel');
    // A person who starts it again sees its panel.
    assert.equal((await run(program, [...IN_CONTAINER, '--profile', profile], { env })).code, 0);
    await eventually(async () => (await panels({ areShown: true })).length === 1, 'the panel is shown');
  });
});

async function timed(task: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await task();
  return Math.round(performance.now() - began);
}
