import { performance } from 'node:perf_hooks';
import { loadOrCreateIdentity } from '../../main/identity/index.ts';
import { nextTurn, nodePorts, toBase64url, type KnownNode, type NodeId } from '../../main/model/index.ts';
import { Composer } from '../../main/messages/compose.ts';
import { SenderKeys } from '../../main/messages/sender-keys.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

const ROUNDS = 9;

/** What the talker's key press waits for where there are many recipients. */
export async function measureHeader(): Promise<Measured[]> {
  const [few, many] = [await measureHeaders(1), await measureHeaders(250)];
  return [
    measured('header-1', 'ms', [...few.ownKeysMs], 'measured'),
    measured('header-250-own-keys', 'ms', [...many.ownKeysMs], 'measured'),
    measured('sender-key-250', 'ms', [...many.senderKeyMs], 'before the key is pressed'),
    measured('header-250', 'ms', [...many.sharedMs], 'as to one'),
  ];
}

interface HeaderCost {
  /** Each header with a key for each recipient, ms. */
  readonly ownKeysMs: readonly number[];
  /** Making a sender key for them, ms: before the key is pressed. */
  readonly senderKeyMs: readonly number[];
  /** Each header under a sender key that is there, ms. */
  readonly sharedMs: readonly number[];
}

/** What a talker does at key down for this many recipients. */
async function measureHeaders(count: number): Promise<HeaderCost> {
  const folder = tempFolder('header');
  const identity = await loadOrCreateIdentity(folder);
  const { clock, random } = nodePorts;
  const recipients = manyAs(identity, count);
  const office = {
    ...{ readsSheets: () => true, isMember: () => true },
    ...{ switchNode: undefined, standbyNode: undefined, online: [] },
  };
  const cost = { ownKeysMs: [] as number[], senderKeyMs: [] as number[], sharedMs: [] as number[] };
  const addressing = { recipients, from: '101', to: '600' };
  for (let round = 0; round < ROUNDS; round++) {
    const alone = new Composer({ identity, clock, random });
    cost.ownKeysMs.push(await timed(() => alone.header(alone.draft(), addressing)));
    const senderKeys = new SenderKeys({ identity, office, clock, random, nextTurn });
    const shared = new Composer({ identity, clock, random, senderKeys });
    cost.senderKeyMs.push(await timed(async () => senderKeys.for(recipients)));
    cost.sharedMs.push(await timed(() => shared.header(shared.draft(), addressing)));
  }
  return cost;
}

/** All with one key: what a wrap costs does not depend on whose it is. */
function manyAs(
  {
    hpkePublicKey,
    signingKeySpki,
  }: { readonly hpkePublicKey: Uint8Array; readonly signingKeySpki: Uint8Array },
  count: number,
): KnownNode[] {
  return Array.from({ length: count }, (_, n) => {
    const id = Buffer.alloc(16);
    id.writeUInt32BE(n + 1);
    const node = toBase64url(id) as NodeId;
    return {
      ...{ v: 1, node, person: node, revision: 1, name: `Person ${n}`, extension: '', presence: 'available' },
      ...{ signingKey: toBase64url(signingKeySpki), hpkeKey: toBase64url(hpkePublicKey) },
      endpoints: { address: '127.0.0.1', control: 1, beat: 1, media: 1 },
    };
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
