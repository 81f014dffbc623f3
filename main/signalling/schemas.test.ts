import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { OfficeId } from '../identity/index.ts';
import { newMessageId, toBase64url, type NodeId, type StatementId } from '../model/index.ts';
import { readControlMessage, type ControlMessage, type ControlMessageType } from './schemas.ts';

const signed = { payload: '{"v":1}', signature: 'A'.repeat(86) };
const id = newMessageId();
const node = `${'B'.repeat(21)}A` as NodeId;
const place = { address: '10.0.0.9', port: 9 };
/** A point of P-256. */
const key = toBase64url(createECDH('prime256v1').generateKeys());

const examples: { [T in ControlMessageType]: Extract<ControlMessage, { type: T }> } = {
  hello: { type: 'hello', record: signed, version: '0.1.0', protocol: { min: 1, max: 2 }, visit: true },
  roster: { type: 'roster', entries: [{ record: signed, online: true }], full: true },
  record: { type: 'record', record: signed },
  announce: { type: 'announce', header: signed },
  sheet: { type: 'sheet', sheet: '{}' },
  'sheet-wanted': { type: 'sheet-wanted', id },
  hashes: { type: 'hashes', hashes: signed },
  manifest: { type: 'manifest', manifest: signed },
  fetch: { type: 'fetch', id, from: 0, to: 60_000, follow: true },
  'fetch-stop': { type: 'fetch-stop', id },
  'fetch-end': { type: 'fetch-end', id, upTo: 12, complete: false, reason: 'not-held' },
  receipt: { type: 'receipt', receipt: signed },
  inbox: { type: 'inbox', since: 1_700_000_000_000 },
  refuse: { type: 'refuse', code: 'no-room', text: 'The disk is full.', re: id },
  bye: { type: 'bye', reason: 'hand-over', successor: node },
  keep: { type: 'keep', header: signed, manifest: signed },
  prove: { type: 'prove', id, nonce: 'Q'.repeat(22) },
  proof: { type: 'proof', id, nonce: 'Q'.repeat(22), proof: 'E'.repeat(43) },
  progress: { type: 'progress', id, node, state: 'hearing' },
  numbers: { type: 'numbers', numbers: [{ id, number: '4821' }] },
  seat: { type: 'seat', n: 3, canPlay: true },
  'calls-seen': { type: 'calls-seen', calls: [{ person: node, agoMs: 5000 }] },
  ledger: { type: 'ledger', digest: 'A'.repeat(43) },
  have: { type: 'have', ids: ['A'.repeat(43) as StatementId], more: true },
  statements: { type: 'statements', statements: [signed], more: true },
  invitations: { type: 'invitations', records: [signed] },
  ask: { type: 'ask', tag: 'AAAAAA', card: signed },
  go: { type: 'go', place },
  begin: { type: 'begin', tag: 'AAAAAA', card: signed, commit: 'A'.repeat(43) },
  nonce: { type: 'nonce', card: signed, nonce: 'A'.repeat(22) },
  reveal: { type: 'reveal', nonce: 'A'.repeat(22) },
  agree: { type: 'agree' },
  redeem: { type: 'redeem', card: signed, key, extension: '102', proof: 'A'.repeat(86) },
  welcome: { type: 'welcome', statements: [signed], invitation: signed, isLast: true },
  refused: { type: 'refused', why: 'over', addresses: [place] },
  asked: { type: 'asked', told: signed },
  answered: { type: 'answered', answer: signed },
  move: { type: 'move', link: 'corridor://join/x', without: [node] },
  'move-heard': { type: 'move-heard', office: 'A'.repeat(22) as OfficeId, isAsked: true },
};

const read = (value: unknown) => readControlMessage(Buffer.from(JSON.stringify(value)));

describe('control messages', () => {
  for (const example of Object.values(examples)) {
    it(`${example.type} is read as it was written`, () => {
      assert.deepEqual(read(example), { kind: 'message', message: example });
    });

    it(`${example.type} is refused with any field gone or of another form`, () => {
      const optional = new Set([
        'to',
        'reason',
        'since',
        're',
        'successor',
        'visit',
        'protocol',
        'place',
        'extension',
        'invitation',
      ]);
      const wrongs = [null, -1, 1.5, 1e12, '\u0000', 'x'.repeat(300_000), {}, [1], true];
      for (const field of Object.keys(example).filter((name) => name !== 'type')) {
        const without = Object.fromEntries(Object.entries(example).filter(([name]) => name !== field));
        if (!optional.has(field)) {
          const isReason = field === 'reason' || field === 'why';
          assert.equal(read(without).kind, isReason ? 'message' : 'bad', `without ${field}`);
        }
        if (field === 'reason' || field === 'why') continue;
        const accepted = wrongs.filter((wrong) => read({ ...example, [field]: wrong }).kind !== 'bad');
        const boolean = typeof example[field as keyof typeof example] === 'boolean';
        const time = field === 'since';
        assert.deepEqual(accepted, boolean ? [true] : time ? [1e12] : [], field);
      }
    });
  }

  it('keep their place for reasons of a later version', () => {
    assert.deepEqual(read({ ...examples.bye, reason: 'moon-phase' }), {
      kind: 'message',
      message: { ...examples.bye, reason: 'other' },
    });
    assert.deepEqual(read({ ...examples.refused, why: 'moon-phase' }), {
      kind: 'message',
      message: { ...examples.refused, why: 'other' },
    });
  });

  it('of a later version are known as unknown, not as bad', () => {
    assert.deepEqual(read({ type: 'whiteboard', x: 1 }), { kind: 'unknown', type: 'whiteboard' });
    assert.equal(read({ type: 'Not a word' }).kind, 'bad');
    assert.equal(read({ type: '__proto__' }).kind, 'bad');
  });

  it('drop fields that are not theirs', () => {
    assert.deepEqual(read({ ...examples.inbox, extra: 1, __proto__: 2 }), {
      kind: 'message',
      message: examples.inbox,
    });
  });

  it('refuse a range that ends before it begins', () => {
    assert.equal(read({ ...examples.fetch, from: 5, to: 4 }).kind, 'bad');
  });

  it('hold no more people, and no longer a sentence, than they may', () => {
    const [entry] = examples.roster.entries;
    const roster = (people: number) =>
      read({ ...examples.roster, entries: Array.from({ length: people }, () => entry) }).kind;
    assert.deepEqual([roster(1000), roster(1001)], ['message', 'bad']);
    const refuse = (length: number) => read({ ...examples.refuse, text: 'x'.repeat(length) }).kind;
    assert.deepEqual([refuse(300), refuse(301)], ['message', 'bad']);
  });

  it('never make the reader throw', () => {
    const messages = Object.values(examples);
    for (let round = 0; round < 500; round += 1) {
      assert.equal(readControlMessage(randomBytes(round)).kind, 'bad');
      const text = JSON.stringify(messages[round % messages.length]);
      const bytes = Buffer.from(text);
      const at = (round * 7919) % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (round % 8));
      readControlMessage(bytes);
    }
    for (const text of ['', 'null', '[]', '1', '"x"', '{}', '['.repeat(100_000), '{"type":{}}']) {
      assert.equal(readControlMessage(Buffer.from(text)).kind, 'bad');
    }
  });
});
