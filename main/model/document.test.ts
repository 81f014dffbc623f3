import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { documentText, migrated, NewerVersion, readDocument, readDocumentText } from './document.ts';

const format = {
  field: 'v',
  version: 3,
  steps: [
    {
      from: 1,
      name: 'one became several',
      change: ({ one, ...rest }: Record<string, unknown>) => ({ ...rest, all: [one] }),
    },
    {
      from: 2,
      name: 'each is counted',
      change: (content: Record<string, unknown>) => ({ ...content, count: 1 }),
    },
  ],
  parse: (content: unknown) =>
    v.parse(v.object({ v: v.literal(3), all: v.array(v.string()), count: v.number() }), content),
} as const;

void test('whatever object is written is read again, compact or indented, also after a byte order mark', () => {
  const objects = fc.dictionary(
    fc.string().filter((key) => key !== 'sum' && key !== '__proto__'),
    fc.jsonValue(),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(objects, fc.constantFrom(0, 2), fc.constantFrom('', '\uFEFF'), (object, indent, mark) => {
      const text = documentText(object, indent);
      const { content, isAsWritten } = readDocumentText(mark + text);
      assert.equal(isAsWritten, true);
      assert.deepEqual(content, JSON.parse(JSON.stringify(object)));
      // A version before passes over the checksum.
      assert.deepEqual(JSON.parse(text), { ...content, sum: (JSON.parse(text) as { sum: string }).sum });
    }),
    { numRuns: 200, seed: 1 },
  );
});

void test('a letter that changed is noticed wherever it stands', () => {
  const text = documentText({ v: 3, all: ['Dana', 'Ed'], count: 7 });
  for (let at = 0; at < text.length; at++) {
    const changed = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
    const isSame = (): boolean => {
      try {
        const { v: version, all, count } = readDocument(changed, format);
        return JSON.stringify([version, all, count]) === '[3,["Dana","Ed"],7]';
      } catch {
        return true;
      }
    };
    assert.ok(isSame(), changed);
  }
});

void test('a file without a checksum, as versions before wrote it, is read', () => {
  assert.deepEqual(readDocument('{"v":3,"all":["Dana"],"count":1}', format), {
    v: 3,
    all: ['Dana'],
    count: 1,
  });
});

void test('content is brought up step by step, a later version is told from damage, and nonsense is refused', () => {
  assert.deepEqual(readDocument('{"v":1,"one":"Dana"}', format), { v: 3, all: ['Dana'], count: 1 });
  assert.deepEqual(readDocument('{"v":2,"all":["Dana"]}', format), { v: 3, all: ['Dana'], count: 1 });
  assert.throws(() => readDocument('{"v":4}', format), NewerVersion);
  assert.throws(
    () => migrated({ v: 1 }, { ...format, steps: format.steps.slice(1) }),
    /no step from version 1/,
  );
  for (const nonsense of [
    '',
    '\0\0\0',
    'null',
    '[]',
    '7',
    '{}',
    '{"v":"3"}',
    '{"v":0}',
    '{"v":1.5}',
    '{"v":3}',
  ])
    assert.throws(
      () => readDocument(nonsense, format),
      (error) => !(error instanceof NewerVersion),
    );
});
