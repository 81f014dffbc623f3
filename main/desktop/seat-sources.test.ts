import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factIn, hintsIn, numberIn, ownershipIn, sessionPathIn } from './gdbus-text.ts';
import { ASKED_MS, SeatSources, type SeatFact } from './seat-sources.ts';

const cases: readonly (readonly [string, boolean, readonly SeatFact[], string])[] = [
  ['nobody knows anything', true, [], 'active'],
  ['X11: the X screen is idle', false, [{ of: 'x-screen', state: 'idle' }], 'idle'],
  ['X11: the X screen is locked', false, [{ of: 'x-screen', state: 'locked' }], 'locked'],
  ['Wayland: the X screen sees nothing of it', true, [{ of: 'x-screen', state: 'locked' }], 'active'],
  ['logind alone: idle', true, [{ of: 'session', isIdle: true }], 'idle'],
  [
    'Mutter knows better than logind',
    true,
    [
      { of: 'session', isIdle: true },
      { of: 'mutter', idleMs: 5 },
    ],
    'active',
  ],
  [
    'Mutter went away',
    true,
    [
      { of: 'mutter', idleMs: 900_000 },
      { of: 'mutter', idleMs: undefined },
    ],
    'active',
  ],
  ['locked and idle', true, [{ of: 'session', isLocked: true, isIdle: true }], 'locked'],
  [
    'X11 idle, and the screen saver is on',
    false,
    [
      { of: 'x-screen', state: 'idle' },
      { of: 'screen-saver', isActive: true },
    ],
    'locked',
  ],
  [
    'the screen saver went away',
    true,
    [
      { of: 'screen-saver', isActive: true },
      { of: 'screen-saver', isActive: undefined },
    ],
    'active',
  ],
];
for (const [why, isWayland, facts, state] of cases)
  test(`${state}: ${why}`, () => {
    const sources = new SeatSources({ isWayland });
    for (const fact of facts) sources.take(fact);
    assert.equal(sources.state(0), state);
  });

test('a lock that was asked for and that nobody carries out is over after a while', () => {
  const sources = new SeatSources({ isWayland: true });
  sources.take({ of: 'session-asked', isLocked: true, at: 1000 });
  assert.equal(sources.state(1000 + ASKED_MS - 1), 'locked');
  assert.equal(sources.state(1000 + ASKED_MS), 'active');
});

test('what gdbus prints is read, and nothing else', () => {
  const line = '/org/freedesktop/ScreenSaver: org.freedesktop.ScreenSaver.ActiveChanged (true,)';
  assert.deepEqual(factIn(line, 0), { of: 'screen-saver', isActive: true });
  const lock = '/org/freedesktop/login1/session/_32: org.freedesktop.login1.Session.Lock ()';
  assert.deepEqual(factIn(lock, 7), { of: 'session-asked', isLocked: true, at: 7 });
  const changed = `/a: org.freedesktop.DBus.Properties.PropertiesChanged ('x', {'LockedHint': <true>}, @as [])`;
  assert.deepEqual(factIn(changed, 0), { of: 'session', isLocked: true });
  assert.deepEqual(hintsIn(`({'IdleHint': <false>, 'LockedHint': <true>},)`), {
    ...{ of: 'session', isLocked: true, isIdle: false },
  });
  for (const other of [
    '',
    'Monitoring signals',
    '/a: b.C (',
    `/a: org.freedesktop.DBus.Properties.PropertiesChanged ('x', {}, @as [])`,
  ])
    assert.equal(factIn(other, 0), undefined);
  assert.equal(numberIn('(uint64 123456,)\n'), 123_456);
  assert.equal(numberIn('(uint64 99999999999999999999,)'), undefined);
  assert.equal(
    sessionPathIn(`(objectpath '/org/freedesktop/login1/session/_32',)`),
    '/org/freedesktop/login1/session/_32',
  );
  assert.equal(sessionPathIn(`(objectpath '/org/other',)`), undefined);
  assert.equal(ownershipIn('The name org.a is owned by :1.3'), true);
  assert.equal(ownershipIn('The name org.a does not have an owner'), false);
  assert.equal(ownershipIn(lock), undefined);
});
