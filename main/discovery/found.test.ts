import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advertisedName, readAdvertised } from './found.ts';
import { chooseInterfaces, isOnNet, listInterfaces, type LanInterface } from './interfaces.ts';

const net: LanInterface = {
  name: 'eth0',
  address: '10.77.1.1',
  netmask: '255.255.255.0',
  loopback: false,
  virtual: false,
};
const good = {
  name: 'abc',
  port: 4000,
  txt: { v: '1', o: '0123abcd', b: '4001' },
  addresses: ['10.77.1.3', '192.0.2.1'],
  referer: { address: '10.77.1.2' },
};
const read = (change: object) => readAdvertised({ ...good, ...change }, (address) => isOnNet(address, net));

describe('an advertisement of an outsider', () => {
  it('is accepted if every field is within its limits', () => {
    assert.deepEqual(read({}), {
      instance: 'abc',
      addresses: ['10.77.1.2', '10.77.1.3'],
      controlPort: 4000,
      beatPort: 4001,
      officeTag: '0123abcd',
    });
  });

  it('may carry the office’s name, of at most 64 visible characters', () => {
    const nameOf = (n: unknown) => read({ txt: { ...good.txt, n } })?.officeName;
    assert.equal(nameOf('Büro Nord'), 'Büro Nord');
    assert.equal(nameOf('x'.repeat(64)), 'x'.repeat(64));
    for (const none of [undefined, '', ' ', 'x'.repeat(65), 'a\u202eb', 'a\nb', 7, ['a']]) {
      assert.equal(nameOf(none), undefined);
      assert.equal(read({ txt: { ...good.txt, n: none } })?.officeTag, good.txt.o, 'the node is there');
    }
  });

  it('carries as much of a long name as fits', () => {
    assert.equal(advertisedName(' Büro '), 'Büro');
    assert.equal(advertisedName('x'.repeat(70)), 'x'.repeat(64));
    assert.ok(Buffer.byteLength(advertisedName('語'.repeat(64))) <= 253);
    assert.equal(advertisedName('🙂'.repeat(40)), '🙂'.repeat(32), 'no half characters');
  });

  it('is ignored if a field is not within its limits', () => {
    const bad = [
      { name: 'a'.repeat(64) },
      { name: '../x' },
      { port: 0 },
      { port: 65536 },
      { txt: undefined },
      { txt: { ...good.txt, v: '2' } },
      { txt: { ...good.txt, o: '0123ABCD' } },
      { txt: { ...good.txt, b: '70000' } },
      { txt: { ...good.txt, b: true } },
      { addresses: ['10.77.2.1', 7, 'x'], referer: { address: '10.78.1.1' } },
    ];
    for (const change of bad) assert.equal(read(change), undefined, JSON.stringify(change));
  });
});

describe('interfaces', () => {
  it('are at least one, and the default is among them', () => {
    const all = listInterfaces();
    assert.ok(all.some((one) => one.loopback));
    assert.deepEqual(chooseInterfaces(), all.slice(0, 1));
    assert.ok(!all[0]?.loopback || all.every((one) => one.loopback));
  });

  it('are chosen by address or name, each once', () => {
    const [lo] = chooseInterfaces(['127.0.0.1']);
    assert.ok(lo);
    assert.equal(chooseInterfaces([lo.name, lo.address]).length, 1);
    assert.throws(() => chooseInterfaces(['nonesuch0']), /no network interface nonesuch0.*127\.0\.0\.1/);
  });
});
