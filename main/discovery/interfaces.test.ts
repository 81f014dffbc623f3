import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { isWireless, listInterfaces } from './interfaces.ts';

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

test('an address is on Wi-Fi if the system says so of its interface, whose second address may have a label', () => {
  const all = listInterfaces({
    lo: at('127.0.0.1', true),
    eth0: at('192.168.1.5'),
    wlp3s0: at('192.168.2.5'),
    'wlp3s0:1': at('192.168.3.5'),
    ath0: at('192.168.4.5'),
  });
  const files = ['/sys/class/net/wlp3s0/phy80211', '/sys/class/net/ath0/wireless'];
  const isOnWiFi = (address: string) => isWireless(address, (path) => files.includes(path), all);
  assert.deepEqual(
    ['127.0.0.1', '192.168.1.5', '192.168.2.5', '192.168.3.5', '192.168.4.5', '192.168.9.9'].map(isOnWiFi),
    [false, false, true, true, true, false],
  );
  assert.equal(isWireless('127.0.0.1', existsSync), false, 'loopback, asked of this system');
});
