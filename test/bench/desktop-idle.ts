import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { ANA_ALONE, DesktopApp } from '../desktop/desktop-app.ts';
import { startDesktop } from '../support/desktop.ts';
import { delay, eventually } from '../support/eventually.ts';
import { cpuSeconds, proportionalMiB } from './idle.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

const SETTLE_MS = 8000;
const SAMPLES = 8;
const EVERY_MS = 2000;
/** Nothing but a window: what Electron itself costs. */
const BARE = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 400, height: 680 }).loadURL('data:text/html,<title>bare</title>'));`;

interface Cost {
  readonly memoryMiB: readonly number[];
  readonly cpuPercent: readonly number[];
}

/** What the app with its panel open costs above Electron's bare window: all its processes together, microphone cold. */
export async function measureDesktopIdle(electron: string, dir: string): Promise<Measured[]> {
  if (process.platform !== 'linux') return [];
  const bare = await measureBare(electron, join(dir, 'bare'));
  const app = await DesktopApp.start({
    electron,
    dir: join(dir, 'idle-app'),
    args: ANA_ALONE,
  });
  try {
    await app.inside.evaluate(({ app: inside }) => void inside.emit('activate'));
    await eventually(async () => (await app.visibleWindows()) === 1, 'the panel is open');
    const own = await cost(app.inside.process().pid ?? 0);
    const base = (values: readonly number[]): number =>
      [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
    const memory = own.memoryMiB.map((value) => value - base(bare.memoryMiB));
    const cpu = own.cpuPercent.map((value) => value - base(bare.cpuPercent));
    return [
      measured('bare-window-memory', 'MiB', [...bare.memoryMiB], 'measured'),
      measured('desktop-idle-memory', 'MiB', memory, '≤ 60 above the bare window'),
      measured('bare-window-cpu', '%', [...bare.cpuPercent], 'measured'),
      measured('desktop-idle-cpu', '%', cpu, '≤ 0.5 above the bare window'),
    ];
  } finally {
    await app.stop();
  }
}

async function measureBare(electron: string, dir: string): Promise<Cost> {
  const program = join(dir, 'program');
  mkdirSync(program, { recursive: true });
  writeFileSync(join(program, 'package.json'), '{"name":"bare","version":"1.0.0","main":"main.cjs"}');
  writeFileSync(join(program, 'main.cjs'), BARE);
  const desk = await startDesktop({ dir: join(dir, 'desk') });
  const env = { ...process.env, ...desk.env } as Record<string, string>;
  const args = ['--no-sandbox', '--disable-gpu', `--user-data-dir=${join(dir, 'data')}`, program];
  const app = await _electron.launch({ executablePath: electron, args, env });
  try {
    await app.firstWindow();
    return await cost(app.process().pid ?? 0);
  } finally {
    await app.close();
    await desk.stop();
  }
}

/** Memory is proportional: pages that processes share are counted once. */
async function cost(root: number): Promise<Cost> {
  await delay(SETTLE_MS);
  const memoryMiB: number[] = [];
  const cpuPercent: number[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const pids = family(root);
    const spent = sum(pids, cpuSeconds);
    const at = performance.now();
    await delay(EVERY_MS);
    cpuPercent.push((100 * (sum(pids, cpuSeconds) - spent)) / ((performance.now() - at) / 1000));
    memoryMiB.push(sum(family(root), proportionalMiB));
  }
  return { memoryMiB, cpuPercent };
}

/** A process and all that came of it. */
function family(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    const stat = readSafely(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const pids = [root];
  for (const pid of pids) for (const [child, parent] of parents) if (parent === pid) pids.push(child);
  return pids;
}

function sum(pids: readonly number[], of: (pid: number) => number): number {
  return pids.reduce((all, pid) => {
    try {
      return all + of(pid);
    } catch {
      // It ended meanwhile.
      return all;
    }
  }, 0);
}

function readSafely(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
