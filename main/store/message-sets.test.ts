import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { isPassing, type Header, type NodeId, type ReceiptState } from '../model/index.ts';
import { arrivalOf, isUnheard, type MessageStore, type StoredMessage } from './index.ts';
import { DANA, EVE, FINN, nodeId, openStore, receiptOf, signed, speak, type Spoken } from './test-office.ts';

/*
 * Whatever is done to a store, and however often it is opened again: each set that it keeps up to date has the messages that a look at
 * every message finds.
 */

const FOLDER = '/profile/store';
/** The same stores at every run, unless another seed is asked for: CORRIDOR_SEED=7 npm test -- message-sets. */
const CHOSEN = { numRuns: 60, seed: Number(process.env['CORRIDOR_SEED'] ?? 1) };
const NODES: readonly NodeId[] = [EVE, FINN, nodeId('Gus')];

const stepArbitrary = fc.record({
  kind: fc.constantFrom(
    ...(['begin', 'begin', 'begin', 'append', 'end', 'end', 'receipt', 'receipt', 'receipt'] as const),
    ...([
      'heard',
      'sealed',
      'ending',
      'notified',
      'roles',
      'hide',
      'hide',
      'restore',
      'erase',
      'delete',
    ] as const),
    ...(['sweep', 'pass', 'open'] as const),
  ),
  which: fc.nat(1000),
  one: fc.nat(1000),
  other: fc.nat(1000),
});
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

const among = <T>(some: readonly T[], number: number): T => some[number % some.length]!;

/** A store in use. */
class Session {
  readonly #disk = new SimulatedDisk();
  readonly #time = new VirtualTime();
  readonly #spoken: Spoken[] = [];
  store!: MessageStore;

  async open(): Promise<void> {
    const { clock, schedule } = this.#time;
    this.store = await openStore(FOLDER, { clock, schedule, disk: this.#disk, retentionMs: 3000 });
  }

  async do({ kind, which, one, other }: Step): Promise<void> {
    const { store } = this;
    if (kind === 'begin') this.#begin(which, one, other);
    else if (kind === 'open') await this.#openAgain();
    else if (kind === 'sweep') await store.sweep();
    else if (kind === 'pass') await this.#time.advance(one);
    else if (kind === 'erase') await store.eraseHidden(one, async () => other % 2 === 0);
    else await this.#change(kind, { which, one, other });
  }

  async #openAgain(): Promise<void> {
    await this.store.close();
    await this.open();
  }

  async #change(kind: Step['kind'], { which, one, other }: Omit<Step, 'kind'>): Promise<void> {
    const { store } = this;
    const spoken = this.#spoken.length > 0 ? among(this.#spoken, which) : undefined;
    if (!spoken || !store.get(spoken.id)) return;
    const { id, header, manifest, fragments } = spoken;
    if (kind === 'append') store.append(id, fragments.slice(0, 1 + (one % fragments.length)));
    if (kind === 'end') {
      if (other % 3 > 0) store.append(id, fragments);
      await store.setManifest(id, signed(manifest), manifest);
    }
    if (kind === 'receipt') this.#receipt(id, one, other);
    if (kind === 'heard') store.setLocal(id, { heard: one });
    if (kind === 'sealed') store.setLocal(id, { sealed: one % 2 === 0 });
    if (kind === 'ending') store.setLocal(id, { ending: endingOf(one, other) });
    if (kind === 'notified') store.setLocal(id, { notifiedAt: one });
    if (kind === 'roles') store.begin(signed(header), header, { keeps: true });
    if (kind === 'hide') await store.hide(id);
    if (kind === 'restore') await store.restore(id);
    if (kind === 'delete') await store.delete(id);
  }

  #begin(which: number, one: number, other: number): void {
    const earlier = this.#spoken.length > 0 ? among(this.#spoken, which).id : undefined;
    const change: Partial<Header> = {
      ...{ talker: among([DANA, ...NODES], one), startedAt: one % 5 },
      recipients: NODES.filter((_, n) => n === one % 3 || (other >> n) % 2 === 1),
      ...(other % 5 === 0 && { page: { isToAll: true } }),
      ...(earlier && one % 4 === 0 && { again: earlier }),
      ...(earlier && one % 4 === 1 && { handsOn: earlier }),
    };
    const spoken = speak(1 + (other % 4), change);
    const mine = among([undefined, 'talker', 'recipient', 'recipient'] as const, other);
    const roles = { keeps: one % 2 === 0, ...(mine && { mine }) };
    this.store.begin(signed(spoken.header), spoken.header, roles, { isOlder: which % 6 === 0 });
    this.#spoken.push(spoken);
  }

  #receipt(id: Spoken['id'], one: number, other: number): void {
    const state = among<ReceiptState>(['stored', 'received', 'received', 'heard', 'heard', 'lost'], other);
    const receipt = { ...receiptOf(id, among([...NODES, nodeId('switch')], one), state), n: one };
    this.store.setReceipt(signed(receipt), receipt);
  }
}

const endingOf = (endsAt: number, endedAt: number) => ({ endsAt, ...(endedAt % 2 === 0 && { endedAt }) });
const isHidden = ({ local }: StoredMessage) => local.deletedAt !== undefined;
const isShown = (message: StoredMessage) => message.roles.mine !== undefined && !isHidden(message);
const lacks = ({ receipts, holding }: StoredMessage) =>
  function (node: NodeId): boolean {
    const state = receipts.find(({ facts }) => facts.node === node)?.facts.state;
    const isLost = holding.find(({ facts }) => facts.node === node)?.facts.state === 'lost';
    return state !== 'heard' && (state !== 'received' || isLost);
  };
const isAwaitedBy = (message: StoredMessage, node: NodeId) =>
  message.header.facts.recipients.includes(node) &&
  !(message.manifest && isPassing(message.header.facts)) &&
  lacks(message)(node);

/** What each set is compared with: a look at every message. */
const SCANS = {
  unheard: (message: StoredMessage) => isUnheard(message) && !isHidden(message),
  incomplete: ({ state }: StoredMessage) => state === 'incomplete',
  hidden: isHidden,
  others: ({ roles }: StoredMessage) => roles.mine === undefined,
  sealed: ({ roles, local }: StoredMessage) => roles.mine === 'recipient' && local.sealed === true,
  awaited: (message: StoredMessage) =>
    message.header.facts.recipients.some((node) => isAwaitedBy(message, node)),
  ending: ({ roles, local }: StoredMessage) =>
    roles.mine === 'talker' && local.ending !== undefined && local.ending.endedAt === undefined,
  unheardOfOwn: ({ roles, header: { facts }, receipts }: StoredMessage) =>
    roles.mine === 'talker' &&
    !isPassing(facts) &&
    !facts.recipients.every((node) =>
      receipts.some((one) => one.facts.node === node && one.facts.state === 'heard'),
    ),
} as const;

function check(store: MessageStore): void {
  const all = store.list();
  const ids = (messages: Iterable<StoredMessage>) => [...messages].map(({ id }) => id);
  for (const [name, scan] of Object.entries(SCANS)) {
    const kept = store.those(name as keyof typeof SCANS);
    assert.deepEqual(ids(kept), ids(all.filter(scan)), name);
    assert.equal(store.count(name as keyof typeof SCANS), kept.length);
  }
  for (const node of NODES)
    assert.deepEqual(ids(store.awaitedBy(node)), ids(all.filter((one) => isAwaitedBy(one, node))));
  for (const { id } of all)
    for (const as of ['again', 'handsOn'] as const)
      assert.deepEqual(ids(store.naming(id, as)), ids(all.filter(({ header }) => header.facts[as] === id)));
  const isOut = (node: NodeId) => node === FINN;
  const waits = (message: StoredMessage) =>
    message.header.facts.recipients.some((node) => !isOut(node) && lacks(message)(node));
  const hasEnded = ({ local }: StoredMessage) => local.ending?.endedAt !== undefined;
  const outbox = all.filter(
    (one) => one.roles.mine === 'talker' && !isPassing(one.header.facts) && !hasEnded(one) && waits(one),
  );
  assert.deepEqual(ids(store.outbox(isOut)), ids(outbox));
  checkOrders(store, all);
  assert.deepEqual(store.totals(), {
    messages: all.filter((one) => !isHidden(one)).length,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    keptForOthers: all.filter((one) => !isHidden(one) && one.roles.mine === undefined).length,
  });
}

function checkOrders(store: MessageStore, all: readonly StoredMessage[]): void {
  const ids = (messages: Iterable<StoredMessage>) => [...messages].map(({ id }) => id);
  const shown = ids(all.filter(isShown));
  assert.deepEqual(ids(store.shown()), shown);
  assert.deepEqual(ids(store.newest()), shown.toReversed());
  const [middle] = all.filter(isShown).slice(shown.length / 2);
  if (middle) {
    const before = { place: arrivalOf(middle).place, id: middle.id };
    assert.deepEqual(ids(store.newest(before)), shown.slice(0, shown.indexOf(middle.id)).toReversed());
  }
  const heard = all.filter(({ roles, local }) => roles.mine === 'recipient' && local.heard !== undefined);
  const times = [...store.heardLast()].map(({ local }) => local.heard);
  assert.deepEqual(
    times,
    heard.map(({ local }) => local.heard!).sort((a, b) => b - a),
  );
}

void test('each set has what a look at every message finds, whatever is done to the store', async () => {
  const steps = fc.array(stepArbitrary, { minLength: 5, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (some) => {
      const session = new Session();
      await session.open();
      for (const step of some) {
        await session.do(step);
        check(session.store);
      }
      await session.store.close();
    }),
    CHOSEN,
  );
});
