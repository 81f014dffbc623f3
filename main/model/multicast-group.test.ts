import assert from 'node:assert/strict';
import { it } from 'node:test';
import { multicastGroupOf } from './multicast-group.ts';

it('every office has its group within 239.192.0.0/14, the same at each node', () => {
  const offices = Array.from({ length: 500 }, (_, n) => `office ${n}`);
  const addresses = offices.map((office) => multicastGroupOf(office).address);
  for (const address of addresses) {
    const [first, second = 0, ...rest] = address.split('.').map(Number);
    assert.ok(first === 239 && second >= 192 && second <= 195, address);
    assert.ok(rest.length === 2 && rest.every((byte) => byte >= 0 && byte <= 255), address);
  }
  assert.deepEqual(
    offices.map((office) => multicastGroupOf(office).address),
    addresses,
  );
  assert.ok(new Set(addresses).size > 490, 'hardly two offices share one');
  assert.equal(
    new Set(addresses.map((address) => address.split('.')[1])).size,
    4,
    'all of the range is used',
  );
});
