import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { Page } from '../model/index.ts';
import { switchBetween } from './test-joined-desks.ts';
import { Desk } from './test-desk.ts';
import { newFragments, newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

const PASSES: Page = { isToAll: true };
const SILENT = localizedText('microphone-silent', 'The microphone does not answer.');
const IS_KEPT: Page = { isToAll: true, isKept: true };

/** Bob, who follows a switch; Ann and Kim talk to him and to each other. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, kim, hub] = (await Promise.all(
    ['101', '103', '104'].map((extension) => newPerson(t, extension)),
  )) as [Person, Person, Person];
  bob.office.know(ann, kim, hub);
  bob.office.switchNode = hub.record.node;
  const upstream = new HandLink(hub.record.node);
  bob.office.upstream = upstream;
  const told = ({ id }: Spoken) =>
    upstream
      .of('progress')
      .flatMap((said) => (said.id === id ? [said.isQueued ? 'queued' : said.state] : []));
  const say = async (talker: Person, page?: Page): Promise<Spoken> => {
    const others = [ann, kim].filter((one) => one !== talker);
    const message = await speak(talker, [bob, ...others], { time: bob.time, ...(page && { page }) });
    bob.hear(message.header.signed);
    return message;
  };
  return { bob, ann, kim, upstream, told, say };
}

const IN_THE_WAY: readonly (readonly [string, (bob: Desk) => void])[] = [
  ['is busy by choice', (bob) => (bob.listener.presence = 'busy')],
  ['is away by choice', (bob) => (bob.listener.presence = 'away')],
  ['does not want to be disturbed', (bob) => (bob.listener.presence = 'dnd')],
  ['has locked the screen', (bob) => (bob.listener.isLocked = true)],
  ['has no loudspeaker', (bob) => (bob.listener.canPlay = false)],
];
for (const [why, hinder] of IN_THE_WAY) {
  test(`a page neither sounds nor is kept if the person ${why}; its talker learns that`, async (t) => {
    const { bob, ann, upstream, told, say } = await ground(t);
    hinder(bob);
    const notifications = bob.watch('notification');
    const page = await say(ann, PASSES);
    assert.deepEqual(told(page), ['notified']);
    // The switch tells of it, too, and by then the person might hear it.
    bob.listener.presence = 'available';
    bob.messages.frame({ type: 'announce', header: page.header.signed }, upstream);
    bob.messages.frame({ type: 'manifest', manifest: page.manifest.signed }, upstream);
    assert.deepEqual(new Set(told(page)), new Set(['notified']));
    assert.deepEqual([bob.store.list(), bob.media.of('receive'), notifications], [[], [], []]);
  });

  test(`of a page that its talker keeps, a person who ${why} is notified`, async (t) => {
    const { bob, ann, told, say } = await ground(t);
    hinder(bob);
    const notifications = bob.watch('notification');
    const page = await say(ann, IS_KEPT);
    await until(() => notifications.length > 0, 'the notification');
    assert.deepEqual(told(page), ['notified']);
    assert.equal(bob.media.of('receive')[0]?.play, false);
    assert.deepEqual(
      bob.store.unheard().map(({ id }) => id),
      [page.id],
    );
  });
}

test('a talker learns that a page is not heard also if there was no link when it came', async (t) => {
  const { bob, ann, upstream, told, say } = await ground(t);
  bob.listener.presence = 'dnd';
  bob.office.upstream = undefined;
  const page = await say(ann, PASSES);
  assert.deepEqual(told(page), []);
  bob.office.upstream = upstream;
  bob.messages.linkUp(upstream);
  bob.messages.frame({ type: 'announce', header: page.header.signed }, upstream);
  assert.deepEqual(told(page), ['notified']);
});

test('a page sounds above what the person plays, which is not ended by it', async (t) => {
  const { bob, ann, kim, say } = await ground(t);
  const notifications = bob.watch('notification');
  bob.listener.presence = 'busy';
  const earlier = await say(kim);
  await until(() => notifications.length > 0, 'a message that waits to be played');
  bob.listener.presence = 'available';
  const message = bob.store.get(earlier.id);
  assert.ok(message);
  await bob.messages.player.play(message);
  const page = await say(ann, PASSES);
  await until(() => bob.messages.inbox.isLive(page.id), 'the page');
  const order = bob.media.of('receive').find(({ id }) => id === page.id);
  assert.deepEqual([order?.play, order?.first], [true, 'page']);
  assert.equal(bob.messages.player.playback?.id, earlier.id);
});

test('a page waits while somebody speaks to the person, or another page sounds, and has its turn as a page', async (t) => {
  const { bob, ann, kim, told, say } = await ground(t);
  const first = await say(kim);
  await until(() => bob.messages.inbox.isLive(first.id), 'Kim is heard');
  const page = await say(ann, PASSES);
  await until(() => told(page).length > 0, 'the page waits');
  const other = await say(kim, PASSES);
  await until(() => told(other).length > 0, 'the other page waits');
  assert.deepEqual([told(page), told(other)], [['queued'], ['queued']]);
  bob.media.report({ type: 'playback-ended', id: first.id, reason: 'end' });
  await until(() => bob.messages.player.playback?.id === page.id, 'its turn');
  assert.equal(bob.media.of('play')[0]?.first, 'page');
});

test('a message waits while a page sounds', async (t) => {
  const { bob, ann, kim, told, say } = await ground(t);
  const page = await say(ann, PASSES);
  await until(() => bob.messages.inbox.isLive(page.id), 'the page');
  const message = await say(kim);
  await until(() => told(message).length > 0, 'the message waits');
  assert.deepEqual(told(message), ['queued']);
});

test('a page that sounds at a computer that nobody has touched for minutes stays unheard', async (t) => {
  const { bob, ann, say } = await ground(t);
  bob.listener.isIdle = true;
  const notifications = bob.watch('notification');
  const page = await say(ann, PASSES);
  await until(() => bob.messages.inbox.isLive(page.id), 'the page');
  bob.media.report({ type: 'playback-ended', id: page.id, reason: 'end' });
  assert.equal(notifications[0]?.id, page.id);
  assert.equal(bob.store.get(page.id)?.local.heard, undefined);
});

test('the switch passes a page on, never claims to keep it, and drops it after a quarter of an hour', async (t) => {
  const { hub, ann, bob, toAnn, toBob } = await switchBetween(t);
  const page = await speak(ann, [bob, await newPerson(t, '105')], { time: hub.time, page: PASSES });
  hub.take(page, toAnn);
  await until(() => hub.store.get(page.id)?.state === 'complete', 'the whole page');
  assert.deepEqual(
    toBob.sent.map(({ type }) => type),
    ['announce', 'manifest'],
  );
  assert.deepEqual(toAnn.of('receipt'), []);
  // Whoever comes later is not told of it: nobody waits for it.
  hub.messages.frame({ type: 'inbox', receiptsOf: [] }, toBob);
  hub.time.pass(15 * 60_000 - 1);
  assert.equal(toBob.of('announce').length, 1);
  assert.ok(hub.store.get(page.id));
  hub.time.pass(1);
  await until(() => hub.store.get(page.id) === undefined, 'it is gone');
});

test('nobody is asked to keep a page that is not kept, and nobody waits for it', async (t) => {
  const ann = await Desk.open(t, '101');
  const bob = await newPerson(t, '102');
  ann.office.know(bob);
  const { outgoing } = ann.messages;
  const { id } = outgoing.press({ recipients: [bob.record], from: '101', to: '102', page: PASSES });
  ann.media.speak(id, newFragments(3));
  outgoing.release();
  ann.media.report({ type: 'talk-ended', id, count: 3, failed: null });
  await until(() => ann.store.get(id)?.state === 'complete', 'the whole page');
  ann.time.pass(60_000);
  assert.deepEqual(ann.messages.outbox(), []);
  assert.equal(ann.store.get(id)?.header.facts.page?.isKept, undefined);
});

/** Ann records a page for Bob. */
async function recording(t: TestContext) {
  const ann = await Desk.open(t, '101');
  const [bob, kim] = await Promise.all([newPerson(t, '102'), newPerson(t, '103')]);
  ann.office.know(bob, kim);
  const [failures, hints] = [ann.watch('talk-failed'), ann.watch('talk-hint')];
  const { outgoing } = ann.messages;
  const { id } = outgoing.record({
    ...{ recipients: [bob.record, kim.record], from: '101', to: '102', page: PASSES },
  });
  const recorded = (samples: number, failed: LocalizedText | null = null) =>
    ann.media.report({ type: 'recorded', id, pcm: new Int16Array(samples), failed });
  return { ann, bob, kim, failures, hints, outgoing, id, recorded };
}

test('a page that is recorded first is sent when the key is let go, as another message of that press', async (t) => {
  const { ann, outgoing, id, recorded } = await recording(t);
  assert.deepEqual([outgoing.current?.id, outgoing.current?.isRecording], [id, true]);
  assert.throws(() => outgoing.press({ recipients: [], from: '101', to: '102' }), {
    code: 'already-talking',
  });
  assert.deepEqual([ann.media.of('talk'), ann.office.headers], [[], []]);
  assert.equal(outgoing.release(), id);
  assert.deepEqual(ann.media.of('record-stop'), [{ type: 'record-stop', id }]);
  recorded(96_000);
  const [talk] = ann.media.of('talk');
  assert.equal(talk?.pcm?.length, 96_000);
  assert.deepEqual([outgoing.current?.id, outgoing.current?.pressed], [talk.id, id]);
  assert.deepEqual([outgoing.current?.isRecording, outgoing.current?.usesMicrophone], [false, false]);
  await until(() => ann.office.headers.length === 2, 'the header');
});

test('a recording that reached its limit waits for key up, which does not end the page', async (t) => {
  const { ann, outgoing, recorded } = await recording(t);
  recorded(96_000);
  assert.deepEqual(ann.media.of('talk'), []);
  outgoing.release();
  assert.equal(ann.media.of('talk').length, 1);
  assert.deepEqual(ann.media.of('talk-stop'), []);
});

const FAILS: readonly (readonly [string, string, (office: Awaited<ReturnType<typeof recording>>) => void])[] =
  [
    ['only clicked', 'page-nothing-recorded', ({ recorded }) => recorded(4800)],
    ['has no microphone', 'microphone-silent', ({ recorded }) => recorded(0, SILENT)],
    ['lost the media worker', 'page-recording-cut', ({ ann }) => ann.media.crash()],
    [
      'records for people who are removed meanwhile',
      'talk-nobody-left',
      ({ ann, bob, kim, recorded }) => {
        ann.office.remove(bob, kim);
        recorded(96_000);
      },
    ],
  ];
for (const [why, code, happens] of FAILS) {
  test(`nothing is sent if the person ${why}, and a sentence says so`, async (t) => {
    const office = await recording(t);
    const { ann, outgoing, failures, hints } = office;
    outgoing.release();
    happens(office);
    assert.deepEqual(
      [...failures, ...hints].map(({ phrase }) => phrase.code),
      [code],
    );
    assert.equal(hints.length, why === 'only clicked' ? 1 : 0, 'a click is no trouble');
    assert.deepEqual([ann.media.of('talk'), outgoing.current], [[], undefined]);
  });
}
