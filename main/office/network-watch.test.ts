import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanInterface } from '../discovery/index.ts';
import { ComputerChanges, watchNetwork, type ComputerChange } from './network-watch.ts';

const EVERY = 3000;
const lan = (address: string, more: Partial<LanInterface> = {}): LanInterface => ({
  name: 'eth0',
  address,
  netmask: '255.255.255.0',
  loopback: false,
  virtual: false,
  ...more,
});

/** What is told at each of these looks, one after the other and in time. */
function told(...looks: readonly (readonly LanInterface[])[]): readonly (ComputerChange | undefined)[] {
  const changes = new ComputerChanges();
  return looks.map((interfaces, at) => changes.look(interfaces, at * EVERY, EVERY));
}

const A = [lan('10.0.0.1')];
const B = [lan('10.0.0.2')];

test('a network that stays the same is not reported', () => {
  assert.deepEqual(told(A, A, A), [undefined, undefined, undefined]);
  const two = [lan('10.0.0.1'), lan('10.1.0.1', { name: 'wlan0' })];
  assert.deepEqual(told(two, [...two].reverse(), two), [undefined, undefined, undefined]);
});

test('a changed address is reported once, when it is stable', () => {
  assert.deepEqual(told(A, A, B, B, B), [undefined, undefined, undefined, 'network', undefined]);
  assert.deepEqual(told(A, [], [lan('169.254.1.1')], B, B), [
    undefined,
    undefined,
    undefined,
    undefined,
    'network',
  ]);
  assert.deepEqual(told(A, [], []).at(-1), 'network', 'an unplugged cable is a change too');
  assert.deepEqual(
    told(A, [], A, A),
    [undefined, undefined, undefined, undefined],
    'one that is back at once is not',
  );
});

test('interfaces of containers and tunnels do not count', () => {
  const container = lan('172.17.0.1', { name: 'docker0', virtual: true });
  const self = lan('127.0.0.1', { name: 'lo', loopback: true });
  assert.deepEqual(told(A, [...A, container], [...A, container, self]), [undefined, undefined, undefined]);
});

test('of these, the one that a person chose, or that is the only one, is watched as well', () => {
  const bridge = (address: string) => lan(address, { name: 'wg0', virtual: true });
  const looks = (chosen: readonly string[], ...found: readonly (readonly LanInterface[])[]) => {
    const changes = new ComputerChanges(chosen);
    return found.map((interfaces, at) => changes.look(interfaces, at * EVERY, EVERY)).at(-1);
  };
  const [before, after] = [bridge('10.8.0.1'), bridge('10.8.0.2')];
  assert.equal(looks(['wg0'], [...A, before], [...A, after], [...A, after]), 'network');
  assert.equal(looks([], [before], [after], [after]), 'network');
  assert.equal(looks(['eth0'], [...A, before], [...A, after], [...A, after]), undefined);
});

test('sleep is reported; a busy computer is not taken for asleep', () => {
  const changes = new ComputerChanges();
  changes.look(A, 0, EVERY);
  assert.equal(changes.look(A, EVERY + 5000, EVERY), undefined);
  assert.equal(changes.look(A, 8 * 60 * 60 * 1000, EVERY), 'wake');
  assert.equal(changes.look(A, 8 * 60 * 60 * 1000 + EVERY, EVERY), undefined);
  // A clock that was set back.
  assert.equal(changes.look(A, 0, EVERY), undefined);
  assert.equal(changes.look(A, EVERY, EVERY), undefined);
});

test('the watch looks at intervals until it is stopped', () => {
  const heard: ComputerChange[] = [];
  let found = A;
  let now = 0;
  let next: (() => void) | undefined;
  const stop = watchNetwork((change) => heard.push(change), {
    interfaces: () => found,
    chosen: [],
    now: () => now,
    everyMs: EVERY,
    schedule: (task) => {
      next = task;
      return () => (next = undefined);
    },
  });
  const look = (): void => {
    now += EVERY;
    next?.();
  };
  found = B;
  look();
  look();
  assert.deepEqual(heard, ['network']);
  stop();
  found = A;
  look();
  look();
  assert.deepEqual(heard, ['network']);
});
