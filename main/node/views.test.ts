import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Directory } from '../directory/index.ts';
import type { Report } from '../messages/index.ts';
import type { NodeId, ReceiptState } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import { messageSummary } from './views.ts';

const BOB = 'bob' as NodeId;
const KNOWN = {
  reportOf: () => undefined,
  isRemoved: () => false,
  personOf: (node: NodeId) => node,
  isSelf: () => false,
  groupNow: () => null,
  mayOverride: () => false,
};

/** What is shown of a recipient whose node said this, the last of it last. */
function shown(
  said: readonly ReceiptState[],
  { isRemoved = false, isGone = false, progress = undefined as 'notified' | undefined } = {},
) {
  const facts = said.map((state) => ({ facts: { node: BOB, state, at: 5 } }));
  const message = {
    ...{ id: 'x', roles: { mine: 'talker', keeps: false }, held: 0, state: 'complete' },
    local: isGone ? { ending: { endsAt: 7, endedAt: 8 } } : {},
    header: { facts: { recipients: [BOB], to: '102', startedAt: 0 } },
    receipts: facts.filter(({ facts: { state } }) => state !== 'lost').slice(-1),
    holding: facts.slice(-1),
  } as unknown as StoredMessage;
  const known = {
    ...KNOWN,
    reportOf: () => (progress ? { state: progress } : undefined),
    isRemoved: () => isRemoved,
  };
  return recipientViewIn(message, known).state;
}

function recipientViewIn(message: StoredMessage, known: Parameters<typeof messageSummary>[3]) {
  const facts = { isSpoken: false, soundsLive: false, copies: 0, text: null, transcript: null };
  return messageSummary(message, new Directory(), facts, known).recipients[0]!;
}

test('nothing is shown of a recipient that is no longer true', () => {
  assert.equal(shown([]), 'waiting');
  assert.equal(shown([], { progress: 'notified' }), 'notified');
  assert.equal(shown(['received']), 'received');
  assert.equal(shown(['received'], { progress: 'notified' }), 'received', 'what is proven stands');
  assert.equal(shown(['lost'], { progress: 'notified' }), 'notified');
  assert.equal(shown(['lost']), 'refused', 'it never had it: it has no room');
  assert.equal(shown(['received', 'lost']), 'received', 'it had it, and fetches it again');
  assert.equal(shown([], { isRemoved: true, progress: 'notified' }), 'removed');
  assert.equal(shown(['lost'], { isRemoved: true }), 'removed');
  assert.equal(shown(['heard'], { isRemoved: true }), 'heard', 'what is proven stands');
  assert.equal(shown([], { isGone: true, progress: 'notified' }), 'gone', 'it waits for them no longer');
  assert.equal(shown(['received'], { isGone: true }), 'received', 'what is proven stands');
});

test('the talker sees until when a message waits for somebody who is away for long, and not after that', () => {
  const endOf = (mine: 'talker' | 'recipient', ending: object) => {
    const message = {
      ...{ id: 'x', roles: { mine, keeps: false }, held: 0, state: 'complete', local: { ending } },
      header: { facts: { talker: BOB, recipients: [BOB], to: '102', from: '101', startedAt: 0 } },
      ...{ receipts: [], holding: [] },
    } as unknown as StoredMessage;
    const facts = { isSpoken: false, soundsLive: false, copies: 0, text: null, transcript: null };
    return messageSummary(message, new Directory(), facts, KNOWN).endsAt;
  };
  assert.equal(endOf('talker', { endsAt: 7 }), 7);
  assert.equal(endOf('talker', { endsAt: 7, endedAt: 8 }), null);
  assert.equal(endOf('recipient', { endsAt: 7 }), null, 'it keeps it for others, who cannot be told');
});

test('whom somebody listens to is named where that is a colleague, and a call names nobody', () => {
  const [cy, self] = ['cy' as NodeId, 'self' as NodeId];
  const waitsFor = (engaged: Omit<Report, 'state'>, isOver = false) => {
    const message = {
      ...{ id: 'x', roles: { mine: 'talker', keeps: false }, local: {}, held: 0, state: 'partial' },
      header: { facts: { recipients: [BOB], to: '102', startedAt: 0 } },
      ...{ receipts: [], holding: [], ...(isOver && { manifest: { facts: { durationMs: 0 } } }) },
    } as unknown as StoredMessage;
    const directory = new Directory();
    directory.nameOfPerson = (person) => (person === cy ? 'Cy' : undefined);
    const reportOf = (): Report => ({ state: 'queued', ...engaged });
    const facts = { isSpoken: true, soundsLive: false, copies: 0, text: null, transcript: null };
    const known = { ...KNOWN, reportOf, isSelf: (node: NodeId) => node === self };
    return messageSummary(message, directory, facts, known).recipients[0]!.waitsFor;
  };
  assert.deepEqual(waitsFor({ listensTo: cy }), { kind: 'voice', name: 'Cy' });
  assert.deepEqual(waitsFor({ listensTo: self }), { kind: 'you' });
  assert.equal(waitsFor({ listensTo: 'stranger' as NodeId }), null);
  assert.equal(waitsFor({}), null, 'a version before does not say it');
  assert.deepEqual(waitsFor({ isInCall: true }), { kind: 'call' });
  assert.equal(waitsFor({ listensTo: cy }, true), null, 'it is shown only while the message is spoken');
});

test('words alone are read, unless a computer spoke them, which is shown while it does', () => {
  const alone = (isSpoken: boolean, progress?: 'hearing' | 'notified', state: ReceiptState = 'heard') => {
    const receipts = [{ facts: { node: BOB, state, at: 5, ...(isSpoken && { isSpoken: true }) } }];
    const message = {
      ...{ id: 'x', roles: { mine: 'talker', keeps: false }, local: {}, held: 0, state: 'complete' },
      header: { facts: { recipients: [BOB], to: '102', startedAt: 0, words: { isAlone: true } } },
      ...{ receipts, holding: receipts, manifest: { facts: { durationMs: 0 } } },
    } as unknown as StoredMessage;
    const reportOf = () => (progress ? { state: progress } : undefined);
    const { state: is, isNotified } = recipientViewIn(message, { ...KNOWN, reportOf });
    return isNotified ? `${is}, notified` : is;
  };
  assert.equal(alone(false), 'read');
  assert.equal(alone(true), 'heard');
  assert.equal(alone(false, 'hearing', 'received'), 'hearing');
  assert.equal(alone(false, 'notified', 'received'), 'received, notified', 'both are true');
  assert.equal(alone(true, 'hearing'), 'heard', 'what is proven stands');
});

test('a person with several computers is one recipient, with the furthest state of its computers', () => {
  const [laptop, cy] = ['laptop' as NodeId, 'cy' as NodeId];
  const states = (...said: readonly (readonly [NodeId, ReceiptState])[]) => {
    const receipts = said.map(([node, state]) => ({ facts: { node, state, at: 5 } }));
    const message = {
      ...{ id: 'x', roles: { mine: 'talker', keeps: false }, local: {}, held: 0, state: 'complete' },
      header: { facts: { recipients: [BOB, laptop, cy], to: '102', startedAt: 0 } },
      ...{ receipts, holding: receipts },
    } as unknown as StoredMessage;
    const known = { ...KNOWN, personOf: (node: NodeId) => (node === laptop ? BOB : node) };
    const shown = messageSummary(
      message,
      new Directory(),
      { isSpoken: false, soundsLive: false, copies: 0, text: null, transcript: null },
      known,
    ).recipients;
    return shown.map(({ id, state }) => [id, state]);
  };
  assert.deepEqual(states(), [
    [BOB, 'waiting'],
    [cy, 'waiting'],
  ]);
  assert.deepEqual(states([BOB, 'received'], [laptop, 'heard'], [cy, 'received']), [
    [BOB, 'heard'],
    [cy, 'received'],
  ]);
});

test('a message that has not ended is being spoken, comes, or was broken off; words without a voice are neither', () => {
  const broken = { brokenOff: { at: 5, held: 0 } };
  const looks = (words: object | undefined, isSpoken: boolean, local = {}, mine = 'recipient') => {
    const message = {
      ...{ id: 'x', roles: { mine, keeps: false }, local, held: 0, state: 'partial' },
      header: { facts: { talker: BOB, recipients: [], from: '102', startedAt: 0, words } },
      ...{ receipts: [], holding: [] },
    } as unknown as StoredMessage;
    const facts = { isSpoken, soundsLive: false, copies: 0, text: null, transcript: null };
    const { live, isBrokenOff } = messageSummary(message, new Directory(), facts, KNOWN);
    return { live, isBrokenOff };
  };
  assert.deepEqual(looks(undefined, true), { live: true, isBrokenOff: false });
  assert.deepEqual(looks(undefined, false), { live: false, isBrokenOff: false });
  assert.deepEqual(looks(undefined, false, broken), { live: false, isBrokenOff: true });
  assert.deepEqual(looks(undefined, true, broken), { live: false, isBrokenOff: true });
  assert.deepEqual(looks(undefined, true, {}, 'talker'), { live: true, isBrokenOff: false });
  assert.deepEqual(
    looks(undefined, false, {}, 'talker'),
    { live: false, isBrokenOff: true },
    'it speaks no more',
  );
  assert.deepEqual(looks({ isAlone: true }, true), { live: false, isBrokenOff: false });
  assert.deepEqual(looks({ isAlone: true }, false, broken), { live: false, isBrokenOff: false });
});
