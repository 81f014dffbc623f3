import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import { EchoCanceller } from './echo-canceller.ts';

it('an echo canceller that could not be loaded is loaded by the next call', async () => {
  mock.method(WebAssembly, 'compile', () => Promise.reject(new Error('no memory')), { times: 1 });
  await assert.rejects(EchoCanceller.create(), /no memory/);
  await EchoCanceller.create();
});
