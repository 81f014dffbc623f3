import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { newMessageId, type NodeId, type Receipt, type ReceiptState } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import { copiesOf, isAwaited, isHeardByAll, whomToAsk, type AskableNodes } from './copies.ts';

const newNode = () => randomBytes(16).toString('base64url') as NodeId;
const newStore = () => randomBytes(8).toString('base64url');
const [ANN, BOB, HUB, STANDBY, ERIN, FINN] = Array.from({ length: 6 }, newNode) as [
  NodeId,
  NodeId,
  NodeId,
  NodeId,
  NodeId,
  NodeId,
];

/** An office in which everybody has a store, and is their own account unless told. */
function office(accounts: ReadonlyMap<NodeId, string> = new Map()) {
  const stores = new Map<NodeId, string>([BOB, HUB, STANDBY, ERIN, FINN].map((node) => [node, newStore()]));
  const full = new Set<NodeId>();
  const ofOffice = {
    self: ANN,
    storeIdOf: (node: NodeId) => stores.get(node),
    accountOf: (node: NodeId) => accounts.get(node) ?? node,
    hasRoom: (node: NodeId) => !full.has(node),
  };
  return { stores, full, office: ofOffice };
}

type Word = Pick<Receipt, 'node' | 'state' | 'store'>;

/** What Ann said to Bob, with what nodes say of holding it, and the proofs that Ann has. */
function message(
  words: readonly Word[],
  proofs: readonly { node: NodeId; store: string }[],
  mine: 'talker' | 'recipient' = 'talker',
): StoredMessage {
  const id = newMessageId();
  const receipts = words.map((word) => {
    const { store, ...rest } = word;
    const facts: Receipt = { v: 1, id, at: 1, n: 1, ...rest, ...(store === undefined ? {} : { store }) };
    return { signed: { payload: '', signature: '' }, facts };
  });
  const header = { talker: ANN, recipients: [BOB] } as unknown as StoredMessage['header']['facts'];
  return {
    ...{ id, header: { signed: { payload: '', signature: '' }, facts: header }, manifest: undefined },
    receipts: receipts.filter(({ facts }) => facts.state !== 'lost') as unknown as StoredMessage['receipts'],
    holding: receipts,
    ...{
      state: 'complete',
      roles: { mine, keeps: false },
      local: { proofs: [...proofs] },
      held: 1,
      bytes: 1,
    },
  };
}

test('a copy counts when its holder claims it, in the store that its record names, and has proven it', () => {
  const { stores, office: known } = office();
  const store = stores.get(HUB)!;
  const word: Word = { node: HUB, state: 'stored', store };
  const count = (words: readonly Word[], proofs = [{ node: HUB, store }]) =>
    copiesOf(message(words, proofs), known).length;
  assert.equal(count([word]), 1);
  assert.equal(count([word], []), 0, 'a word is no proof');
  assert.equal(count([{ ...word, state: 'lost' }]), 0, 'it was lost since');
  assert.equal(count([]), 0);
  assert.equal(count([{ ...word, store: newStore() }]), 0, 'it speaks of another store');
  assert.equal(count([word], [{ node: HUB, store: newStore() }]), 0, 'another store was proven');
  stores.set(HUB, newStore());
  assert.equal(count([word]), 0, 'its record names a new store');
  stores.delete(HUB);
  assert.equal(count([word]), 0, 'it is no member, or of a version that proves nothing');
  assert.equal(
    count([{ node: HUB, state: 'stored', store: undefined }]),
    0,
    'no store is not the same store',
  );
});

test('the computers of one account are one copy', () => {
  const { stores, office: known } = office(
    new Map([
      [ERIN, 'somebody'],
      [FINN, 'somebody'],
    ]),
  );
  const holders = [ERIN, FINN, HUB];
  const words = holders.map((node) => ({ node, state: 'stored', store: stores.get(node)! }) as const);
  const proofs = holders.map((node) => ({ node, store: stores.get(node)! }));
  assert.equal(copiesOf(message(words.slice(0, 2), proofs), known).length, 1);
  assert.equal(copiesOf(message(words, proofs), known).length, 2);
});

test('a node that is not the talker knows of its own copy alone', () => {
  const { stores, office: known } = office();
  const words: Word[] = [{ node: HUB, state: 'stored', store: stores.get(HUB)! }];
  assert.deepEqual(copiesOf(message(words, [], 'recipient'), known), [ANN]);
  assert.deepEqual(copiesOf({ ...message(words, [], 'recipient'), state: 'incomplete' }, known), []);
});

test('a recipient counts as waiting until they have received it and not lost it, or have heard it', () => {
  const waits = (...states: ReceiptState[]) => {
    const { receipts } = message(
      states.map((state) => ({ node: BOB, state, store: undefined })),
      [],
    );
    const words = message(
      [{ node: BOB, state: states[states.length - 1] ?? 'stored', store: undefined }],
      [],
    );
    return isAwaited({ ...words, receipts }, { isRemoved: () => false });
  };
  assert.deepEqual(
    [waits(), waits('stored'), waits('received'), waits('received', 'lost'), waits('heard', 'lost')],
    [true, true, false, true, false],
  );
});

test('a removed recipient is neither waiting nor missing; one that was never a member is', () => {
  const sent = message([], []);
  const office = (...removed: NodeId[]) => ({
    isRemoved: (node: NodeId) => removed.includes(node),
    personOf: (node: NodeId) => node,
  });
  assert.deepEqual([isAwaited(sent, office()), isHeardByAll(sent, office())], [true, false]);
  assert.deepEqual([isAwaited(sent, office(BOB)), isHeardByAll(sent, office(BOB))], [false, true]);
});

test('a message that a person heard at one of their computers counts as heard', () => {
  const sent = message([{ node: ERIN, state: 'heard', store: undefined }], []);
  sent.header.facts.recipients.push(ERIN);
  const office = (laptop: NodeId) => ({
    isRemoved: () => false,
    personOf: (node: NodeId) => (node === laptop ? BOB : node),
  });
  assert.equal(isHeardByAll(sent, office(ERIN)), true);
  assert.equal(isHeardByAll(sent, office(FINN)), false, 'Bob has not');
});

test('switch and standby are asked first, then others, of these first the ones that hold it already', () => {
  const { stores, office: known } = office();
  const ask = (change: Partial<AskableNodes>, asked = message([], [])) =>
    whomToAsk(
      asked,
      {
        ...{ switchNode: HUB, standbyNode: STANDBY, online: [ERIN, FINN, HUB, STANDBY] },
        ...{ others: true, wasAsked: () => false },
        ...change,
      },
      known,
    );
  assert.deepEqual(ask({}), [HUB, STANDBY]);
  assert.deepEqual(ask({ switchNode: ANN }), [STANDBY, ERIN], 'not itself');
  assert.deepEqual(ask({ switchNode: ANN, others: false }), [STANDBY], 'the others have their time later');
  assert.deepEqual(ask({ wasAsked: (node) => node === HUB }), [STANDBY, ERIN]);
  const words: Word[] = [{ node: FINN, state: 'stored', store: stores.get(FINN)! }];
  assert.deepEqual(ask({ switchNode: ANN }, message(words, [])), [STANDBY, FINN]);
  const proofs = [{ node: FINN, store: stores.get(FINN)! }];
  assert.deepEqual(
    ask({ wasAsked: (node) => node === HUB }, message(words, proofs)),
    [STANDBY],
    'one is there',
  );
  stores.delete(HUB);
  assert.deepEqual(ask({ others: false }), [STANDBY], 'who can prove nothing is not asked');
});

test('who has no room is passed over, unless it says that it holds the message already', () => {
  const { stores, full, office: known } = office();
  const ask = (asked = message([], [])) =>
    whomToAsk(
      asked,
      {
        ...{ switchNode: HUB, standbyNode: STANDBY, online: [ERIN, FINN, HUB, STANDBY] },
        ...{ others: true, wasAsked: () => false },
      },
      known,
    );
  full.add(HUB).add(ERIN);
  assert.deepEqual(ask(), [STANDBY, FINN]);
  assert.deepEqual(ask(message([{ node: HUB, state: 'stored', store: stores.get(HUB)! }], [])), [
    HUB,
    STANDBY,
  ]);
  for (const node of [STANDBY, FINN]) full.add(node);
  assert.deepEqual(ask(), [], 'nobody has room');
});

test('two computers of one account are not both asked', () => {
  const { office: known } = office(
    new Map([
      [HUB, 'somebody'],
      [STANDBY, 'somebody'],
    ]),
  );
  const nodes = {
    switchNode: HUB,
    standbyNode: STANDBY,
    online: [ERIN],
    others: true,
    wasAsked: () => false,
  };
  assert.deepEqual(whomToAsk(message([], []), nodes, known), [HUB, ERIN]);
});
