import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { MessageSummary, RecipientStatus } from '../preload/api.ts';
import { messageSummary } from '../test/support/message-summary.ts';
import { noteOf, outcome } from './outcome.ts';
import { describeRecipient, describeRecipients } from './describe-recipient.ts';
import { speak } from './strings/index.ts';

beforeEach(() => speak('en'));

function recipient(state: RecipientStatus['state'], at: number | null = null): RecipientStatus {
  return {
    id: state,
    name: 'Dana Ruiz',
    extension: '204',
    state,
    handedTo: null,
    waitsFor: null,
    isNotified: false,
    isPart: false,
    at,
  };
}

/** This person said it, and nothing has come of it yet. */
function sent(facts: Partial<MessageSummary> = {}): MessageSummary {
  return messageSummary({
    ...{ direction: 'out', heard: false, number: '', storedOn: 0, startedAt: 0 },
    recipients: [recipient('waiting')],
    ...facts,
  });
}

test('the panel shows no more of a sent message than is proven', () => {
  assert.equal(outcome(sent()), 'Only on this computer so far');
  assert.equal(outcome(sent({ recipients: [recipient('hearing')] })), 'Only on this computer so far');
  assert.equal(outcome(sent({ storedOn: 1 })), 'Stored on 1 computer');
  assert.equal(
    outcome(sent({ storedOn: 2, recipients: [recipient('received', 5)] })),
    'Stored on 2 computers',
  );
  const at = new Date(2026, 4, 20, 10, 42).getTime();
  assert.match(outcome(sent({ storedOn: 2, recipients: [recipient('heard', at)] })), /^Heard 10:42/);
  const handed = { ...recipient('handed-on'), handedTo: 'Kim Lee' };
  assert.equal(outcome(sent({ storedOn: 2, recipients: [handed] })), 'Handed on to Kim Lee');
  assert.equal(describeRecipient(handed, 'away'), 'diverted, handed on to Kim Lee');
  assert.equal(noteOf(sent({ direction: 'in', handedTo: 'Kim Lee' }), undefined), 'Handed on to Kim Lee');
  const two = [recipient('heard', at), recipient('received')];
  assert.equal(outcome(sent({ recipients: two })), 'Heard by 1 of 2');
});

test('whoever was removed counts neither as missing nor as awaited', () => {
  const removed = recipient('removed');
  assert.equal(outcome(sent({ recipients: [removed] })), 'no longer in this office');
  const at = new Date(2026, 4, 20, 10, 42).getTime();
  assert.match(outcome(sent({ recipients: [recipient('heard', at), removed] })), /^Heard 10:42/);
  const three = [recipient('heard', at), recipient('received', 5), removed];
  assert.equal(outcome(sent({ recipients: three })), 'Heard by 1 of 2');
  assert.equal(
    outcome(sent({ storedOn: 1, recipients: [recipient('waiting'), removed] })),
    'Stored on 1 computer',
  );
  assert.equal(describeRecipient(removed, 'offline'), 'no longer in this office');
});

test('a row says what is going on, otherwise where the message came from', () => {
  const came = sent({ direction: 'in', forwardedFrom: 'Lee' });
  assert.equal(noteOf({ ...came, live: true }, 'catching-up'), 'Catching up');
  assert.equal(noteOf({ ...came, live: true }, undefined), 'Speaking now');
  assert.equal(noteOf({ ...came, complete: false }, undefined), 'Still arriving');
  const broken = { complete: false, isBrokenOff: true };
  assert.equal(noteOf({ ...came, ...broken }, undefined), 'Broken off');
  assert.equal(noteOf(sent(broken), undefined), 'Broken off · Only on this computer so far');
  assert.equal(noteOf(came, 'playing'), 'Forwarded from Lee');
  assert.equal(noteOf({ ...came, forwardedFrom: null }, undefined), '');
  assert.equal(noteOf({ ...came, meantFor: 'Bo' }, undefined), 'For Bo · Forwarded from Lee');
  assert.equal(noteOf({ ...came, forwardedFrom: null, meantFor: 'Bo' }, undefined), 'For Bo');
  assert.equal(noteOf(sent({ live: true }), undefined), 'You are speaking');
});

test('during a talk, a waiting recipient is never shown as hearing', () => {
  assert.equal(describeRecipient(recipient('hearing'), 'available'), 'hears you now');
  assert.equal(describeRecipient(recipient('waiting'), 'available'), 'waiting for an answer');
  assert.equal(describeRecipient(recipient('waiting'), 'offline'), 'offline, the message will wait');
  assert.equal(describeRecipient(recipient('notified'), 'dnd'), 'do not disturb, the message waits');
});

test('whom a recipient listens to meanwhile is said where their computer says it', () => {
  const queued = recipient('queued');
  const says = (waitsFor: RecipientStatus['waitsFor']) =>
    describeRecipient({ ...queued, waitsFor }, 'available');
  assert.equal(says(null), 'is listening to somebody else; yours plays next');
  assert.equal(says({ kind: 'voice', name: 'Bo' }), 'is listening to Bo; yours plays next');
  assert.equal(says({ kind: 'you' }), 'is listening to what you said before; yours plays next');
  assert.equal(says({ kind: 'call' }), 'is in a call; yours plays next');
});

test('of a recipient who has the message it is said, too, that they are notified', () => {
  assert.equal(describeRecipient(recipient('received'), 'away'), 'has the message');
  const notified = { ...recipient('received'), isNotified: true };
  assert.equal(describeRecipient(notified, 'away'), 'has the message, notified');
  assert.equal(describeRecipient(notified, 'dnd'), 'has the message', 'nothing disturbs them');
  const heard = { ...notified, state: 'heard' as const };
  assert.equal(describeRecipient(heard, 'away'), 'has heard it');
  assert.equal(
    describeRecipient({ ...heard, isPart: true }, 'away'),
    'has heard it, does not have all of it yet',
  );
});

test('of several recipients the bar says how many hear, and how many do not', () => {
  const many = [
    ...Array.from({ length: 5 }, () => recipient('hearing')),
    ...[recipient('notified'), recipient('queued'), recipient('waiting')],
    { ...recipient('notified'), id: 'quiet' },
  ];
  assert.equal(
    describeRecipients(many, (id) => (id === 'quiet' ? 'dnd' : 'away')),
    '5 hear you, 1 hears you next, 1 notified, 1 do not disturb, 1 waiting',
  );
});

test('of a page that passes it is said who heard it, never where it is stored; one that is kept is as a message', () => {
  const recipients = [
    recipient('heard', 1),
    recipient('heard', 2),
    recipient('missed'),
    recipient('received'),
  ];
  const passing = { isToAll: true, isKept: false, isUrgent: false };
  assert.equal(outcome(sent({ page: passing, recipients })), 'Heard by 2 of 4, 1 did not hear it');
  const unheard = [recipient('missed'), recipient('missed')];
  assert.equal(outcome(sent({ page: passing, recipients: unheard })), 'Heard by 0 of 2, 2 did not hear it');
  assert.equal(
    outcome(sent({ page: { isToAll: true, isKept: true, isUrgent: false }, storedOn: 2 })),
    'Stored on 2 computers',
  );
  assert.equal(noteOf(sent({ direction: 'in', page: passing, heard: true }), undefined), 'page');
  const urgent = { ...passing, isUrgent: true };
  assert.equal(noteOf(sent({ direction: 'in', page: urgent, heard: true }), undefined), 'urgent page');
});

test('those who do not hear a page are counted by why', () => {
  const states = ['hearing', 'hearing', 'missed', 'missed', 'missed', 'missed'] as const;
  const recipients = states.map((state, n) => ({ ...recipient(state), id: `${n}` }));
  const presences = ['available', 'available', 'dnd', 'dnd', 'away', 'available'] as const;
  const said = describeRecipients(recipients, (id) => presences[Number(id)] ?? 'offline');
  assert.equal(said, '2 hear you, 2 do not disturb, 1 away, 1 did not hear it');
  assert.equal(describeRecipient(recipient('missed'), 'busy'), 'busy, does not hear it');
});

test('until when it waits for somebody who is away for long, and that it waits no longer, is said', () => {
  const endsAt = new Date(new Date().getFullYear(), 10, 3, 12).getTime();
  assert.equal(outcome(sent({ storedOn: 2, endsAt })), 'Waits until Nov 3: away for months');
  const at = new Date(2026, 4, 20, 10, 42).getTime();
  const two = [recipient('heard', at), recipient('waiting')];
  assert.equal(
    outcome(sent({ recipients: two, endsAt })),
    'Heard by 1 of 2, Waits until Nov 3: away for months',
  );
  const gone = recipient('gone');
  assert.equal(outcome(sent({ recipients: [gone] })), 'was away for months; it waits no longer');
  assert.equal(describeRecipient(gone, 'offline'), 'was away for months; it waits no longer');
  assert.equal(
    describeRecipients([gone, recipient('heard', at)], () => 'offline'),
    '1 heard it, 1 away for months',
  );
});
