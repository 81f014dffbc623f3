import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { refused } from '../../test/support/refused.ts';
import { CorridorError, tomorrowMorning } from '../model/index.ts';

const HOUR_MS = 3_600_000;

/** The only colleague is seen to be so. */
const isSeenAs = (presence: string) => (event: NodeEvent) =>
  event.type === 'people' && event.people[0]?.presence === presence;

/** Wants not to be disturbed for a moment: a longer one where the machine stood still until it was over. Resolves with its end. */
async function undisturbedForAMoment({ node }: Member): Promise<number> {
  for (let forMs = 100; ; forMs *= 2) {
    const until = Date.now() + forMs;
    try {
      await node.call('setPresence', { presence: 'dnd', until });
      return until;
    } catch (error) {
      if (!(error instanceof CorridorError) || error.code !== 'time-past') throw error;
    }
  }
}

it('a presence has an end where one is given with it, and another choice clears it', async (t) => {
  const { node } = await officeFor(t).add('101');
  const until = Date.now() + HOUR_MS;
  const chosen = await node.call('setPresence', { presence: 'dnd', until });
  assert.deepEqual([chosen.presence, chosen.presenceUntil], ['dnd', until]);
  const other = await node.call('setPresence', { presence: 'busy' });
  assert.deepEqual([other.presence, other.presenceUntil], ['busy', null]);
  const before = tomorrowMorning(Date.now());
  const { presenceUntil: morning } = await node.call('setPresence', { presence: 'dnd', until: 'tomorrow' });
  // Midnight may pass between the two.
  assert.ok(morning === before || morning === tomorrowMorning(Date.now()));
  const available = await node.call('setPresence', { presence: 'available', until });
  assert.equal(available.presenceUntil, null, 'nothing follows it');
  await assert.rejects(
    node.call('setPresence', { presence: 'dnd', until: Date.now() - 1 }),
    refused('time-past'),
  );
});

it('a presence ends by itself, for everybody', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await ann.node.call('setPresence', { presence: 'dnd', until: Date.now() + HOUR_MS });
  await bob.untilSo(isSeenAs('dnd'));
  const [annFrom, bobFrom] = [ann.events.length, bob.events.length];
  // Everybody has seen it by now, so that it may end as soon as it likes.
  const until = await undisturbedForAMoment(ann);
  const ended = await ann.untilAfter(
    annFrom,
    (event) => event.type === 'status' && event.status.presence === 'available',
  );
  assert.ok(ended.type === 'status' && ended.status.presenceUntil === null);
  assert.ok(ended.at >= until, 'not before its time');
  await bob.untilAfter(bobFrom, isSeenAs('available'));
});

it('a presence with an end outlives the node; one that ended while the node was off has ended when it is back', async (t) => {
  const office = officeFor(t);
  const ann = await office.add('101');
  const { profile } = ann;
  const until = Date.now() + HOUR_MS;
  await ann.node.call('setPresence', { presence: 'dnd', until });
  await office.close(ann);
  const again = await office.add('101', { profile });
  const kept = await again.node.call('status');
  assert.deepEqual([kept.presence, kept.presenceUntil], ['dnd', until]);

  await office.close(again);
  const file = join(profile, 'settings.json');
  const settings = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...settings, presenceUntil: Date.now() - 1000 }));
  const late = await office.add('101', { profile });
  const status = await late.node.call('status');
  assert.deepEqual([status.presence, status.presenceUntil], ['available', null]);
});
