import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as fuses from '@electron/fuses';
import type { RemoteNode } from '../../main/transports/index.ts';
import { startDesktop, type TestDesktop } from '../support/desktop.ts';
import { startPulse, type Pulse } from '../support/pulse.ts';
import { connect, end, eventually, ROOT, run } from './desktop-app.ts';
import { electron, skip } from './two-desktops.ts';

/** In a container Chromium's sandbox and the GPU are not to be had. */
const IN_TESTS = ['--no-sandbox', '--disable-gpu'];

/** A fuse that is on is the character 1. */
const ENABLED = 0x31;

/** The app as its packages have it, here in a folder. The tests go on from one another. */
describe('the packed app', { skip, timeout: 120_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-packed-'));
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
    rmSync(dir, { recursive: true, force: true });
  });

  async function start(command: string, args: readonly string[]): Promise<void> {
    app = spawn(command, [...IN_TESTS, ...args], { env: { ...process.env, ...env }, stdio: 'ignore' });
    api = await connect(profile);
  }

  /** Its windows on the screen that are larger than a tray's icon. */
  async function panels(): Promise<readonly string[]> {
    const windows = await desk.windows('^corridor$');
    const shapes = await Promise.all(
      windows.map((window) => desk.run('xdotool', 'getwindowgeometry', '--shell', window)),
    );
    return windows.filter((_, index) => Number(/^WIDTH=(\d+)/m.exec(shapes[index] ?? '')?.[1]) > 300);
  }

  test('it starts, with the talk key and the sound it was packed with', async () => {
    const who = ['--office', 'new', '--name', 'Dana', '--extension', '101'];
    await start(program, ['--hidden', '--profile', profile, '--interface', '127.0.0.1', ...who]);
    await eventually(
      async () => (await api.call('status')).microphone.state === 'running',
      'the microphone runs',
    );
    const { state, troubles } = await api.call('status');
    assert.equal(state, 'running');
    assert.deepEqual(troubles, []);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(await panels(), [], 'it found the tray, and waits there');
  });

  test('its program is the command line too, for the shortcuts of desktops without global keys', async () => {
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

  test('its fuses hold: it is no Node.js, and nobody looks inside', async () => {
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

  test('what it puts at login starts it hidden, with the same profile', async () => {
    await api.call('setSettings', { startAtLogin: true });
    const folder = join(desk.env['XDG_CONFIG_HOME'] ?? '', 'autostart');
    await eventually(() => existsSync(folder) && readdirSync(folder).length === 1, 'the entry is there');
    const entry = readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8');
    const [command = '', ...args] = (/^Exec=(.*)$/m.exec(entry)?.[1] ?? '').split(' ');
    assert.equal(command, program);
    api.close();
    if (app) await end(app);
    await start(command, args);
    const { state, node } = await api.call('status');
    assert.deepEqual([state, node?.name], ['running', 'Dana']);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(await panels(), [], 'no panel');
    // Started once more, by hand, it shows itself.
    assert.equal((await run(program, [...IN_TESTS, '--profile', profile], { env })).code, 0);
    await eventually(async () => (await panels()).length === 1, 'the panel is shown');
  });
});

async function timed(task: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await task();
  return Math.round(performance.now() - began);
}
