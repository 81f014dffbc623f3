import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { unwrapMessageKey } from '../identity/index.ts';
import type { MessageId } from '../model/index.ts';
import { Desk, isWhole } from './test-desk.ts';
import { keep } from './test-kept.ts';
import { newFragments, newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/*
 * Somebody is removed while a colleague talks: nothing that is said later goes to them, and nothing of it can be opened with what
 * they have.
 */

/** Ann, who talks to Bob and Cy, and follows a switch. */
async function ground(t: TestContext) {
  const ann = await Desk.open(t, '101');
  const [bob, cy, hub] = await Promise.all([newPerson(t, '102'), newPerson(t, '104'), newPerson(t, '103')]);
  ann.office.know(ann, bob, cy, hub);
  ann.office.switchNode = hub.record.node;
  const upstream = new HandLink(hub.record.node);
  ann.office.upstream = upstream;
  const press = (...to: (typeof bob)[]) =>
    ann.messages.outgoing.press({ recipients: to.map(({ record }) => record), from: '101', to: '102' });
  const remove = (...people: (typeof bob)[]) => {
    ann.office.remove(...people);
    ann.messages.membersChanged();
  };
  /** The worker does what it was asked for last. */
  const renew = () => {
    const { id, next } = ann.media.of('talk-renew').at(-1)!;
    ann.media.report({ type: 'talk-renewed', id, next: next.id });
    return next;
  };
  const end = (id: string) => ann.media.report({ type: 'talk-ended', id, count: 0, failed: null });
  const targets = (id: string) =>
    ann.media
      .of('talk-targets')
      .filter((order) => order.id === id)
      .at(-1)
      ?.targets.map(({ port }) => port);
  return { ann, bob, cy, hub, upstream, press, remove, renew, end, targets };
}

const ports = (targets: readonly { readonly port: number }[]) => targets.map(({ port }) => port);

test('a talk goes on under a new key for those who stay, and every fragment is in one of the two messages', async (t) => {
  const { ann, bob, cy, upstream, press, remove, renew, end, targets } = await ground(t);
  const talks = ann.watch('talk');
  const first = press(bob, cy);
  await until(() => ann.store.get(first.id) !== undefined, 'the header');
  const [before, after] = [newFragments(10), newFragments(7)];
  ann.media.speak(first.id, before);
  remove(cy);
  assert.deepEqual(targets(first.id), [102, 103], 'nothing more of the first goes to Cy');
  const next = renew();
  assert.deepEqual(ports(next.targets), [102, 103]);
  assert.equal(ann.messages.outgoing.current?.id, next.id);
  assert.equal(ann.messages.outgoing.current.pressed, first.id);
  const nextId = next.id as MessageId;
  // What is said before the header is signed is kept, too.
  ann.media.speak(nextId, after.slice(0, 3));
  end(first.id);
  await until(() => ann.store.get(nextId) !== undefined, 'the next header');
  ann.media.speak(nextId, after.slice(3));
  assert.equal(ann.messages.outgoing.release(), nextId);
  end(nextId);
  for (const id of [first.id, nextId]) await until(isWhole(ann, id), 'both whole');
  assert.deepEqual(await ann.bytesOf(first.id), Buffer.concat(before.map(({ bytes }) => bytes)));
  assert.deepEqual(await ann.bytesOf(nextId), Buffer.concat(after.map(({ bytes }) => bytes)));
  const header = ann.store.get(nextId)!.header.facts;
  assert.deepEqual(header.recipients, [bob.record.node]);
  await assert.rejects(unwrapMessageKey(cy.identity, header), 'Cy has no key of it');
  assert.deepEqual(await unwrapMessageKey(bob.identity, header).then(({ masterKey }) => [...masterKey]), [
    ...next.key.masterKey,
  ]);
  assert.ok(
    !ann.office.headers.some(
      ({ to, header: { payload } }) => to === cy.record.node && payload.includes(next.id),
    ),
  );
  assert.equal(upstream.of('manifest').length, 2);
  assert.deepEqual(
    talks.map((talk) => talk?.id),
    [first.id, nextId, nextId, nextId, undefined],
  );
});

test('if all listeners were removed, the talk ends, and the person is told', async (t) => {
  const { ann, cy, press, remove, targets } = await ground(t);
  const failures = ann.watch('talk-failed');
  const { id } = press(cy);
  remove(cy);
  assert.deepEqual(ann.media.of('talk-stop'), [{ type: 'talk-stop', id }]);
  assert.deepEqual(ann.media.of('talk-renew'), []);
  assert.deepEqual(targets(id), [103], 'the switch keeps the end of it, which it cannot open');
  assert.deepEqual(
    failures.map(({ phrase }) => phrase.code),
    ['talk-nobody-left'],
  );
  ann.messages.membersChanged();
  assert.equal(failures.length, 1, 'once');
});

test('after two removals the talk goes on for the rest, and key up counts whenever it comes', async (t) => {
  const { ann, bob, cy, press, remove, renew, end, targets } = await ground(t);
  const dee = await newPerson(t, '105');
  ann.office.know(dee);
  const first = press(bob, cy, dee);
  remove(cy);
  remove(dee);
  assert.equal(ann.media.of('talk-renew').length, 1, 'the worker is asked once at a time');
  ann.messages.outgoing.release();
  const next = renew();
  assert.deepEqual(ports(next.targets), [102, 105, 103], 'Dee was a member when the worker was asked');
  assert.deepEqual(targets(next.id), [102, 103], 'and gets nothing of it');
  assert.deepEqual(
    ann.media.of('talk-stop').map(({ id }) => id),
    [first.id, next.id],
  );
  ann.media.speak(next.id as MessageId, newFragments(3));
  end(first.id);
  end(next.id);
  await until(isWhole(ann, next.id), 'the next message');
  assert.deepEqual(ann.store.get(next.id as MessageId)!.header.facts.recipients, [bob.record.node]);
  assert.equal(ann.messages.outgoing.current, undefined);
});

test('where the last listener is removed while the worker goes on, nothing is begun for nobody', async (t) => {
  const { ann, bob, cy, press, remove, renew, end } = await ground(t);
  const failures = ann.watch('talk-failed');
  const first = press(bob, cy);
  ann.media.speak(first.id, newFragments(3));
  remove(cy);
  remove(bob);
  const next = renew();
  assert.deepEqual(
    ann.media.of('talk-stop').map(({ id }) => id),
    [first.id, next.id],
  );
  end(first.id);
  end(next.id);
  await until(isWhole(ann, first.id), 'what was said until then');
  assert.equal(ann.store.get(next.id as MessageId), undefined);
  assert.equal(ann.messages.outgoing.current, undefined);
  assert.equal(failures.length, 1);
});

test('a removed switch gets no more fragments, and the talk goes on unchanged', async (t) => {
  const { ann, bob, hub, press, remove, targets } = await ground(t);
  const { id } = press(bob);
  remove(hub);
  ann.messages.switchChanged();
  assert.deepEqual(targets(id), [102]);
  assert.deepEqual(ann.media.of('talk-renew'), [], 'it never had the key');
});

test('nothing is resent to a removed node, also of a message that has ended', async (t) => {
  const { ann, bob, cy, press, remove, end, targets } = await ground(t);
  const { id } = press(bob, cy);
  ann.media.speak(id, newFragments(3));
  end(id);
  await until(isWhole(ann, id), 'the message');
  remove(cy);
  assert.deepEqual(targets(id), [102, 103]);
});

test('a node that is removed itself stops talking, releases the key, and keeps its messages', async (t) => {
  const { ann, bob, press, remove, targets } = await ground(t);
  const notifications = ann.watch('notification');
  const voice = await speak(bob, [ann], { time: ann.time });
  ann.hear(voice.header.signed);
  await until(() => ann.messages.inbox.isLive(voice.id), 'Bob is heard');
  const { id } = press(bob);
  remove(ann);
  assert.equal(ann.messages.inbox.isLive(voice.id), false);
  assert.deepEqual(ann.media.of('forget'), [{ type: 'forget', id: voice.id }]);
  assert.deepEqual(
    notifications.map((one) => one.id),
    [voice.id],
    'what came of it is there to be played',
  );
  assert.deepEqual(ann.media.of('talk-stop'), [{ type: 'talk-stop', id }]);
  assert.deepEqual(targets(id), []);
});

for (const isFirst of [true, false]) {
  test(`a talker who is removed ${isFirst ? 'is heard no more as they speak' : 'waits no more to be heard'}; the other is`, async (t) => {
    const { ann, bob, cy, remove } = await ground(t);
    const [first, second] = isFirst ? [cy, bob] : [bob, cy];
    const [heard, waits] = await Promise.all(
      [first, second].map((talker) => speak(talker, [ann], { time: ann.time })),
    );
    ann.hear(heard!.header.signed);
    await until(() => ann.messages.inbox.isLive(heard!.id), 'it sounds');
    ann.hear(waits!.header.signed);
    await until(() => ann.messages.turns.waiting.length === 1, 'the other waits');
    remove(cy);
    assert.equal(ann.messages.inbox.isLive(heard!.id), !isFirst);
    assert.deepEqual(ann.messages.turns.waiting, []);
    if (isFirst) await until(() => ann.messages.player.playback?.id === waits!.id, 'Bob has his turn');
  });
}

test('a message that only a removed person had not heard is not awaited, and may be erased', async (t) => {
  const { ann, bob, cy, remove } = await ground(t);
  const changed = ann.watch('message');
  const [toCy, toBoth] = await Promise.all([[cy], [bob, cy]].map((to) => speak(ann, to, { time: ann.time })));
  for (const message of [toCy!, toBoth!]) await keep(ann, message, { mine: 'talker' });
  assert.equal(ann.messages.outbox().length, 2);
  changed.length = 0;
  remove(cy);
  assert.deepEqual(
    ann.messages.outbox().map(({ id }) => id),
    [toBoth!.id],
    'Bob still waits for his',
  );
  assert.deepEqual(new Set(changed), new Set([toCy!.id, toBoth!.id]), 'the view is made again');
  await ann.messages.delete(toCy!.id);
  ann.time.pass(10_001);
  await until(() => ann.store.get(toCy!.id) === undefined, 'it is erased');
});
