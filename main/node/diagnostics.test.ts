import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { withoutSecrets } from './diagnostics.ts';
import { LogTail } from './log-tail.ts';
import { forms, leaks } from './test-leaks.ts';

it('the last lines of the log are kept, cut and without keys', () => {
  let now = 0;
  const tail = new LogTail(() => now);
  for (let n = 0; n < 1000; n++) {
    now = n;
    tail.add(`line ${n} ${randomBytes(16).toString('base64url')}`);
  }
  assert.equal(tail.lines().length, 200);
  assert.match(tail.lines()[199] ?? '', /^1970-01-01T00:00:00\.999Z line 999 .{4}…$/);
  const key = randomBytes(16).toString('base64url');
  for (let pad = 470; pad < 520; pad++) {
    tail.add(`${'x '.repeat(pad / 2)}${key}`);
    assert.equal(leaks(tail.lines()[199] ?? '', key), undefined, 'also where the line is cut');
  }
});

it('a secret of this node is taken out in whatever form it is written', () => {
  const secret = randomBytes(32);
  for (const form of forms(secret)) {
    const text = withoutSecrets(`a ${form} b/${form}/c`, forms(secret));
    for (const each of forms(secret)) assert.equal(leaks(text, each), undefined, text);
  }
});
