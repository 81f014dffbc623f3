import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { listInterfaces } from './interfaces.ts';

const at = (address: string, internal = false): NetworkInterfaceInfo[] => [
  {
    address,
    netmask: '255.255.255.0',
    family: 'IPv4',
    mac: '02:00:00:00:00:01',
    internal,
    cidr: `${address}/24`,
  },
];

test('the office is looked for on real networks first, on private ones before others, and on loopback last', () => {
  const all = {
    lo: at('127.0.0.1', true),
    nordlynx: at('10.5.0.2'),
    ppp0: at('10.6.0.2'),
    proton0: at('10.7.0.2'),
    CloudflareWARP: at('172.16.0.2'),
    docker0: at('172.17.0.1'),
    'br-0123456789ab': at('172.18.0.1'),
    eth1: at('203.0.113.5'),
    'br-lan': at('192.168.1.1'),
  };
  const names = listInterfaces(all).map(({ name }) => name);
  assert.deepEqual(names.slice(0, 2), ['br-lan', 'eth1']);
  assert.equal(names.at(-1), 'lo');
  assert.deepEqual(
    listInterfaces(all).flatMap(({ name, virtual }) => (virtual || name === 'lo' ? [] : name)),
    ['br-lan', 'eth1'],
  );
});
