import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { MessageId } from '../model/index.ts';
import type { MessageStore } from '../store/index.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Spoken } from './test-people.ts';

/** Bob is away; Ann talked to him, and what she said is kept whole. */
export async function keptByBob(t: TestContext, messages = 1) {
  const bob = await Desk.open(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  bob.office.know(ann, hub);
  bob.listener.presence = 'away';
  const kept: Spoken[] = [];
  for (let n = 0; n < messages; n += 1) {
    const spoken = await speak(ann, [bob], { time: bob.time });
    await keep(bob, spoken);
    await until(() => bob.store.get(spoken.id)?.state === 'complete', 'a whole message');
    kept.push(spoken);
    bob.time.pass(1000);
  }
  const { player } = bob.messages;
  const stored = (n: number) => bob.store.get(kept[n]!.id)!;
  const ended = (id: MessageId, reason: 'end' | 'lost' = 'end') =>
    bob.media.report({ type: 'playback-ended', id, reason });
  const playing = () => bob.media.of('play').map(({ id }) => id);
  return { ann, hub, bob, kept, player, stored, ended, playing };
}

/** As if it had come while this node kept it: straight into the store, and whole. */
export async function keep(
  { store }: Pick<Desk, 'store'>,
  { id, header, manifest, fragments }: Spoken,
  roles: Parameters<MessageStore['begin']>[2] = { mine: 'recipient' },
): Promise<void> {
  store.begin(header.signed, header.facts, roles);
  store.append(id, fragments);
  assert.equal(await store.setManifest(id, manifest.signed, manifest.facts), 'complete');
}
