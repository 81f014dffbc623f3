import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callStatus } from '../test/support/call-status.ts';
import { callable, spokenWith, type Speech } from './spoken-with.ts';

const people: Speech['people'] = ['ana', 'bo', 'kim'].map((id) => ({
  id,
  speaking: false,
  presence: 'available',
}));
const status = (more: Partial<NonNullable<Speech['status']>> = {}): Speech['status'] => ({
  ...{ waiting: [], talkTo: null, calls: [] },
  ...more,
});
const talkTo = (id: string, isReply: boolean): NonNullable<Speech['status']>['talkTo'] => ({
  ...{ name: id, extension: '1', people: [id], groups: [], count: 1, isReply, until: null },
});
const says = (id: string, state: 'hearing' | 'queued' | 'notified') =>
  ({
    id,
    name: id,
    extension: '1',
    state,
    handedTo: null,
    waitsFor: null,
    isNotified: false,
    isPart: false,
    at: null,
  }) as const;
const called = (more: Partial<Omit<Speech, 'callable'>>): string => {
  const speech = { people, status: status(), talk: null, ...more };
  return [...spokenWith({ ...speech, callable: callable(speech) })].sort().join();
};

test('a talker is called with one click, also one who waits to be heard or spoke a moment ago', () => {
  assert.equal(called({}), '');
  assert.equal(called({ people: people.map((one) => ({ ...one, speaking: one.id === 'bo' })) }), 'bo');
  const waiting = [{ person: 'kim', name: 'Kim', extension: '103' }];
  assert.equal(called({ status: status({ waiting, talkTo: talkTo('ana', true) }) }), 'ana,kim');
  assert.equal(
    called({ status: status({ talkTo: talkTo('ana', false) }) }),
    '',
    'whom I chose has said nothing',
  );
});

test('so is the only recipient who hears this person; of several recipients, or of a page, nobody is', () => {
  assert.equal(called({ talk: { page: null, recipients: [says('bo', 'hearing')] } }), 'bo');
  assert.equal(called({ talk: { page: null, recipients: [says('bo', 'queued')] } }), 'bo');
  assert.equal(called({ talk: { page: null, recipients: [says('bo', 'notified')] } }), '');
  assert.equal(
    called({ talk: { page: null, recipients: [says('bo', 'hearing'), says('kim', 'hearing')] } }),
    '',
  );
  const page = { isToAll: false, isKept: false, isUrgent: false, isRecording: false };
  assert.equal(called({ talk: { page, recipients: [says('bo', 'hearing')] } }), '');
});

test('a person in a call with this one, or who is offline, is not offered', () => {
  const talk = { page: null, recipients: [says('bo', 'hearing')] };
  assert.equal(called({ talk, status: status({ calls: [callStatus({ person: 'bo' })] }) }), '');
  const over = [callStatus({ person: 'bo', state: 'ended', reason: 'declined' })];
  assert.equal(called({ talk, status: status({ calls: over }) }), 'bo');
  assert.equal(called({ talk, people: people.filter(({ id }) => id !== 'bo') }), '');
  assert.equal(called({ talk, people: people.map((one) => ({ ...one, presence: 'offline' })) }), '');
});

test('who is neither offline nor in a call with this person can be called', () => {
  const calls = [
    callStatus({ person: 'bo' }),
    callStatus({ person: 'kim', state: 'ended', reason: 'declined' }),
  ];
  assert.deepEqual([...callable({ people, status: status({ calls }) })], ['ana', 'kim']);
  const offline = people.map((one) => ({ ...one, presence: 'offline' as const }));
  assert.equal(callable({ people: offline, status: null }).size, 0);
});
