import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { nodePorts, withoutWords } from '../model/index.ts';
import { MessageStore } from '../store/index.ts';
import type { TypedWords } from './compose.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';
import { wordsOf } from './typed-words.ts';

const WORDS: TypedWords = { text: 'The parcel is here.\n“Second” floor 📦', language: 'en' };

/** Ann types to Bob, who follows the hub. */
async function ground(t: TestContext, { words = WORDS, count = 20 } = {}) {
  const bob = await Desk.open(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  bob.office.know(ann, hub, bob);
  bob.office.switchNode = hub.record.node;
  const upstream = new HandLink(hub.record.node);
  bob.office.upstream = upstream;
  const typed = await speak(ann, [bob], { time: bob.time, words, count });
  const announce = (header = typed.header.signed) =>
    bob.messages.frame({ type: 'announce', header }, upstream);
  const comes = () => {
    bob.messages.fragments(typed.id, typed.fragments, upstream);
    bob.messages.frame({ type: 'manifest', manifest: typed.manifest.signed }, upstream);
  };
  const kept = () => bob.store.get(typed.id)!;
  return { bob, ann, typed, upstream, announce, comes, kept };
}

test('words come sealed beside the header, and open to what was typed', async (t) => {
  const { bob, typed, announce, kept } = await ground(t);
  announce();
  assert.deepEqual(await wordsOf(bob.identity, kept()), WORDS);
  assert.ok(!JSON.stringify(typed.header.signed).includes('parcel'));
});

test('a message is not received before its words are, and is then', async (t) => {
  const { bob, typed, upstream, announce, comes, kept } = await ground(t);
  bob.messages.header(withoutWords(typed.header.signed), typed.header.facts.talker);
  bob.time.pass(150);
  assert.deepEqual(
    upstream.of('fetch').map(({ from, to, words }) => [from, to, words]),
    [[0, undefined, true]],
    'the words are asked for with the fragments',
  );
  comes();
  assert.equal(await wordsOf(bob.identity, kept()), undefined);
  assert.equal(kept().state, 'incomplete');
  announce();
  await until(() => kept().state === 'complete', 'it is whole');
  assert.deepEqual(await wordsOf(bob.identity, kept()), WORDS);
  await until(() => upstream.of('receipt').length > 0, 'Bob has signed that he has it');
});

test('where only the words are missing, they alone are asked for', async (t) => {
  const { bob, typed, upstream, comes } = await ground(t);
  bob.messages.header(withoutWords(typed.header.signed), typed.header.facts.talker);
  bob.time.pass(150);
  comes();
  bob.messages.frame({ type: 'fetch-end', id: typed.id, upTo: 20, complete: true }, upstream);
  bob.time.pass(1000);
  assert.deepEqual(
    upstream
      .of('fetch')
      .slice(1)
      .map(({ from, to, words }) => [from, to, words]),
    [[20, 20, true]],
  );
});

test('words that the header does not name are not kept', async (t) => {
  const { bob, typed, announce, kept } = await ground(t);
  const words = typed.header.signed.words!;
  const other = (words.startsWith('A') ? 'B' : 'A') + words.slice(1);
  announce({ ...typed.header.signed, words: other });
  assert.equal(kept().header.signed.words, undefined);
  announce({ ...typed.header.signed, words: other });
  assert.equal(kept().header.signed.words, undefined);
  announce();
  assert.deepEqual(await wordsOf(bob.identity, kept()), WORDS);
});

test('words alone are a whole message', async (t) => {
  const words: TypedWords = { text: 'Coming', isAlone: true };
  const { bob, announce, comes, kept } = await ground(t, { words, count: 0 });
  announce();
  comes();
  await until(() => kept().state === 'complete', 'it is whole');
  assert.deepEqual(await wordsOf(bob.identity, kept()), words);
});

test('words outlast a restart, also where they came after the header', async (t) => {
  const { bob, typed, announce, comes } = await ground(t);
  bob.messages.header(withoutWords(typed.header.signed), typed.header.facts.talker);
  comes();
  announce();
  await bob.store.close();
  const ports = { ...nodePorts, clock: bob.time };
  const again = await MessageStore.open(bob.folder, { ports, log: () => undefined });
  assert.deepEqual(await wordsOf(bob.identity, again.get(typed.id)!), WORDS);
  await again.close();
});

test('the node that holds the words gives them to whoever asks', async (t) => {
  const { bob, ann, typed, announce, comes } = await ground(t);
  announce();
  comes();
  const link = new HandLink(ann.record.node);
  bob.messages.frame({ type: 'fetch', id: typed.id, from: 20, to: 20, follow: true, words: true }, link);
  assert.deepEqual(link.of('announce'), [{ type: 'announce', header: typed.header.signed }]);
  assert.deepEqual(
    link.of('fetch-end').map(({ complete }) => complete),
    [true],
  );
  assert.deepEqual(link.batches, []);
});
