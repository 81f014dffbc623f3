import type { TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { PossessionProof, signReceipt } from '../identity/index.ts';
import { nextTurn, type Receipt, type ReceiptState } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { keep } from './test-kept.ts';
import { newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

export const MINUTE_MS = 60_000;
export const UNDO_MS = 10_000;

/** Ann talked to Bob, who is away. She follows the hub, whose standby is Cleo; Dan is there, too. */
export async function annAndHolders(t: TestContext) {
  const ann = await Desk.open(t, '101');
  const [bob, hub, cleo, dan] = await Promise.all(
    ['102', '103', '104', '105'].map((extension) => newPerson(t, extension)),
  );
  const people = { bob, hub, cleo, dan } as Readonly<Record<'bob' | 'hub' | 'cleo' | 'dan', Person>>;
  const { office, store, time } = ann;
  office.know(people.hub, people.cleo, people.dan);
  const link = (person: Person) => new HandLink(person.record.node);
  const [upstream, toCleo, toDan] = [link(people.hub), link(people.cleo), link(people.dan)];
  office.upstream = upstream;
  office.switchNode = upstream.peer;
  office.standbyNode = toCleo.peer;
  for (const visit of [toCleo, toDan]) office.visits.set(visit.peer, visit);
  const spoken = await speak(ann, [people.bob], { time });
  await keep(ann, spoken, { mine: 'talker' });
  let n = 0;
  /** What somebody says of holding it: signed, and as it may not be. */
  const say = (person: Person, from: HandLink, state: ReceiptState, more: Partial<Receipt> = {}) => {
    const { node, store: storeId } = person.record;
    const facts: Receipt = {
      ...{ v: 1, id: spoken.id, node, state, at: time.now(), n: (n += 1), store: storeId! },
      ...more,
    };
    ann.messages.frame({ type: 'receipt', receipt: signReceipt(person.identity, facts) }, from);
  };
  const copies = () => ann.messages.copies(store.get(spoken.id)!);
  const outbox = () => ann.messages.outbox().length;
  return { ann, ...people, upstream, toCleo, toDan, spoken, say, copies, outbox, time, office, store };
}

/** Answers what was asked last over this link, as whoever has these fragments can. */
export async function answer(
  { ann, spoken }: { readonly ann: Desk; readonly spoken: Spoken },
  link: HandLink,
  change: {
    readonly fragments?: Spoken['fragments'];
    readonly holder?: Person;
    readonly nonce?: string;
  } = {},
): Promise<void> {
  const asked = link.of('prove').length;
  await until(() => link.of('prove').length > 0, 'the question');
  const { nonce } = link.of('prove')[asked === 0 ? 0 : asked - 1]!;
  const proof = new PossessionProof({
    id: spoken.id,
    holder: change.holder?.record.node ?? link.peer,
    nonce: change.nonce ?? nonce,
  });
  for (const { bytes } of change.fragments ?? spoken.fragments) proof.add(bytes);
  ann.messages.frame({ type: 'proof', id: spoken.id, nonce, proof: proof.digest() }, link);
}

/** The room has done what it does with what came. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
}
