import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import type { MessageId, Receipt } from '../model/index.ts';
import type { PeerLink } from './index.ts';
import { keyOf } from './message-key.ts';
import { Desk } from './test-desk.ts';
import { follow, join } from './test-joined-desks.ts';
import { keep } from './test-kept.ts';
import { speak, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Ann has talked to Bo, who had a desk alone. He has got a laptop since, which nobody had known. */
async function ground(t: TestContext) {
  const time = new HandTime();
  const [ann, desk, laptop] = [
    await Desk.open(t, '101', time),
    await Desk.open(t, '102', time),
    await Desk.open(t, '102', time),
  ];
  const all = [ann, desk, laptop] as const;
  for (const one of all) for (const bos of [desk, laptop]) one.office.persons.set(bos.node, desk.node);
  for (const one of [desk, laptop]) one.office.know(ann);
  const fromAnn = new HandLink(ann.node);
  /** Ann's own, which her computer has, too. */
  const say = async (): Promise<Spoken> => {
    time.pass(60_000);
    const said = await speak(ann, [desk], { time });
    await keep(ann, said, { mine: 'talker' });
    return said;
  };
  const reaches = async (one: Desk, said: Spoken): Promise<void> => {
    one.hear(said.header.signed);
    await until(() => one.media.of('receive').some(({ id }) => id === said.id), 'its key');
    one.take(said, fromAnn);
    await until(() => one.store.get(said.id)?.state === 'complete', 'the whole message');
  };
  /** Both are online, and reach each other. Returns what ends that. */
  const meet = (one: Desk, other: Desk): (() => void) => {
    const { ends, cut } = join(one, other);
    const pairs: [Desk, Desk, PeerLink][] = [
      [one, other, ends[0]],
      [other, one, ends[1]],
    ];
    for (const [here, there, link] of pairs) {
      here.office.know(there);
      here.office.visits.set(there.node, link);
      here.office.downstream.push(link);
    }
    for (const [here] of pairs) here.messages.expect([]);
    return () => {
      cut();
      for (const [here, there, link] of pairs) {
        here.office.known.delete(there.node);
        here.office.visits.delete(there.node);
        here.office.downstream = here.office.downstream.filter((one) => one !== link);
        here.messages.linkDown(link);
        here.messages.expect([]);
      }
    };
  };
  const untilSo = (holds: () => boolean, what: string) =>
    until(() => {
      // Slowly enough that key agreements and the disk answer in time.
      time.pass(2);
      return holds();
    }, what);
  const isHere = (one: Desk, { id }: Spoken) => one.store.get(id)?.state === 'complete';
  const opens = async (one: Desk, id: MessageId) => keyOf(one.identity, one.store.get(id)!);
  return { time, ann, desk, laptop, say, reaches, meet, untilSo, isHere, opens };
}

test('a new computer gets earlier messages with their keys, and heard ones stay heard', async (t) => {
  const { desk, laptop, say, reaches, meet, untilSo, isHere, opens } = await ground(t);
  const said = [await say(), await say(), await say()] as const;
  for (const one of said) await reaches(desk, one);
  const [unheard, heard, newest] = said;
  desk.messages.inbox.heard(heard.id);
  const notified = laptop.watch('notification');
  const begun: MessageId[] = [];
  laptop.store.on('changed', (id) => {
    if (!begun.includes(id)) begun.push(id);
  });
  meet(desk, laptop);
  await untilSo(() => said.every((one) => isHere(laptop, one)), 'all of it is there');
  await untilSo(() => notified.length === 2, 'Bo is notified of what he has not heard');
  assert.deepEqual(
    begun,
    [newest, unheard, heard].map(({ id }) => id),
    'the newest that was not heard comes first',
  );
  for (const { id } of said) assert.deepEqual(await opens(laptop, id), await opens(desk, id));
  assert.deepEqual(
    laptop.store.unheard().map(({ id }) => id),
    [unheard.id, newest.id],
  );
  assert.equal(laptop.messages.kept.findByNumber(desk.store.get(newest.id)!.local.number!)?.id, newest.id);
  await untilSo(() => laptop.history.has(desk.node), 'and asks no more');
});

test('a message that is heard at the new computer is heard at the old one, which tells the talker', async (t) => {
  const { ann, desk, laptop, say, reaches, meet, untilSo } = await ground(t);
  const said = await say();
  await reaches(desk, said);
  const toAnn = new HandLink(ann.node);
  desk.office.downstream = [toAnn];
  meet(desk, laptop);
  await untilSo(() => laptop.store.unheard().length === 1, 'the laptop has it');
  laptop.messages.inbox.heard(said.id);
  await untilSo(() => desk.store.get(said.id)?.local.heard !== undefined, 'the desk knows');
  // It passes on the laptop's receipt as well.
  const told = () => toAnn.of('receipt').map(({ receipt }) => JSON.parse(receipt.payload) as Receipt);
  await untilSo(() => told().some(({ node, state }) => node === desk.node && state === 'heard'), 'its own');
  ann.office.know(desk);
  for (const { receipt } of toAnn.of('receipt')) ann.messages.frame({ type: 'receipt', receipt }, toAnn);
  assert.deepEqual(
    ann.store.get(said.id)?.receipts.map(({ facts }) => [facts.node, facts.state]),
    [[desk.node, 'heard']],
  );
});

test('if the old computer is gone, the talker’s grants the keys of heard messages, and accepts the new one’s receipts', async (t) => {
  const { ann, desk, laptop, say, reaches, meet, untilSo, isHere, opens } = await ground(t);
  const [heard, unheard] = [await say(), await say()];
  await reaches(desk, heard);
  desk.messages.inbox.heard(heard.id);
  ann.office.know(desk);
  const saysHeard = () => desk.store.get(heard.id)!.receipts.find(({ facts }) => facts.state === 'heard');
  await untilSo(() => saysHeard() !== undefined, 'the receipt');
  ann.messages.frame({ type: 'receipt', receipt: saysHeard()!.signed }, new HandLink(desk.node));
  for (const one of [ann, laptop]) one.office.remove(desk);
  meet(ann, laptop);
  await untilSo(() => isHere(laptop, heard), 'what was heard');
  assert.deepEqual(await opens(laptop, heard.id), await opens(ann, heard.id));
  assert.notEqual(laptop.store.get(heard.id)?.local.heard, undefined);
  await untilSo(() => laptop.history.has(ann.node), 'Ann has told all');
  const ids = laptop.store.list().map(({ id }) => id);
  assert.ok(!ids.includes(unheard.id), 'what was not heard is sealed anew, and does not come twice');
  await untilSo(
    () => ann.store.get(heard.id)!.receipts.some(({ facts }) => facts.node === laptop.node),
    'Ann’s computer takes the word of the one that it granted the key',
  );
});

test('a message without a grant is listed with the reason, does not count as unheard, and opens when the other computer is online', async (t) => {
  const { ann, desk, laptop, time, say, reaches, meet, untilSo, isHere, opens } = await ground(t);
  const said = await say();
  await reaches(desk, said);
  const hub = await Desk.open(t, '103', time);
  for (const bos of [desk, laptop]) hub.office.persons.set(bos.node, desk.node);
  hub.office.know(ann, desk);
  await keep(hub, said, { keeps: true });
  // The desk is off, and so is Ann's computer; that they are known does not make them reachable.
  laptop.office.know(ann, desk);
  follow(laptop, hub);
  laptop.messages.expect([]);
  await untilSo(() => isHere(laptop, said), 'it is here, sealed');
  assert.equal(laptop.store.get(said.id)?.local.sealed, true);
  assert.deepEqual(laptop.store.unheard(), []);
  await assert.rejects(opens(laptop, said.id), { code: 'key-not-here' });
  laptop.office.known.delete(desk.node);
  laptop.messages.expect([]);
  meet(desk, laptop);
  await untilSo(() => laptop.store.unheard().length === 1, 'it can be heard');
  assert.deepEqual(await opens(laptop, said.id), await opens(desk, said.id));
});

test('a person with one computer asks nobody', async (t) => {
  const { ann, desk, time } = await ground(t);
  const link = new HandLink(ann.node);
  desk.office.visits.set(ann.node, link);
  desk.messages.expect([ann.record]);
  time.pass(60_000);
  await new Promise(setImmediate);
  assert.deepEqual(link.sent, []);
});
