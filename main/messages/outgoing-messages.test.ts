import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { hashFragments } from '../../test/support/hash-fragments.ts';
import { verifyManifest } from '../identity/index.ts';
import { toBase64url, type MessageId } from '../model/index.ts';
import { NOBODY_LEFT } from './talk-failures.ts';
import { Desk, isWhole } from './test-desk.ts';
import { joined, newFragments, newPerson } from './test-people.ts';
import { HandLink } from './test-ports.ts';

async function ground(t: TestContext) {
  const ann = await Desk.open(t, '101');
  const [bob, hub] = await Promise.all([newPerson(t, '102'), newPerson(t, '103')]);
  ann.office.know(ann, bob);
  const press = (pcm?: Int16Array) =>
    ann.messages.outgoing.press({ recipients: [bob.record], from: '101', to: '102' }, { pcm });
  const hold = () =>
    ann.messages.outgoing.press({ recipients: [bob.record], from: '101', to: '102' }, { isHeld: true });
  const upstream = new HandLink(hub.record.node);
  const followHub = () => {
    ann.office.know(hub);
    ann.office.switchNode = hub.record.node;
    ann.office.upstream = upstream;
    ann.messages.switchChanged();
  };
  return { ann, bob, hub, press, hold, upstream, followHub };
}

function end(desk: Desk, id: MessageId): void {
  desk.media.report({ type: 'talk-ended', id, count: 0, failed: null });
}

test('key down starts the worker at once; fragments from before the header is signed are kept, in order', async (t) => {
  const { ann, press } = await ground(t);
  const talks = ann.watch('talk');
  ann.time.pass(1234);
  const { id } = press();
  const [order] = ann.media.of('talk');
  assert.equal(order?.id, id);
  assert.equal(order.keyDownAt, ann.time.monotonic(), 'pre-roll reaches back to the key');
  assert.deepEqual(order.targets, [{ address: '10.0.0.9', port: 102 }]);
  assert.equal(ann.store.get(id), undefined, 'nothing is signed yet');
  const early = newFragments(5);
  for (const fragment of early) ann.media.speak(id, [fragment]);
  await until(() => ann.store.get(id) !== undefined, 'the header');
  const late = newFragments(5, 5);
  ann.media.speak(id, late);
  ann.messages.outgoing.release();
  end(ann, id);
  await until(isWhole(ann, id), 'the whole message');
  assert.deepEqual(await ann.bytesOf(id), joined([...early, ...late]));
  assert.deepEqual(
    talks.map((talk) => talk?.id),
    [id, id, undefined],
  );
});

test('the header goes to each recipient and the switch by datagram, and to the switch by its link', async (t) => {
  const { ann, bob, hub, press, upstream, followHub } = await ground(t);
  followHub();
  const { id } = press();
  assert.deepEqual(
    ann.media.of('talk')[0]?.targets.map(({ port }) => port),
    [102, 103],
    'the switch keeps the message for the office',
  );
  await until(() => upstream.of('announce').length > 0, 'the announcement');
  const { signed } = ann.store.get(id)!.header;
  assert.deepEqual(upstream.of('announce'), [{ type: 'announce', header: signed }]);
  assert.deepEqual(
    ann.office.headers.map(({ to, header }) => [to, header]),
    [
      [bob.record.node, signed],
      [hub.record.node, signed],
    ],
  );
});

test('a switch announces its own message over the links of its recipients alone', async (t) => {
  const { ann, bob, hub, press } = await ground(t);
  const [toBob, toHub] = [new HandLink(bob.record.node), new HandLink(hub.record.node)];
  ann.office.switchNode = ann.node;
  ann.office.downstream = [toBob, toHub];
  ann.messages.switchChanged();
  const { id } = press();
  await until(() => toBob.of('announce').length > 0, 'the announcement');
  ann.media.speak(id, newFragments(3));
  end(ann, id);
  await until(() => toBob.of('manifest').length > 0, 'the manifest');
  assert.deepEqual(toHub.sent, []);
  assert.deepEqual(
    ann.office.headers.map(({ to }) => to),
    [bob.record.node],
  );
});

test('a second press is refused while the key is down, and allowed while the tail is still recorded', async (t) => {
  const { ann, press } = await ground(t);
  const first = press();
  assert.throws(() => press(), { code: 'already-talking' });
  assert.equal(ann.messages.outgoing.release(), first.id);
  assert.deepEqual(ann.media.of('talk-stop'), [{ type: 'talk-stop', id: first.id }]);
  const second = press();
  assert.equal(ann.messages.outgoing.current?.id, second.id);
  // The first one's last word comes while the second is spoken: each goes to its own message.
  const [tail, next] = [newFragments(4), newFragments(2)];
  ann.media.speak(second.id, next);
  ann.media.speak(first.id, tail);
  for (const { id } of [first, second]) end(ann, id);
  for (const { id } of [first, second]) await until(isWhole(ann, id), 'both whole');
  assert.deepEqual(await ann.bytesOf(first.id), joined(tail));
  assert.deepEqual(await ann.bytesOf(second.id), joined(next));
  assert.equal(ann.messages.outgoing.current, undefined);
  assert.equal(ann.messages.outgoing.release(), undefined);
});

test('the manifest signs how many fragments there are, and all of them', async (t) => {
  const { ann, press, upstream, followHub } = await ground(t);
  followHub();
  const { id } = press();
  const fragments = newFragments(23);
  ann.media.speak(id, fragments.slice(0, 3));
  await until(() => ann.store.get(id) !== undefined, 'the header');
  ann.media.speak(id, fragments.slice(3));
  end(ann, id);
  await until(() => upstream.of('manifest').length > 0, 'the manifest');
  const manifest = verifyManifest(upstream.of('manifest')[0]!.manifest, ann.identity.signingKeySpki);
  assert.equal(manifest?.count, 23);
  assert.equal(manifest.hash, hashFragments(fragments.map(({ bytes }) => bytes)));
});

test('a worker that dies during a talk leaves a complete message of what was said, and the person is told', async (t) => {
  const { ann, press } = await ground(t);
  const failures = ann.watch('talk-failed');
  const { id } = press();
  const fragments = newFragments(9);
  ann.media.speak(id, fragments);
  ann.media.crash();
  await until(isWhole(ann, id), 'the whole message');
  assert.deepEqual(await ann.bytesOf(id), joined(fragments));
  assert.equal(failures.length, 1);
  assert.equal(ann.messages.outgoing.current, undefined);
  end(ann, id);
  assert.throws(() => press(), { code: 'sound-down' }, 'what is said before there is a worker would be lost');
  ann.media.restart();
  assert.doesNotThrow(() => press(), 'the next talk begins');
});

test('a microphone that fails is reported with its own message, once', async (t) => {
  const { ann, press } = await ground(t);
  const failures = ann.watch('talk-failed');
  const { id } = press();
  ann.media.speak(id, newFragments(2));
  const failed = { sentence: 'The microphone is gone.', phrase: null } as never;
  ann.media.report({ type: 'talk-ended', id, count: 2, failed });
  await until(isWhole(ann, id), 'the whole message');
  assert.deepEqual(failures, [failed]);
});

test('when the switch changes mid-talk, the rest goes to the new one', async (t) => {
  const { ann, hub, press, followHub } = await ground(t);
  const { id } = press();
  followHub();
  const targets = () => ann.media.of('talk-targets').map(({ targets: to }) => to.map(({ port }) => port));
  assert.deepEqual(targets(), [[102, 103]]);
  ann.office.switchNode = undefined;
  ann.messages.switchChanged();
  assert.deepEqual(targets()[1], [102]);
  ann.office.known.set(hub.record.node, hub.record);
  ann.office.switchNode = ann.node;
  ann.messages.switchChanged();
  assert.deepEqual(targets()[2], [102], 'this node is the switch itself');
  end(ann, id);
  ann.messages.switchChanged();
  assert.equal(targets().length, 3, 'what has ended goes nowhere');
});

test('if nobody can be reached, the message is complete here and waits in the outbox', async (t) => {
  const { ann, press } = await ground(t);
  ann.office.known.clear();
  const { id } = press(new Int16Array(480));
  const byItsRecord = [{ address: '10.0.0.9', port: 102, isBelieved: false }];
  assert.deepEqual(ann.media.of('talk')[0]?.targets, byItsRecord);
  assert.equal(ann.media.of('talk')[0]?.pcm?.length, 480);
  ann.media.speak(id, newFragments(12));
  end(ann, id);
  await until(isWhole(ann, id), 'the whole message');
  assert.deepEqual(
    ann.store.outbox().map((message) => message.id),
    [id],
  );
});

test('a message is announced to a switch that is found only after it was spoken', async (t) => {
  const { ann, press, upstream, followHub } = await ground(t);
  const { id } = press();
  ann.media.speak(id, newFragments(12));
  end(ann, id);
  await until(isWhole(ann, id), 'the whole message');
  followHub();
  ann.messages.linkUp(upstream);
  assert.deepEqual(
    upstream.sent.map(({ type }) => type),
    ['announce', 'manifest', 'inbox'],
  );
});

test('an invalid key of a recipient ends the talk with a sentence, and the next talk begins', async (t) => {
  const { ann, bob, press } = await ground(t);
  const failures = ann.watch('talk-failed');
  const talks = ann.watch('talk');
  const hpkeKey = toBase64url(new Uint8Array(65));
  const { id } = ann.messages.outgoing.press({
    ...{ recipients: [{ ...bob.record, hpkeKey }], from: '101', to: '102' },
  });
  await until(() => failures.length > 0, 'the failure');
  assert.equal(failures[0]?.phrase.code, 'bad-hpke-key');
  assert.equal(ann.messages.outgoing.current, undefined);
  assert.equal(talks[talks.length - 1], undefined);
  assert.deepEqual(ann.media.of('talk-stop'), [{ type: 'talk-stop', id }], 'the microphone is closed');
  end(ann, id);
  const next = press();
  await until(() => ann.store.get(next.id) !== undefined, 'the header of the next');
  assert.equal(ann.store.get(id), undefined);
});

test('the worker sends on to an address once the node there has proved itself, also what is still lacked of a talk that is over', async (t) => {
  const { ann, press } = await ground(t);
  let isBelieved = false;
  const address = () => ({ address: '10.0.0.9', port: 102, isBelieved });
  ann.office.mediaAddressOf = address;
  const { id: over } = press();
  ann.messages.outgoing.release();
  end(ann, over);
  await until(() => ann.messages.outgoing.current === undefined, 'it is finished');
  const { id } = press();
  assert.equal(ann.media.of('talk')[1]?.targets[0]?.isBelieved, false);
  ann.messages.outgoing.lookAgain();
  assert.deepEqual(ann.media.of('talk-targets'), [], 'nothing has changed');
  isBelieved = true;
  ann.messages.outgoing.lookAgain();
  ann.messages.outgoing.lookAgain();
  assert.deepEqual(
    ann.media.of('talk-targets').map(({ id: of, targets }) => ({ of, targets })),
    [id, over].map((of) => ({ of, targets: [address()] })),
  );
});

test('a held key is a message like any other once the worker says that it is meant', async (t) => {
  const { ann, hold } = await ground(t);
  const { id } = hold();
  assert.equal(ann.media.of('talk')[0]?.mayBeClick, true);
  ann.media.report({ type: 'talk-meant', id });
  await until(() => ann.store.get(id) !== undefined, 'it begins');
  ann.media.speak(id, newFragments(5));
  end(ann, id);
  await until(isWhole(ann, id), 'it is whole');
});

test('of a click there is no message anywhere, and the person is told how to talk', async (t) => {
  const { ann, hold, upstream, followHub } = await ground(t);
  followHub();
  const [talks, hints, failed] = [ann.watch('talk'), ann.watch('talk-hint'), ann.watch('talk-failed')];
  const { id } = hold();
  ann.messages.outgoing.release();
  ann.media.report({ type: 'talk-ended', id, count: 0, failed: null, isClick: true });
  assert.equal(hints[0]?.phrase.code, 'talk-clicked');
  assert.deepEqual([talks.at(-1), failed], [undefined, []]);
  const { id: next } = hold();
  ann.media.report({ type: 'talk-meant', id: next });
  await until(() => ann.store.get(next) !== undefined, 'the next one is sent');
  assert.equal(ann.store.get(id), undefined);
  assert.ok(!JSON.stringify(upstream.sent).includes(id), 'nobody is told of the click');
});

test('a held talk that fails, or whose worker crashes, before there is a voice leaves no message', async (t) => {
  const { ann, hold, press } = await ground(t);
  const failed = ann.watch('talk-failed');
  const { id } = hold();
  ann.media.report({ type: 'talk-ended', id, count: 0, failed: NOBODY_LEFT });
  const { id: other } = hold();
  ann.media.crash();
  ann.media.restart();
  assert.equal(failed.length, 2);
  const { id: next } = press();
  await until(() => ann.store.get(next) !== undefined, 'the next one is sent');
  assert.deepEqual([ann.store.get(id), ann.store.get(other)], [undefined, undefined]);
});

test('a talk whose microphone cannot be opened leaves no message, also where the key is latched', async (t) => {
  const { ann, press, upstream, followHub } = await ground(t);
  followHub();
  ann.media.hasMicrophone = false;
  const failed = ann.watch('talk-failed');
  const { id } = press();
  ann.media.report({ type: 'talk-ended', id, count: 0, failed: NOBODY_LEFT });
  assert.equal(failed.length, 1);
  ann.media.hasMicrophone = true;
  const { id: next } = press();
  await until(() => ann.store.get(next) !== undefined, 'the next one is sent');
  assert.equal(ann.store.get(id), undefined);
  assert.ok(!JSON.stringify(upstream.sent).includes(id), 'nobody is told of it');
});

test('a talker whose microphone gives no sound is told so while they talk, and how long that is so', async (t) => {
  const { ann, press } = await ground(t);
  const [talks, hints] = [ann.watch('talk'), ann.watch('talk-hint')];
  const { id } = press();
  ann.media.report({ type: 'talk-silent', id, isSilent: true });
  assert.deepEqual([talks.at(-1)?.isSilent, hints.at(-1)?.phrase.code], [true, 'talk-silent']);
  ann.media.report({ type: 'talk-silent', id, isSilent: false });
  assert.deepEqual([talks.at(-1)?.isSilent, hints.length], [false, 1]);
});
