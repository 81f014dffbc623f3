import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { nodePorts } from '../model/index.ts';
import { closeProfileFolder, openProfileFolder } from './profile-folder.ts';

const CHILD = fileURLToPath(new URL('./profile-crash.child.ts', import.meta.url));

/* Every change is tried on a simulated disk (profile-folder.test); some here on a real one, with a real kill. */
for (const change of [3, 17, 34, 52, 90])
  void test(`killed at change ${change} of the disk, a profile opens with all that was promised`, async () => {
    const folder = join(tempFolder('profile'), 'profile');
    const child = spawn(process.execPath, [CHILD, folder, String(change)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL');
    const last = (what: string) =>
      told
        .split('\n')
        .filter((line) => line.startsWith(`${what} `))
        .at(-1)
        ?.slice(what.length + 1);
    assert.equal(last('said'), undefined, 'nothing was damaged');

    const opened = await openProfileFolder(folder, (line) => assert.fail(line), nodePorts);
    const { identity, profile, starts, addresses, damaged } = opened;
    assert.deepEqual(damaged, []);
    const node = last('node');
    if (node !== undefined) assert.equal(identity.nodeId, node);
    // The next name may have come to the disk as well, before it was told.
    const round = Number(last('name')?.split(' ')[1] ?? 0);
    assert.ok(
      [round === 0 ? null : `Dana ${round}`, `Dana ${round + 1}`].includes(profile.settings.name),
      `${profile.settings.name} after ${round}`,
    );
    assert.ok((await starts.next()) > Number(last('boot') ?? 0));
    const given = last('address');
    if (given !== undefined) assert.ok(addresses.given.some(({ host }) => host === given));
    await closeProfileFolder(opened);
  });
