import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../model/index.ts';
import { KnownEndpoints } from './known-endpoints.ts';

const KIM = 'kim' as NodeId;
const HERE = { address: '10.0.0.3', control: 1000, beat: 2000, media: 3000 };
/** The same computer after its program was started anew. */
const NEW = { address: '10.0.0.3', control: 1001, beat: 2001, media: 3001 };
const addressOf = ({ address, beat }: typeof HERE) => ({ address, port: beat });

function ground() {
  const changes: (number | undefined)[] = [];
  const known: KnownEndpoints = new KnownEndpoints((node) => changes.push(known.believed(node)?.media));
  return { known, changes };
}

test('a node that answers where its record says it is is believed there, without any beat', () => {
  const { known, changes } = ground();
  known.say(KIM, HERE);
  assert.equal(known.believed(KIM), undefined, 'a record can name anybody’s address');
  known.settle(KIM, addressOf(HERE));
  assert.deepEqual([known.believed(KIM), known.of(KIM), changes], [HERE, HERE, [3000]]);
  known.believe(KIM, HERE, addressOf(HERE));
  assert.deepEqual(changes, [3000], 'a beat that says the same is no news');
});

test('the record may come after the answer', () => {
  const { known, changes } = ground();
  known.settle(KIM, addressOf(HERE));
  assert.equal(known.believed(KIM), undefined);
  known.say(KIM, HERE);
  assert.deepEqual(changes, [3000]);
});

test('what a node said at another address counts no more: neither its beat nor its record', () => {
  const { known, changes } = ground();
  known.settle(KIM, addressOf(HERE));
  known.believe(KIM, HERE, addressOf(HERE));
  known.say(KIM, HERE);
  known.settle(KIM, addressOf(NEW));
  assert.equal(known.believed(KIM), undefined);
  known.say(KIM, NEW);
  assert.equal(known.believed(KIM)?.media, 3001);
  assert.deepEqual(changes, [3000, undefined, 3001]);
});

test('a beat is believed at the address from which it came, whatever it and the record name', () => {
  const { known } = ground();
  known.settle(KIM, addressOf(HERE));
  known.believe(KIM, { ...HERE, address: '10.0.0.99' }, addressOf(HERE));
  known.say(KIM, { ...HERE, address: '10.0.0.99' });
  assert.deepEqual(known.believed(KIM), HERE);
});

test('what a colleague names is where a link may go, and nothing is believed of it', () => {
  const { known, changes } = ground();
  known.hint(KIM, HERE);
  known.settle(KIM, addressOf(HERE));
  assert.deepEqual([known.of(KIM), known.believed(KIM)], [HERE, undefined]);
  assert.equal(known.giveUp(KIM), true);
  assert.equal(known.of(KIM), undefined);
  known.say(KIM, HERE);
  known.hint(KIM, NEW);
  assert.equal(known.giveUp(KIM), false, 'the record names it, too');
  known.forget(KIM);
  assert.deepEqual([known.of(KIM), changes], [undefined, [3000]]);
});
