import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { withoutWords, type Page } from '../model/index.ts';
import type { TypedWords } from './compose.ts';
import type { VoicePort } from './ports.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

const WORDS: TypedWords = { text: 'The parcel is here', language: 'en', isAlone: true };
const SOUND = new Int16Array(48_000).fill(1000);

/** Bob, whose computer has a voice, and Ann and Kim, whose computers have none. */
async function ground(t: TestContext, answer: VoicePort['readOut'] = () => Promise.resolve(SOUND)) {
  const bob = await Desk.open(t, '102');
  bob.voice.answer = answer;
  const [ann, kim, hub] = (await Promise.all(
    ['101', '103', '105'].map((extension) => newPerson(t, extension)),
  )) as [Person, Person, Person];
  bob.office.know(ann, kim, hub);
  bob.office.switchNode = hub.record.node;
  const upstream = new HandLink(hub.record.node);
  bob.office.upstream = upstream;
  const notified = bob.watch('notification');
  const typed = (by: Person, how: { page?: Page; isOverride?: boolean; forwardedFrom?: string } = {}) =>
    speak(by, [bob], { time: bob.time, words: WORDS, count: 0, ...how });
  const ends = ({ manifest }: Spoken) =>
    bob.messages.frame({ type: 'manifest', manifest: manifest.signed }, upstream);
  const comes = async (message: Promise<Spoken>): Promise<Spoken> => {
    const whole = await message;
    bob.hear(whole.header.signed);
    ends(whole);
    return whole;
  };
  const said = ({ id }: Spoken) => upstream.of('progress').filter((one) => one.id === id);
  return {
    ...{ bob, ann, kim, upstream, notified, typed, comes, ends },
    isNotified: ({ id }: Spoken) => until(() => notified.some((one) => one.id === id), 'the notification'),
    sounds: ({ id }: Spoken) =>
      until(() => bob.media.of('speak').some((one) => one.id === id), 'the words sound'),
    stops: ({ id }: Spoken) => bob.media.report({ type: 'playback-ended', id, reason: 'end' }),
    told: (message: Spoken) => said(message).map(({ isQueued, state }) => (isQueued ? 'queued' : state)),
    heard: ({ id }: Spoken) => {
      const own = bob.store.get(id)?.receipts.find(({ facts }) => facts.node === bob.node)?.facts;
      return own?.state === 'heard' ? { isSpoken: own.isSpoken === true } : undefined;
    },
  };
}

test('words that have no voice are spoken by a voice of the recipient’s computer, who has then heard them', async (t) => {
  const { bob, ann, notified, typed, comes, sounds, stops, told, heard } = await ground(t);
  const message = await comes(typed(ann));
  await sounds(message);
  const [order] = bob.media.of('speak');
  assert.deepEqual([order?.pcm, order?.gain, order?.first], [SOUND, 1, undefined]);
  assert.deepEqual(bob.voice.asked, [{ text: WORDS.text, language: 'en' }]);
  assert.deepEqual(bob.media.of('receive'), [], 'no packet of it comes');
  assert.deepEqual(
    bob.messages.inbox.speaking.map(({ id }) => id),
    [message.id],
  );
  bob.media.report({ type: 'sounding', id: message.id, live: true });
  assert.deepEqual(told(message), ['hearing']);
  assert.equal(bob.store.get(message.id)?.local.heard, undefined);
  stops(message);
  await until(() => heard(message) !== undefined, 'the receipt');
  assert.deepEqual(heard(message), { isSpoken: true });
  assert.deepEqual(bob.messages.inbox.speaking, []);
  assert.deepEqual(notified, []);
});

test('one voice is heard at a time: words wait, made to sound before their turn comes', async (t) => {
  const { bob, ann, kim, typed, comes, sounds, stops, told } = await ground(t);
  const first = await comes(typed(ann));
  await sounds(first);
  const second = await comes(typed(kim));
  await until(() => bob.messages.turns.waiting.length === 1, 'it waits');
  assert.deepEqual(told(second), ['queued']);
  assert.equal(bob.voice.asked.length, 2);
  const spoken = await speak(ann, [bob], { time: bob.time });
  bob.hear(spoken.header.signed);
  await until(() => bob.messages.turns.waiting.length === 2, 'a voice waits behind them');
  bob.voice.answer = () => Promise.reject(new Error('it is not asked again'));
  stops(first);
  await sounds(second);
  assert.equal(bob.messages.player.playback, undefined);
  stops(second);
  await until(() => bob.messages.player.playback?.id === spoken.id, 'the turn of the voice');
});

test('words behind somebody’s voice are spoken after it', async (t) => {
  const { bob, ann, kim, typed, comes, sounds, stops } = await ground(t);
  const spoken = await speak(ann, [bob], { time: bob.time });
  bob.hear(spoken.header.signed);
  await until(() => bob.messages.inbox.isLive(spoken.id), 'Ann is heard');
  const message = await comes(typed(kim));
  await until(() => bob.messages.turns.waiting.length === 1, 'it waits');
  assert.deepEqual(bob.media.of('speak'), []);
  stops(spoken);
  await sounds(message);
});

const SHOWN: readonly (readonly [why: string, change: (bob: Desk) => void])[] = [
  ['to a person who wants not to be disturbed', ({ listener }) => (listener.presence = 'dnd')],
  ['to one who is away', ({ listener }) => (listener.presence = 'away')],
  ['behind a locked screen', ({ listener }) => (listener.isLocked = true)],
  ['without a loudspeaker', ({ listener }) => (listener.canPlay = false)],
  ['by a talker who is muted', ({ listener }) => (listener.isMuted = () => true)],
];
for (const [why, change] of SHOWN)
  test(`words ${why} are shown, and no engine works`, async (t) => {
    const { bob, ann, typed, comes, isNotified, told } = await ground(t);
    change(bob);
    const message = await comes(typed(ann));
    await isNotified(message);
    assert.deepEqual([bob.voice.asked, bob.media.of('speak')], [[], []]);
    assert.deepEqual(told(message), ['notified']);
    assert.ok(!bob.messages.ear.isTaken);
  });

test('words that no datagram of their talker brings, or that are forwarded, are shown', async (t) => {
  const { bob, ann, upstream, typed, comes, ends, isNotified } = await ground(t);
  const late = await typed(ann);
  // They waited while this computer was away.
  bob.messages.frame({ type: 'announce', header: late.header.signed }, upstream);
  ends(late);
  bob.time.pass(300);
  await isNotified(late);
  await isNotified(await comes(typed(ann, { forwardedFrom: 'Kim' })));
  assert.deepEqual(bob.voice.asked, []);
});

const FAILS: readonly (readonly [what: string, answer: VoicePort['readOut']])[] = [
  ['speaks the language', () => Promise.resolve(undefined)],
  ['works', () => Promise.reject(new Error('it crashed'))],
  ['makes a sound', () => Promise.resolve(new Int16Array(0))],
  ['ends', () => new Promise(() => undefined)],
];
for (const [what, answer] of FAILS)
  test(`words are shown where no voice ${what}, and the next voice is heard meanwhile`, async (t) => {
    const { bob, ann, kim, typed, comes, isNotified, told } = await ground(t, answer);
    const message = await comes(typed(ann));
    await until(() => bob.voice.asked.length === 1, 'the engine is asked');
    const spoken = await speak(kim, [bob], { time: bob.time });
    bob.hear(spoken.header.signed);
    await until(() => bob.messages.inbox.isLive(spoken.id), 'Kim is heard at once');
    bob.time.pass(5000);
    await isNotified(message);
    assert.deepEqual(told(message), ['notified']);
    assert.deepEqual(bob.media.of('speak'), []);
  });

test('a hanging engine is told to end, and works for a few messages at a time', async (t) => {
  const signals: AbortSignal[] = [];
  const { bob, ann, typed, comes, isNotified } = await ground(t, (_words, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  for (let n = 0; n < 3; n += 1) await comes(typed(ann));
  await until(() => signals.length === 3, 'three are being made');
  await isNotified(await comes(typed(ann)));
  assert.equal(signals.length, 3);
  bob.time.pass(5000);
  assert.ok(signals.every(({ aborted }) => aborted));
});

test('what has changed while the sound was made counts', async (t) => {
  let done: (pcm: Int16Array) => void = () => undefined;
  const { bob, ann, kim, typed, comes, isNotified, told } = await ground(
    t,
    () => new Promise((give) => (done = give)),
  );
  const message = await comes(typed(ann));
  await until(() => bob.voice.asked.length === 1, 'the engine is asked');
  bob.listener.isLocked = true;
  done(SOUND);
  await isNotified(message);
  assert.deepEqual(bob.media.of('speak'), []);
  assert.deepEqual(told(message), ['notified'], 'once');
  bob.listener.isLocked = false;

  const deleted = await comes(typed(ann));
  await until(() => bob.voice.asked.length === 2, 'the engine is asked');
  await bob.messages.delete(deleted.id);
  await until(() => bob.log.some((line) => line.includes(deleted.id)), 'it is made no more');
  assert.deepEqual(bob.media.of('speak'), []);

  const ofRemoved = await comes(typed(kim));
  await until(() => bob.voice.asked.length === 3, 'the engine is asked');
  bob.office.remove(kim);
  bob.messages.membersChanged();
  done(SOUND);
  await isNotified(ofRemoved);
  assert.deepEqual(bob.media.of('speak'), []);
});

test('words that are skipped are shown, and their talker is told that they do not sound any more', async (t) => {
  const { bob, ann, typed, comes, sounds, isNotified, told } = await ground(t);
  const message = await comes(typed(ann));
  await sounds(message);
  bob.media.report({ type: 'sounding', id: message.id, live: true });
  await bob.messages.turns.skip();
  await isNotified(message);
  assert.deepEqual(bob.media.of('forget').at(-1), { type: 'forget', id: message.id });
  assert.deepEqual(told(message), ['hearing', 'notified']);
  assert.equal(bob.store.get(message.id)?.local.heard, undefined);
  assert.equal(bob.messages.ear.isTaken, false);
});

test('words that were read while they waited are not spoken any more, and count as read', async (t) => {
  const { bob, ann, kim, typed, comes, sounds, stops, heard } = await ground(t);
  const first = await comes(typed(ann));
  await sounds(first);
  const second = await comes(typed(kim));
  await until(() => bob.messages.turns.waiting.length === 1, 'it waits');
  bob.messages.inbox.heard(second.id);
  stops(first);
  await until(() => heard(second) !== undefined, 'the receipt');
  assert.deepEqual(heard(second), { isSpoken: false });
  assert.equal(bob.media.of('speak').length, 1);
});

test('words at a computer that nobody has touched for minutes are spoken, and shown all the same', async (t) => {
  const { bob, ann, typed, comes, sounds, stops, isNotified } = await ground(t);
  bob.listener.isIdle = true;
  const message = await comes(typed(ann));
  await sounds(message);
  stops(message);
  await isNotified(message);
  assert.equal(bob.store.get(message.id)?.local.heard, undefined);
});

test('a page of words has its tone, and sounds above what the person plays; an override ignores do not disturb', async (t) => {
  const { bob, ann, typed, comes, sounds, stops } = await ground(t);
  const spoken = await speak(ann, [bob], { time: bob.time });
  bob.hear(spoken.header.signed);
  await until(() => bob.messages.inbox.isLive(spoken.id), 'Ann is heard');
  stops(spoken);
  await bob.messages.player.play(bob.store.get(spoken.id)!);
  const page = await comes(typed(ann, { page: { isKept: true } }));
  await sounds(page);
  assert.equal(bob.media.of('speak')[0]?.first, 'page');
  assert.ok(
    bob.media.of('gain').some(({ id, gain }) => id === spoken.id && gain < 0.5),
    'what plays is softer',
  );
  stops(page);
  bob.messages.player.control('stop');
  bob.listener.presence = 'dnd';
  bob.office.overriders.add(ann.record.node);
  await sounds(await comes(typed(ann, { isOverride: true })));
});

test('words that did not fit into the datagram are spoken when they have come', async (t) => {
  const { bob, ann, upstream, typed, ends, sounds } = await ground(t);
  const message = await typed(ann);
  const { signed, facts } = message.header;
  bob.messages.header(withoutWords(signed), facts.talker);
  assert.deepEqual(bob.voice.asked, []);
  bob.messages.frame({ type: 'announce', header: signed }, upstream);
  ends(message);
  await sounds(message);
  assert.equal(bob.voice.asked.length, 1);
});

test('words that sound when the worker crashes, or a call begins, are shown', async (t) => {
  const { bob, ann, typed, comes, sounds, isNotified } = await ground(t);
  const first = await comes(typed(ann));
  await sounds(first);
  bob.media.crash();
  await isNotified(first);
  const second = await comes(typed(ann));
  await sounds(second);
  bob.messages.ear.hold('call c1');
  await isNotified(second);
});
