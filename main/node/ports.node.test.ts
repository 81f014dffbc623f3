import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { WORKER } from '../../test/support/office.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { nodePorts, type Ports } from '../model/index.ts';
import { CorridorNode } from './corridor-node.ts';

describe('a node that is given its ports', { timeout: 240_000 }, () => {
  it('keeps all its files on that disk, and is the same node there again', async () => {
    const profile = tempFolder('ports');
    const disk = new SimulatedDisk();
    const first = await lifeOn({ ...nodePorts, disk }, profile, 'new');
    const { office } = JSON.parse(await disk.readText(join(profile, 'office.json'))) as { office: string };
    assert.deepEqual((await disk.list(profile)).map((name) => name.replace(office, 'OFFICE')).sort(), [
      ...['addresses.json', 'directory.json', 'identity.json', 'invitations-OFFICE.json'],
      ...['ledger-OFFICE.jsonl', 'office.json', 'online.json', 'settings.json', 'starts.json', 'store'],
    ]);
    assert.deepEqual(await readdir(profile), []);
    assert.deepEqual(await lifeOn({ ...nodePorts, disk }, profile), first);
  });
});

/** Starts a node and ends it. Returns who it was, and its office. */
async function lifeOn(
  ports: Ports,
  profile: string,
  office?: string,
): Promise<{ readonly id: string | undefined; readonly link: string }> {
  const options = {
    profile,
    workerPath: WORKER,
    interfaces: ['127.0.0.1'],
    ready: 'cold',
    log: () => undefined,
  } as const;
  const first = office === undefined ? {} : { office, name: 'Ann', extension: '101' };
  const node = await CorridorNode.start({ ...options, ...first }, ports);
  try {
    const { link } = await node.call('joinLink');
    const own = (await node.call('status')).node;
    return { id: own?.id, link };
  } finally {
    await node.close();
  }
}
