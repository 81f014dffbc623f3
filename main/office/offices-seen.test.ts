import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { OfficesSeen } from './offices-seen.ts';
import { HandNetwork } from './test-network.ts';

function ground() {
  const [network, time] = [new HandNetwork(), new HandTime()];
  const seen = new OfficesSeen({ network, interfaces: [], schedule: time.schedule });
  seen.list();
  const find = (officeTag: string, officeName?: string) =>
    network.found({
      ...{ instance: officeTag, addresses: ['10.0.0.7'], controlPort: 1, beatPort: 2, officeTag },
      ...(officeName === undefined ? {} : { officeName }),
    });
  return { seen, network, time, find };
}

test('an advertisement without the office’s name does not erase a known name', () => {
  const { seen, find } = ground();
  find('aaaaaaaa', 'Nord');
  find('aaaaaaaa');
  assert.deepEqual(seen.list(), [{ tag: 'aaaaaaaa', name: 'Nord' }]);
});

test('where an office was heard is remembered, the last place first, and eight places of each at most', () => {
  const { seen, network } = ground();
  for (let n = 1; n <= 9; n += 1)
    network.found({
      ...{ instance: `node ${n}`, addresses: [`10.0.0.${n}`], controlPort: 47_021, beatPort: 2 },
      officeTag: 'aaaaaaaa',
    });
  const places = seen.of('aaaaaaaa')?.places.map(({ address, port }) => `${address}:${port}`);
  assert.deepEqual(
    places,
    [9, 8, 7, 6, 5, 4, 3, 2].map((n) => `10.0.0.${n}:47021`),
  );
  assert.equal(seen.of('bbbbbbbb'), undefined);
});

test('of more than 64 offices the one heard longest ago is dropped, so that forged ones keep no real one away', () => {
  const { seen, find } = ground();
  for (let n = 0; n < 64; n += 1) find(`bbbbbb${n}`);
  find('bbbbbb0');
  find('cccccccc', 'Nord');
  const tags = seen.list().map(({ tag }) => tag);
  assert.equal(tags.length, 64);
  assert.deepEqual(
    [tags.includes('cccccccc'), tags.includes('bbbbbb0'), tags.includes('bbbbbb1')],
    [true, true, false],
  );
});
