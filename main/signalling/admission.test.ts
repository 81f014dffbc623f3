import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayTry } from './admission.ts';

const from = (address: string, count: number) => Array.from({ length: count }, () => address);

describe('a connection that has proven nothing yet', () => {
  it('may try while fewer than 64 others from its address do', () => {
    assert.equal(mayTry('10.0.0.1', from('10.0.0.1', 63), 0), true);
    assert.equal(mayTry('10.0.0.1', from('10.0.0.1', 64), 0), false);
    assert.equal(mayTry('10.0.0.2', from('10.0.0.1', 64), 0), true, 'one computer shuts out no other');
  });

  it('may try while fewer than 128 others from anywhere do', () => {
    const elsewhere = [...from('10.0.0.1', 64), ...from('10.0.0.2', 63)];
    assert.equal(mayTry('10.0.0.3', elsewhere, 0), true);
    assert.equal(mayTry('10.0.0.3', [...elsewhere, '10.0.0.4'], 0), false);
  });

  it('may try while fewer than 1024 members are connected', () => {
    assert.equal(mayTry('10.0.0.1', [], 1023), true);
    assert.equal(mayTry('10.0.0.1', [], 1024), false);
  });
});
