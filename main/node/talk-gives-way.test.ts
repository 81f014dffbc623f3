import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calls, CallView } from '../calls/index.ts';
import type { OngoingTalk } from '../messages/index.ts';
import { Emitter, type KnownNode, type MessageId, type NodeId } from '../model/index.ts';
import { endTalksByCalls } from './talk-gives-way.ts';

const call = (id: string, more: Partial<CallView> = {}): CallView =>
  ({ id, person: 'bo', direction: 'out', state: 'calling', ...more }) as CallView;
/** What is said to these people, one computer of each named. */
const talkTo = (...persons: readonly string[]): OngoingTalk => ({
  ...{ recipients: persons.map((person) => ({ person: person as NodeId }) as KnownNode), page: undefined },
  ...({ released: false } as Omit<OngoingTalk, 'recipients' | 'page'>),
});

/** How often a talk is let go of, while this is said and these are the calls, one after the other. */
function releases(...steps: readonly (readonly [talk: OngoingTalk | undefined, call: CallView])[]): number {
  const events: Calls['events'] = new Emitter((error) => {
    throw error;
  });
  const calls: { events: Calls['events']; shown: readonly CallView[] } = { events, shown: [] };
  let count = 0;
  const outgoing = {
    current: undefined as OngoingTalk | undefined,
    release: (): MessageId | undefined => {
      count += 1;
      return undefined;
    },
  };
  endTalksByCalls({ calls, messages: { outgoing } });
  for (const [talk, shown] of steps) {
    outgoing.current = talk;
    calls.shown = [shown];
    events.emit('changed', undefined);
  }
  return count;
}

const talk = talkTo('bo');
const comes = call('2', { direction: 'in', state: 'ringing' });
const active = call('1', { state: 'active' });

test('who calls or answers the one whom they talk to has ended what they say, once', () => {
  assert.equal(releases([talk, call('1')], [talk, call('1', { state: 'ringing' })], [talk, active]), 1);
  assert.equal(releases([talkTo('bo', 'bo'), call('1')]), 1, 'at two computers of his');
  assert.equal(releases([talk, comes]), 0, 'while it rings here they talk on');
  assert.equal(releases([talk, comes], [talk, { ...comes, state: 'active' }]), 1);
});

test('what is said to others besides, or to somebody else, goes on, and so does a page', () => {
  assert.equal(releases([talkTo('bo', 'kim'), call('1')]), 0);
  assert.equal(releases([talkTo('kim'), call('1')]), 0);
  assert.equal(releases([{ ...talk, page: {} }, call('1')]), 0);
  assert.equal(releases([undefined, call('1')]), 0);
});

test('what is said by the talk key during the call is a message as always', () => {
  assert.equal(releases([undefined, active], [talk, active], [talk, { ...active, isMuted: true }]), 0);
});
