import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Status } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { CORRIDOR, Headless } from '../support/headless.ts';
import { missingPulse, startPulse } from '../support/pulse.ts';
import { missingSpeech, speak } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = new URL('../../', import.meta.url).pathname;
const skip = missingPulse() ?? missingSpeech() ?? false;

interface Ran {
  readonly exit: number;
  readonly out: string;
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv, timeout = 60_000): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout, cwd: root }, (error, stdout, stderr) =>
      resolve({
        exit: error ? (typeof error.code === 'number' ? error.code : 1) : 0,
        out: stdout + stderr,
      }),
    );
  });

describe('the front door', { timeout: 180_000 }, () => {
  const dir = tempFolder('door');

  it('the demo reports each of its steps, in order', async () => {
    const { exit, out } = await run([join(root, 'dist', 'demo.cjs'), '--json'], process.env, 120_000);
    assert.equal(exit, 0, out);
    const { ok, steps } = JSON.parse(out.trim().split('\n').at(-1) ?? '') as {
      ok: boolean;
      steps: { name: string; ok: boolean; ms: number }[];
    };
    assert.ok(ok);
    const names = ['found', 'elected', 'live', 'notified', 'stored', 'retrieved'];
    assert.deepEqual(
      steps.map(({ name }) => name),
      names,
    );
    assert.ok(
      steps.every((step) => step.ok && step.ms >= 0),
      out,
    );
  });

  it('without a display it starts all the same, says so, and serves the panel', async () => {
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
    const args = ['--profile', join(dir, 'start'), '--interface', '127.0.0.1', '--panel=0'];
    const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), ...args], { env, cwd: root });
    try {
      let out = '';
      const address = await new Promise<string>((resolve, reject) => {
        const listen = (chunk: Buffer) => {
          out += chunk.toString();
          const found = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(out)?.[0];
          if (found) resolve(found);
        };
        child.stdout.on('data', listen);
        child.stderr.on('data', listen);
        child.once('exit', () => reject(new Error(out)));
      });
      assert.match(out, /^start: there is no display here/m);
      const page = await fetch(address);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<title>Corridor<\/title>/);
    } finally {
      const exited = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await exited;
    }
  });

  it('`talk press` and `talk release` are key down and key up', { skip }, async () => {
    const pulse = await startPulse({ dir: join(dir, 'pulse'), names: ['elsewhere'] });
    const nodes: Headless[] = [];
    try {
      await pulse.loadSink('elsewhere');
      const common = { interface: '127.0.0.1', env: pulse.env };
      const ann = { ...common, name: 'Ann', extension: '101', office: 'new', speaker: 'elsewhere' };
      nodes.push(await Headless.start(ann));
      const { link } = await nodes[0]!.api.call('joinLink');
      nodes.push(await Headless.start({ ...common, name: 'Bob', extension: '102', office: link }));
      const [talker, listener] = nodes as [Headless, Headless];
      const corridor = (...args: string[]) =>
        run([CORRIDOR, ...args, '--profile', talker.profile], process.env);
      const isThere = async () =>
        (await talker.api.call('people')).some(({ presence }) => presence === 'available');
      await eventually(isThere, () => `the talker sees the listener: ${talker.output()}`);

      const playing = pulse.play(speak(dir, 'The parcel that you wait for stands at the front desk.').file);
      const pressed = await corridor('talk', 'press', '102');
      assert.equal(pressed.exit, 0, pressed.out);
      await listener.until((event) => event.type === 'sounding');
      const status = JSON.parse((await corridor('status', '--json')).out) as Status;
      assert.ok(status.talking, 'the key is held');
      const released = await corridor('talk', 'release');
      assert.equal(released.exit, 0, released.out);
      const { event } = await listener.until(
        (event) => event.type === 'message' && event.message.complete && !event.message.live,
      );
      assert.ok(event.type === 'message' && event.message.durationMs > 300);
      playing.stop();
    } finally {
      for (const node of nodes) await node.stop();
      await pulse.stop();
    }
  });
});
