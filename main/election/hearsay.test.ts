import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeId } from '../model/index.ts';
import { Election, type Beat, type ElectionOptions, type ElectionOutput } from './index.ts';
import { nextTerm } from './term.ts';

const id = (letter: string) => letter.repeat(22) as NodeId;
const endpoints = { address: '10.0.0.1', control: 1, beat: 2, media: 3 };
const member: Beat = {
  ...{ v: 1, node: id('a'), boot: 1, seq: 1, period: 1, term: 0, rank: 1, role: 'member', members: 2 },
  ...{ sentAt: 0, revision: 1, endpoints },
};

/** An election that runs until a time, ms, while a task is done every 10 ms; what came out. */
function run(
  options: Partial<ElectionOptions>,
  untilMs: number,
  task: (election: Election, now: number) => ElectionOutput[],
) {
  const election = new Election({
    ...{ self: id('z'), rank: 1, boot: 1, revision: 1, endpoints, now: 0, random: () => 0 },
    ...options,
  });
  const outputs: ElectionOutput[] = [];
  for (let now = 0; now < untilMs; now += 10) {
    if (now >= election.nextWakeAt()) outputs.push(...election.step({ type: 'tick' }, now));
    outputs.push(...task(election, now));
  }
  return { election, outputs };
}

const sentTo = (outputs: readonly ElectionOutput[], node: NodeId) =>
  outputs.filter((one) => one.type === 'send' && Array.isArray(one.to) && one.to.includes(node)).length;

describe('hearsay of nodes that never beat', () => {
  let seq = 0;
  const tells = (ghost: NodeId) => (election: Election, now: number) =>
    election.step(
      {
        type: 'heard',
        beat: {
          ...member,
          seq: (seq += 1),
          switch: ghost,
          switchAt: endpoints,
          term: nextTerm(50 * 2 ** 24, ghost, true),
        },
      },
      now,
    );

  it('is asked for twice a second at most, and given up after half a minute', () => {
    const { outputs } = run({}, 45_000, tells(id('g')));
    const asked = sentTo(outputs, id('g'));
    assert.ok(asked >= 2 && asked <= 92, `${asked} beats`);
    const forgotten = outputs.findIndex(({ type }) => type === 'forget');
    assert.ok(forgotten > 0);
    assert.equal(outputs.filter(({ type }) => type === 'forget').length, 1);
    assert.ok(!outputs.slice(forgotten).some(({ type }) => type === 'hint'), 'and not named again at once');
  });

  it('makes no more than a hundred beats a second, however many are named', () => {
    let named = 0;
    const { outputs } = run({}, 3000, (election, now) =>
      Array.from({ length: 30 }, () => {
        const ghost = String((named += 1)).padEnd(22, 'G') as NodeId;
        return [
          ...tells(ghost)(election, now),
          ...election.step({ type: 'found', address: `10.1.${named >> 8}.${named & 255}`, beat: 9 }, now),
        ];
      }).flat(),
    );
    const asked = outputs.filter(
      (one) => one.type === 'send' && (Array.isArray(one.to) ? one.to[0] !== id('a') : one.to !== 'everyone'),
    );
    assert.ok(asked.length > 200 && asked.length <= 400, `${asked.length} beats`);
    assert.ok(outputs.filter(({ type }) => type === 'hint').length <= 1000);
  });

  it('of a node that is no member is ignored', () => {
    const { outputs } = run({ isMember: (node) => node !== id('g') }, 5000, tells(id('g')));
    assert.equal(sentTo(outputs, id('g')), 0);
    assert.ok(!outputs.some(({ type }) => type === 'hint'));
  });

  it('at the same address is asked for twice a second at most', () => {
    const { outputs } = run({}, 5000, (election, now) =>
      election.step({ type: 'found', address: '10.0.0.9', beat: 9 }, now),
    );
    const asked = outputs.filter(
      (one) => one.type === 'send' && typeof one.to === 'object' && 'address' in one.to,
    );
    assert.equal(asked.length, 10);
  });
});

describe('a term that has risen', () => {
  it('is reported: the own one and that of the followed switch, and no other', () => {
    const term = nextTerm(0, id('a'), true);
    const claims = (of: number) => (election: Election, now: number) =>
      now < 1000
        ? []
        : election.step(
            { type: 'heard', beat: { ...member, seq: now, role: 'switch', switch: id('a'), term: of } },
            now,
          );
    const risen = (outputs: readonly ElectionOutput[]) =>
      outputs.flatMap((one) => (one.type === 'term' ? [[one.node, one.term]] : []));
    const own = [id('z'), nextTerm(0, id('z'), false)];
    assert.deepEqual(risen(run({}, 1100, claims(term)).outputs), [own, [id('a'), term]]);
    assert.deepEqual(risen(run({}, 1100, claims(Number.MAX_SAFE_INTEGER)).outputs), [own]);
  });
});
