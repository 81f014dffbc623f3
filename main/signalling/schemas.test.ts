import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { CONTROL_FRAMES } from '../../test/support/control-frames.ts';
import { readControlMessage } from './schemas.ts';

const read = (value: unknown) => readControlMessage(Buffer.from(JSON.stringify(value)));

describe('control messages', () => {
  for (const example of Object.values(CONTROL_FRAMES)) {
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
        'found',
        'nodes',
        'isQueued',
        'listensTo',
        'isInCall',
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
    assert.deepEqual(read({ ...CONTROL_FRAMES.bye, reason: 'moon-phase' }), {
      kind: 'message',
      message: { ...CONTROL_FRAMES.bye, reason: 'other' },
    });
    assert.deepEqual(read({ ...CONTROL_FRAMES.refused, why: 'moon-phase' }), {
      kind: 'message',
      message: { ...CONTROL_FRAMES.refused, why: 'other' },
    });
  });

  it('of a later version are known as unknown, not as bad', () => {
    assert.deepEqual(read({ type: 'whiteboard', x: 1 }), { kind: 'unknown', type: 'whiteboard' });
    assert.equal(read({ type: 'Not a word' }).kind, 'bad');
    assert.equal(read({ type: '__proto__' }).kind, 'bad');
  });

  it('drop fields that are not theirs', () => {
    assert.deepEqual(read({ ...CONTROL_FRAMES.inbox, extra: 1, __proto__: 2 }), {
      kind: 'message',
      message: CONTROL_FRAMES.inbox,
    });
  });

  it('refuse a range that ends before it begins', () => {
    assert.equal(read({ ...CONTROL_FRAMES.fetch, from: 5, to: 4 }).kind, 'bad');
  });

  it('hold no more people, and no longer a sentence, than they may', () => {
    const [entry] = CONTROL_FRAMES.roster.entries;
    const roster = (people: number) =>
      read({ ...CONTROL_FRAMES.roster, entries: Array.from({ length: people }, () => entry) }).kind;
    assert.deepEqual([roster(1000), roster(1001)], ['message', 'bad']);
    const refuse = (length: number) => read({ ...CONTROL_FRAMES.refuse, text: 'x'.repeat(length) }).kind;
    assert.deepEqual([refuse(300), refuse(301)], ['message', 'bad']);
  });

  it('never make the reader throw', () => {
    const messages = Object.values(CONTROL_FRAMES);
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
