import assert from 'node:assert/strict';
import test from 'node:test';
import { newMessageId, type Manifest, type NodeId, type ReceiptState } from '../model/index.ts';
import { newEntry } from './entry.ts';
import { EVERYBODY, isHeardByAll, isReceivedByAll, mergeReceipt, noReceipts } from './receipts.ts';
import { mayGo, toDelete, type RetentionLimits } from './retention.ts';
import { retrievalNumber } from './retrieval-number.ts';
import type { Entry, Local, Roles } from './stored-message.ts';
import { DANA, EVE, FINN, nodeId, receiptOf, signed, speak } from './test-office.ts';

void test('strangers cannot fill a message with receipts', () => {
  const { header } = speak(1);
  const receipts = noReceipts();
  for (let i = 0; i < 1000; i++) {
    const facts = receiptOf(header.id, nodeId(`stranger ${i}`), 'stored');
    mergeReceipt(receipts, header, { signed: signed(facts), facts });
  }
  assert.equal(receipts.holding.size, 64);
  const facts = receiptOf(header.id, EVE, 'heard');
  assert.equal(mergeReceipt(receipts, header, { signed: signed(facts), facts }), true);
});

void test('what somebody has not heard is never deleted for age or room; the rest goes, heard longest ago first', () => {
  const unheardByMe = entry({ mine: 'recipient', keeps: false }, {});
  const heardByMe = entry({ mine: 'recipient', keeps: false }, { heard: 50 }, [], 10_000);
  const keptUnheard = entry({ keeps: true }, {}, [['stored', nodeId('standby')]]);
  const keptHeard = entry({ keeps: true }, {}, [['heard', EVE]], 10_000);
  const both = entry({ mine: 'recipient', keeps: true }, { heard: 50 }, []);
  const outbox = entry({ mine: 'talker', keeps: false }, {}, [['received', EVE]]);
  const all = [unheardByMe, keptHeard, keptUnheard, heardByMe, both, outbox];
  assert.deepEqual(
    all.filter((one) => mayGo(one)),
    [keptHeard, heardByMe],
  );
  assert.deepEqual(toDelete(all, {}, 1e12), []);
  assert.deepEqual(toDelete(all, { maxBytes: 0, retentionMs: 0 }, 1e12), [heardByMe, keptHeard]);
  assert.deepEqual(toDelete(all, { maxBytes: 500 }, 1e12), [heardByMe]);
  assert.deepEqual(toDelete(all, { retentionMs: 5_000 }, 10_000), []);
});

void test('a recipient’s clock that cannot be right does not decide what goes first for want of room', () => {
  const heardBy = (at: number, cameAt: number) => {
    const one = entry({ keeps: true }, { arrived: { place: cameAt, at: cameAt } }, [['heard', EVE]]);
    for (const [node, { signed: said, facts }] of one.receipts.reached)
      one.receipts.reached.set(node, { signed: said, facts: { ...facts, state: 'heard', at } });
    return one;
  };
  const [ahead, in1970, right] = [heardBy(1e12, 1000), heardBy(3, 2000), heardBy(4000, 500)];
  const all = [right, in1970, ahead];
  assert.deepEqual(toDelete(all, { maxBytes: 2 * right.bytes }, 5000), [ahead]);
  assert.deepEqual(toDelete(all, { maxBytes: right.bytes }, 5000), [ahead, in1970]);
});

void test('what is for nobody whom the office knows goes after a week or for want of room, and only where it is kept for others', () => {
  const [now, dayMs] = [1e12, 24 * 60 * 60 * 1000];
  const came = (days: number, roles: Roles = { keeps: true }) =>
    entry(roles, {}, [], 1_000, now - days * dayMs);
  const [fresh, old] = [came(1), came(8)];
  const own = [came(8, { mine: 'talker', keeps: false }), came(8, { mine: 'recipient', keeps: false })];
  const all = [fresh, old, ...own];
  const danaAlone = { ...EVERYBODY, isKnown: (node: NodeId) => node === DANA };
  assert.deepEqual(toDelete(all, {}, now, danaAlone), [old]);
  assert.deepEqual(toDelete(all, { maxBytes: 0 }, now, danaAlone), [old, fresh]);
  assert.deepEqual(toDelete(all, { maxBytes: 0 }, now), [], 'its recipient is known');
  const nobody = { ...EVERYBODY, isKnown: () => false };
  assert.deepEqual(toDelete(all, { maxBytes: 0 }, now, nobody), [], 'the list of people was lost here');
});

void test('what was broken off goes when it was heard, or too long after that was said; nobody can ever get all of it', () => {
  const [brokenOff, old] = [{ at: 50_000, held: 3 }, 60_000];
  const mine: Roles = { mine: 'recipient', keeps: false };
  const told = entry(mine, { brokenOff, notifiedAt: 55_000 });
  const untold = entry(mine, { brokenOff });
  const heard = entry(mine, { brokenOff, heard: 70_000 });
  const kept = entry({ keeps: true }, { brokenOff });
  const keptHeard = entry({ keeps: true }, { brokenOff }, [['heard', EVE]]);
  const formerOwn = entry({ mine: 'talker', keeps: false }, { brokenOff });
  const ended = entry({ keeps: true }, { brokenOff });
  ended.manifest = { signed: signed({}), facts: {} as Manifest };
  const all = [told, untold, heard, kept, keptHeard, formerOwn, ended];
  const gone = (now: number, limits: RetentionLimits = { retentionMs: 60_000 }) =>
    new Set(toDelete(all, limits, now));
  assert.deepEqual(gone(old), new Set());
  assert.deepEqual(gone(75_000), new Set([heard, keptHeard]), 'as any other message');
  assert.deepEqual(gone(112_000), new Set([heard, keptHeard, kept, formerOwn]));
  assert.deepEqual(gone(116_000), new Set([heard, keptHeard, kept, formerOwn, told]));
  assert.deepEqual(gone(1e12, {}), new Set(), 'where nothing is ever too old');
  assert.deepEqual(gone(1e12, { maxBytes: 0 }), new Set([heard, keptHeard]), 'want of room ends no wait');
});

void test('a message is with every recipient that has received it and not lost it, or has heard it', () => {
  const roles: Roles = { mine: 'talker', keeps: false };
  const isReceived = (...receipts: [ReceiptState, string][]) =>
    isReceivedByAll(entry(roles, {}, receipts), () => false);
  assert.equal(isReceived(['stored', nodeId('switch')], ['stored', nodeId('standby')]), false);
  assert.equal(isReceived(['stored', EVE]), false);
  assert.equal(isReceived(['received', EVE]), true);
  assert.equal(isReceived(['received', EVE], ['lost', EVE]), false);
  assert.equal(isReceived(['heard', EVE], ['lost', EVE]), true, 'she has no need of it any more');
  assert.equal(isHeardByAll(entry(roles, {}, [['received', EVE]]), EVERYBODY), false);
  const isOut = (node: NodeId) => node === EVE;
  assert.equal(isReceivedByAll(entry(roles, {}, []), isOut), true, 'nobody waits for who was removed');
  assert.equal(isHeardByAll(entry(roles, {}, []), { ...EVERYBODY, isOut }), true);
});

void test('who heard a part of it has got it once their computer has all of it, and loses nothing by a word that is lost later', () => {
  const roles: Roles = { mine: 'talker', keeps: false };
  const { header } = speak(1);
  const receipts = noReceipts();
  const say = (state: ReceiptState, n: number, isPart?: true) => {
    const facts = { ...receiptOf(header.id, EVE, state), n, ...(isPart && { isPart }) };
    return mergeReceipt(receipts, header, { signed: signed(facts), facts });
  };
  const one = { ...entry(roles, {}, []), receipts };
  const isDone = () => [isReceivedByAll(one, () => false), isHeardByAll(one, EVERYBODY)];
  assert.equal(say('heard', 1, true), true);
  assert.deepEqual(isDone(), [false, false]);
  assert.equal(say('received', 2), true);
  assert.deepEqual(isDone(), [true, true]);
  assert.equal(receipts.reached.get(EVE)?.facts.state, 'heard');
  assert.equal(say('lost', 3), true);
  assert.deepEqual(isDone(), [false, false], 'what is gone again is fetched again');
  one.local = { brokenOff: { at: 1, held: 3 } };
  assert.deepEqual(isDone(), [false, true], 'nobody can ever get all of what was broken off');
});

void test('what a person heard at one of their computers may go; another person still waits', () => {
  const roles: Roles = { mine: 'talker', keeps: false };
  const { header } = speak(1, { recipients: [EVE, FINN, DANA] });
  const heardBy = (...nodes: NodeId[]) => {
    const receipts = noReceipts();
    for (const node of nodes) {
      const facts = receiptOf(header.id, node, 'heard');
      mergeReceipt(receipts, header, { signed: signed(facts), facts });
    }
    return { ...entry(roles, {}, []), header: { signed: signed(header), facts: header }, receipts };
  };
  const eves = { ...EVERYBODY, personOf: (node: NodeId) => (node === FINN ? EVE : node) };
  assert.equal(mayGo(heardBy(FINN, DANA), eves), true);
  assert.equal(mayGo(heardBy(EVE, FINN), eves), false);
  assert.equal(mayGo(heardBy(FINN, DANA)), false, 'they are two people');
});

void test('of what a node says of holding a message, the higher number counts, and lost among equals', () => {
  const { header } = speak(1);
  const receipts = noReceipts();
  const holder = nodeId('switch');
  const say = (state: ReceiptState, n: number) => {
    const facts = { ...receiptOf(header.id, holder, state), n };
    return mergeReceipt(receipts, header, { signed: signed(facts), facts });
  };
  const last = () => receipts.holding.get(holder)?.facts.state;
  assert.deepEqual([say('stored', 5), last()], [true, 'stored']);
  assert.deepEqual([say('lost', 4), last()], [false, 'stored']);
  assert.deepEqual([say('lost', 5), last()], [true, 'lost']);
  assert.deepEqual([say('stored', 5), last()], [false, 'lost']);
  assert.deepEqual([say('stored', 6), last()], [true, 'stored'], 'it was copied anew');
});

void test('where 64 have said that they hold it, whoever says so later is heard all the same', () => {
  const { header } = speak(1);
  const receipts = noReceipts();
  const say = (name: string, n: number) => {
    const facts = { ...receiptOf(header.id, nodeId(name), 'stored'), n };
    return mergeReceipt(receipts, header, { signed: signed(facts), facts });
  };
  for (let i = 0; i < 64; i++) assert.equal(say(`old switch ${i}`, i), true);
  assert.equal(say('switch', 100), true);
  assert.equal(receipts.holding.size, 64);
  assert.ok(!receipts.holding.has(nodeId('old switch 0')));
  assert.equal(say('an even older one', 0), false);
});

void test('a retrieval number is four digits, the same everywhere, and grows only when it is taken', () => {
  const id = newMessageId();
  const number = retrievalNumber(id, new Set());
  assert.match(number, /^[0-9]{4}$/);
  assert.equal(retrievalNumber(id, new Set()), number);
  const five = retrievalNumber(id, new Set([number]));
  assert.match(five, /^[0-9]{5}$/);
  assert.match(retrievalNumber(id, new Set([number, five])), /^[0-9]{6}$/);
  const taken = new Set<string>();
  for (let i = 0; i < 5_000; i++) {
    const next = retrievalNumber(newMessageId(), taken);
    assert.ok(!taken.has(next) && next.length <= 7);
    taken.add(next);
  }
});

/** What is known of one node, as far as two unions must agree. */

/** A message for Eve whose file has 100 bytes. */
function entry(
  roles: Roles,
  local: Local,
  receipts: [ReceiptState, string][] = [],
  startedAt = 9_000,
  at = startedAt,
): Entry {
  const { header } = speak(1, { startedAt });
  const arrived = { place: at, at };
  const made = newEntry(signed(header), header, roles, { arrived, ...local });
  made.bytes = 100;
  for (const [state, node] of receipts) {
    const facts = receiptOf(header.id, node as typeof EVE, state);
    mergeReceipt(made.receipts, header, { signed: signed(facts), facts });
  }
  return made;
}
