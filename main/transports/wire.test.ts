import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_BULK_LINE_BYTES, MAX_LINE_BYTES, requestLimit } from './wire.ts';

test('a request that brings a recording may be long, and no other', () => {
  const limitOf = (method: string) => requestLimit(`{"id":17,"method":"${method}","args":{"wav`);
  for (const method of ['talkRecording', 'startCall', 'controlCall'])
    assert.equal(limitOf(method), MAX_BULK_LINE_BYTES, method);
  for (const method of ['talkPress', 'status', 'startCalls'])
    assert.equal(limitOf(method), MAX_LINE_BYTES, method);
});
