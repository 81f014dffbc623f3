import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import type { NodeId } from '../model/index.ts';
import { gainOfVolume, PersonSound } from './person-sound.ts';
import type { Profile } from './profile.ts';
import type { ProfileSettings } from './profile-fields.ts';

const [ANA, BO, LAPTOP, STRANGER] = ['ana', 'bo', 'bos-laptop', 'stranger'] as NodeId[] as [
  NodeId,
  NodeId,
  NodeId,
  NodeId,
];
const HOUR_MS = 3_600_000;

type Kept = Pick<ProfileSettings, 'volumes' | 'mutes'>;

function ground(kept: Kept = { volumes: {}, mutes: {} }) {
  const time = new HandTime();
  let settings = kept as ProfileSettings;
  const take: Profile['change'] = async (changes) => {
    settings = { ...settings, ...(typeof changes === 'function' ? changes(settings) : changes) };
  };
  const sound = new PersonSound({
    profile: {
      get settings() {
        return settings;
      },
      change: take,
      note: take,
    },
    personOf: (node) => (node === STRANGER ? undefined : node === LAPTOP ? BO : node),
    clock: time,
    schedule: time.schedule,
  });
  let changes = 0;
  sound.events.on('changed', () => (changes += 1));
  return { time, sound, kept: (): Kept => settings, changes: () => changes };
}

test('half as loud is 10 dB less, twice as loud 10 dB more, and nothing is changed by itself', () => {
  const decibels = (percent: number): number => Math.round(20 * Math.log10(gainOfVolume(percent)));
  assert.deepEqual([10, 50, 100, 200].map(decibels), [-33, -10, 0, 10]);
  assert.equal(gainOfVolume(100), 1);
});

test('a person is as loud as was chosen, at each of their computers', async () => {
  const { sound, kept } = ground();
  await sound.setVolume(BO, 50);
  assert.deepEqual([sound.volumeOf(BO), sound.volumeOf(ANA)], [50, 100]);
  assert.equal(sound.gainOf(LAPTOP), sound.gainOf(BO));
  assert.deepEqual([sound.gainOf(ANA), sound.gainOf(STRANGER)], [1, 1]);
  assert.ok(sound.gainOf(BO) < 0.4);
  await sound.setVolume(BO, 100);
  assert.deepEqual(kept().volumes, {}, 'nothing is kept of what is as it always was');
});

test('a person is muted until the time is over, and others are not', async () => {
  const { time, sound, kept, changes } = ground();
  const until = time.now() + HOUR_MS;
  await sound.mute(BO, until);
  await sound.mute(ANA, until + HOUR_MS);
  assert.deepEqual(
    [BO, LAPTOP, ANA, STRANGER].map((node) => sound.isMuted(node)),
    [true, true, true, false],
  );
  assert.equal(sound.mutedUntil(BO), until);
  time.pass(HOUR_MS - 1);
  assert.equal(changes(), 2);
  assert.ok(sound.isMuted(BO));
  time.pass(30_000);
  assert.equal(changes(), 3);
  assert.deepEqual([sound.isMuted(BO), sound.isMuted(ANA)], [false, true]);
  assert.deepEqual(Object.keys(kept().mutes), [ANA]);
  time.pass(HOUR_MS);
  assert.equal(changes(), 4);
  assert.deepEqual(kept().mutes, {});
});

test('one click ends it, and then nothing ends by itself', async () => {
  const { time, sound, changes } = ground();
  await sound.mute(BO, time.now() + HOUR_MS);
  await sound.mute(BO, null);
  assert.equal(sound.isMuted(BO), false);
  time.pass(2 * HOUR_MS);
  assert.equal(changes(), 2);
});

test('what is kept holds at the next start, as long as it lasts', () => {
  const time = new HandTime();
  const { sound } = ground({
    volumes: { [BO]: 40 },
    mutes: { [BO]: time.now() + HOUR_MS, [ANA]: time.now() - 1 },
  });
  assert.equal(sound.volumeOf(BO), 40);
  assert.deepEqual([sound.isMuted(BO), sound.isMuted(ANA)], [true, false]);
});
