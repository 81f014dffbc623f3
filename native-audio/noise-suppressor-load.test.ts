import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import { NoiseSuppressor } from './noise-suppressor.ts';

it('a noise suppressor that was prepared opens no library when it is made, and the next one opens its own', async (t) => {
  const { mock: opened } = t.mock.method(WebAssembly, 'Module');
  await NoiseSuppressor.prepare();
  await NoiseSuppressor.prepare();
  assert.equal(opened.callCount(), 1);
  await NoiseSuppressor.create();
  assert.equal(opened.callCount(), 1);
  await NoiseSuppressor.create();
  assert.equal(opened.callCount(), 2);
});

it('one that could not be prepared is loaded when it is made', async () => {
  const fail = function () {
    throw new Error('no memory');
  };
  mock.method(WebAssembly, 'Module', fail, { times: 1 });
  await assert.rejects(NoiseSuppressor.prepare(), /no memory/);
  await NoiseSuppressor.create();
});
