import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import type { OfficeId } from '../ledger/statement.ts';
import { computer } from '../ledger/test-office.ts';
import { joiningFrameSchemas, type JoiningFrame, type JoiningFrameType } from './frames.ts';

const { card, nodeId } = computer(0);
const bytes = (length: number): string => Buffer.alloc(length, 7).toString('base64url');
const place = { address: '10.0.0.7', port: 47021 };

/** One of each; the compiler misses none. */
const good: { readonly [T in JoiningFrameType]: JoiningFrame & { readonly type: T } } = {
  ask: { type: 'ask', tag: bytes(4), card },
  go: { type: 'go', place },
  begin: { type: 'begin', tag: bytes(4), card, commit: bytes(32) },
  nonce: { type: 'nonce', card, nonce: bytes(16) },
  reveal: { type: 'reveal', nonce: bytes(16) },
  agree: { type: 'agree' },
  redeem: { type: 'redeem', card, key: bytes(65), proof: bytes(64) },
  welcome: { type: 'welcome', statements: [card], invitation: card, isLast: true },
  refused: { type: 'refused', why: 'over', addresses: [place] },
  asked: { type: 'asked', told: card },
  answered: { type: 'answered', answer: card },
  move: { type: 'move', link: 'corridor://join/x', without: [nodeId] },
  'move-heard': { type: 'move-heard', office: bytes(16) as OfficeId, isAsked: true },
};

const isRead = (frame: Readonly<Record<string, unknown>>): boolean =>
  v.is(joiningFrameSchemas[frame['type'] as JoiningFrameType], frame);

const notCanonical = `${bytes(16).slice(0, -1)}x`;
const bad: readonly unknown[] = [
  ...[null, undefined, 0, '', [], {}, 'ä'.repeat(9), 'x'.repeat(5000), notCanonical],
  ...[
    { payload: 'x'.repeat(4097), signature: card.signature },
    { ...card, signature: 'x' },
  ],
  ...[Array.from({ length: 100 }, () => card), Array.from({ length: 4 }, () => place)],
  ...[
    { address: 'example.org', port: 1 },
    { address: '10.0.0.1', port: 0 },
    { address: '10.0.0.1', port: 65536 },
  ],
  Array.from({ length: 81 }, () => nodeId),
];

void test('each frame is read, with fields of a later version passed over', () => {
  for (const frame of Object.values(good)) {
    assert.ok(isRead(frame), frame.type);
    assert.ok(isRead({ ...frame, later: 1 }), frame.type);
  }
});

void test('no field takes what is too long, not canonical, or of another kind', () => {
  const mayBeLeftOut = new Set(['go.place', 'answered.place', 'welcome.invitation']);
  const mayBeEmpty = new Set(['welcome.statements', 'refused.addresses', 'move.without']);
  for (const frame of Object.values(good)) {
    for (const field of Object.keys(frame).filter((name) => !['type', 'isLast', 'isAsked'].includes(name))) {
      const name = `${frame.type}.${field}`;
      for (const value of bad) {
        if (
          name === 'refused.why' ||
          (name === 'move.link' && typeof value === 'string' && value.length < 100)
        ) {
          continue;
        }
        if (value === undefined && mayBeLeftOut.has(name)) continue;
        if (Array.isArray(value) && value.length === 0 && mayBeEmpty.has(name)) continue;
        assert.equal(
          isRead({ ...frame, [field]: value }),
          false,
          `${name}: ${JSON.stringify(value)?.slice(0, 60)}`,
        );
      }
    }
  }
});

void test('a reason of a later version reads other', () => {
  for (const why of ['from-tomorrow', 'toString', null, 7]) {
    const read = v.parse(joiningFrameSchemas.refused, { ...good.refused, why });
    assert.equal(read.why, 'other');
  }
});
