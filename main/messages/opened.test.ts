import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageId } from '../model/index.ts';
import { Opened } from './opened.ts';

const [A, B] = ['a', 'b'] as MessageId[] as [MessageId, MessageId];

/** Opens what `give` is called for. */
function slow() {
  const waiting: { readonly id: MessageId; readonly give: (value?: string) => void }[] = [];
  const told: MessageId[] = [];
  const opened = new Opened<string>({
    open: (id) => new Promise((resolve) => waiting.push({ id, give: resolve })),
    onOpened: (id) => told.push(id),
  });
  return { opened, waiting, told };
}
const turn = (): Promise<void> => new Promise(setImmediate);

test('what is sealed is opened once, one after the other, however often it is looked at', async () => {
  const { opened, waiting, told } = slow();
  assert.deepEqual([opened.of(A), opened.of(B), opened.of(A)], [undefined, undefined, undefined]);
  const whole = opened.open(A);
  await turn();
  assert.deepEqual(
    waiting.map(({ id }) => id),
    [A],
  );
  waiting[0]?.give('one');
  assert.equal(await whole, 'one');
  await turn();
  waiting[1]?.give('two');
  assert.equal(await opened.open(B), 'two');
  assert.deepEqual([opened.of(A), opened.of(B), told], ['one', 'two', [A, B]]);
  assert.equal(waiting.length, 2);
});

test('what cannot be opened is not tried again, and holds up nothing', async () => {
  let asked = 0;
  const opened = new Opened<string>({
    open: (id) => (id === A ? Promise.reject(new Error(String(++asked))) : Promise.resolve('two')),
    onOpened: () => undefined,
  });
  assert.deepEqual(
    [await opened.open(A), opened.of(A), await opened.open(A)],
    [undefined, undefined, undefined],
  );
  assert.deepEqual([asked, await opened.open(B)], [1, 'two']);
});

test('what is forgotten while it is being opened is not kept; what was put stays', async () => {
  const { opened, waiting, told } = slow();
  const [first, second] = [opened.open(A), opened.open(B)];
  opened.forget(A);
  opened.put(B, 'new');
  await turn();
  waiting[0]?.give('gone');
  await turn();
  waiting[1]?.give('old');
  assert.deepEqual([await first, await second, opened.of(B), told], [undefined, undefined, 'new', []]);
});
