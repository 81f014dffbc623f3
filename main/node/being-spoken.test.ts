import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import type { Messages } from '../messages/index.ts';
import { Emitter, type MessageId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import { BeingSpoken } from './being-spoken.ts';

const ID = 'message' as MessageId;

/** A message of somebody else, as it is kept here, and what is told of it. */
function begin() {
  const time = new HandTime();
  const events: Messages['events'] = new Emitter((error) => {
    throw error;
  });
  const message = { held: 0, manifest: undefined as object | undefined, roles: { mine: 'recipient' } };
  const kept = { get: () => message as unknown as StoredMessage } as unknown as Messages['kept'];
  const spoken = new BeingSpoken({ messages: { events, kept }, schedule: time.schedule });
  const over: MessageId[] = [];
  spoken.events.on('over', (id) => void over.push(id));
  /** Whether any is, after each change. */
  const any: boolean[] = [];
  spoken.events.on('changed', () => void any.push(spoken.isAny));
  const grow = (): void => {
    message.held += 10;
    events.emit('grown', ID);
  };
  return { ...{ time, events, message, spoken, over, any, grow }, changed: () => events.emit('message', ID) };
}

test('a message whose talker’s computer died is spoken no longer after ten seconds without a fragment', () => {
  const { time, spoken, over, grow, changed } = begin();
  changed();
  assert.equal(spoken.has(ID), true, 'its header has come');
  for (let s = 0; s < 30; s += 5) {
    grow();
    time.pass(5000);
  }
  assert.equal(spoken.has(ID), true);
  time.pass(5000);
  assert.equal(spoken.has(ID), false);
  assert.deepEqual(over, [ID], 'it is shown so');
  changed();
  assert.equal(spoken.has(ID), false, 'a receipt for it changes nothing');
});

test('a message that goes on after a silence is spoken again, and ends with its manifest', () => {
  const { time, message, spoken, over, any, grow, changed } = begin();
  grow();
  grow();
  time.pass(11_000);
  grow();
  assert.equal(spoken.has(ID), true);
  message.manifest = {};
  changed();
  assert.equal(spoken.has(ID), false);
  grow();
  assert.equal(spoken.has(ID), false, 'what was lost of it is fetched');
  time.pass(60_000);
  assert.deepEqual(over, [ID], 'its end is told by the message itself');
  assert.deepEqual(any, [true, false, true, false], 'and each change once');
});

test('a node that closes leaves no timer', () => {
  const { time, spoken, grow } = begin();
  grow();
  spoken.close();
  assert.deepEqual(time.dueIn, []);
});
