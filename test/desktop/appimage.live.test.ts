import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { RemoteNode } from '../../main/transports/index.ts';
import { startDesktop, type TestDesktop } from '../support/desktop.ts';
import { eventually } from '../support/eventually.ts';
import { connectNode } from '../support/program.ts';
import { startPulse, type Pulse } from '../support/pulse.ts';
import { story } from '../support/story.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { IN_CONTAINER, run } from './desktop-app.ts';
import { makePackage, ProgramGroup, skip } from './made-package.ts';

/** Started without FUSE, which a container does not have. */
const UNPACKED = '--appimage-extract-and-run';

describe('the AppImage', { skip, timeout: 300_000 }, () => {
  const dir = tempFolder('appimage');
  const profile = join(dir, 'profile');
  // It unpacks itself into the folder for temporary files.
  const env = { TMPDIR: dir };
  let desk: TestDesktop;
  let pulse: Pulse;
  let app: ProgramGroup | undefined;
  let api: RemoteNode | undefined;
  let file: string;

  before(async () => {
    ({ file } = await makePackage('AppImage', dir));
    desk = await startDesktop({ dir: join(dir, 'desk') });
    pulse = await startPulse({ dir: join(dir, 'pulse') });
  });
  after(async () => {
    api?.close();
    await app?.end();
    await Promise.all([desk?.stop(), pulse?.stop()]);
  });

  const step = story('a person starts it and uses it as the command line');

  step('its menu entry is valid and leaves the sandbox on', () => {
    execFileSync(file, ['--appimage-extract', 'corridor.desktop'], { cwd: dir, stdio: 'ignore' });
    const entry = join(dir, 'squashfs-root', 'corridor.desktop');
    execFileSync('desktop-file-validate', [entry]);
    assert.match(readFileSync(entry, 'utf8'), /^Exec=AppRun %U$/m);
  });

  step('it starts, and opens the microphone', async () => {
    const who = ['--interface', '127.0.0.1', '--office', 'new', '--name', 'Dana', '--extension', '101'];
    const args = [UNPACKED, ...IN_CONTAINER, '--hidden', '--profile', profile, ...who];
    app = new ProgramGroup([file, ...args], { ...process.env, ...desk.env, ...pulse.env, ...env });
    const node = (api = await connectNode(profile));
    await eventually(
      async () => (await node.call('status')).microphone.state === 'running',
      'the microphone runs',
    );
    const { state, troubles } = await node.call('status');
    assert.deepEqual([state, troubles], ['running', []]);
    assert.equal(/This is a try-out/.test(app.said), basename(file).includes('-tryout-'), app.said);
  });

  step('it is the command line too', async () => {
    const { code, output } = await run(
      file,
      [UNPACKED, '--no-sandbox', 'status', '--json', '--profile', profile],
      { env },
    );
    assert.equal(code, 0, output);
    assert.match(output, /"name":"Dana"/);
  });
});
