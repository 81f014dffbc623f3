import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import {
  MAX_BY_UNICAST,
  multicastGroupOf,
  type KnownNode,
  type MessageId,
  type NodeId,
} from '../model/index.ts';
import type { Report } from './states.ts';
import { TalkTargets } from './talk-targets.ts';
import { newPerson } from './test-people.ts';
import { HandLink, HandOffice } from './test-ports.ts';

const GROUP = multicastGroupOf('an office');
const TALK = { id: 'a' as MessageId, page: undefined };

/** An office of this many others that join the group, all of whom are known. */
async function officeOf(t: TestContext, count: number) {
  const ann = await newPerson(t, '101');
  const office = new HandOffice(ann.record.node);
  const people = Array.from({ length: count }, (_, n): KnownNode => ({
    ...{ ...ann.record, node: `node ${n}` as NodeId, multicast: true },
    endpoints: { ...ann.record.endpoints, media: 5000 + n },
  }));
  for (const one of people) office.known.set(one.node, one);
  office.group = GROUP;
  const progress = new Map<NodeId, Report>();
  const targets = new TalkTargets({ office, progressOf: () => progress });
  return { office, people, progress, targets };
}

const ways = (targets: readonly { readonly inGroup?: string | undefined }[]) =>
  targets.map(({ inGroup }) => inGroup);

describe('the targets of a talk', () => {
  it('are the addresses of few recipients, and the group for more', async (t) => {
    const { people, targets } = await officeOf(t, MAX_BY_UNICAST + 1);
    assert.equal(targets.groupFor(targets.of(people.slice(1))), undefined);
    assert.deepEqual(targets.groupFor(targets.of(people)), GROUP);
  });

  it('are the recipients’ addresses if none of their versions joins a group, or without an office', async (t) => {
    const { office, people, targets } = await officeOf(t, 20);
    for (const { multicast: _, ...before } of people) office.known.set(before.node, before);
    assert.equal(targets.groupFor(targets.of(people)), undefined);
    for (const one of people) office.known.set(one.node, one);
    office.group = undefined;
    assert.equal(targets.groupFor(targets.of(people)), undefined);
  });

  it('remember whom the group did not reach, at that address, until it does', async (t) => {
    const { office, people, targets } = await officeOf(t, 3);
    const [first, second] = targets.of(people);
    const talk = { ...TALK, recipients: people };
    targets.learn(talk, [{ target: { ...second! }, isReached: false }]);
    assert.deepEqual(ways(targets.of(people)), ['likely', 'unlikely', 'likely']);
    const { endpoints } = people[1]!;
    office.known.set(people[1]!.node, { ...people[1]!, endpoints: { ...endpoints, address: '10.0.0.77' } });
    assert.deepEqual(
      ways(targets.of(people)),
      ['likely', 'likely', 'likely'],
      'it is in another network now',
    );
    office.known.set(people[1]!.node, people[1]!);
    targets.learn(talk, [
      { target: first!, isReached: true },
      { target: second!, isReached: true },
    ]);
    assert.deepEqual(ways(targets.of(people)), ['likely', 'likely', 'likely']);
  });

  it('send a node on Wi-Fi its own from the first fragment on, at each address until the group reached it there', async (t) => {
    const { office, people, targets } = await officeOf(t, MAX_BY_UNICAST + 1);
    const [, bo] = people;
    office.known.set(bo!.node, { ...bo!, wireless: true });
    const likely = Array.from({ length: MAX_BY_UNICAST - 1 }, () => 'likely' as const);
    const all = targets.of(people);
    assert.deepEqual(ways(all), ['likely', 'unlikely', ...likely]);
    const [first, second] = all;
    const talk = { ...TALK, recipients: people };
    targets.learn(talk, [{ target: first!, isReached: true }]);
    assert.deepEqual(ways(targets.of(people)), ['likely', 'unlikely', ...likely], 'that was somebody else');
    targets.learn(talk, [{ target: second!, isReached: true }]);
    assert.deepEqual(ways(targets.of(people)), ['likely', 'likely', ...likely]);
    const endpoints = { ...bo!.endpoints, address: '10.0.0.77' };
    office.known.set(bo!.node, { ...bo!, wireless: true, endpoints });
    assert.deepEqual(ways(targets.of(people)), ['likely', 'unlikely', ...likely], 'another network');
    office.known.set(bo!.node, bo!);
    targets.learn(talk, [{ target: second!, isReached: false }]);
    assert.deepEqual(ways(targets.of(people)), ['likely', 'unlikely', ...likely], 'on a cable, unreached');
  });

  it('is to fifty at most whom the group does not reach, where a switch has it to give', async (t) => {
    const { office, people, targets } = await officeOf(t, 3);
    const [first] = people;
    assert.deepEqual(targets.toGroup(GROUP), { group: GROUP }, 'there is no switch');
    office.switchNode = first!.node;
    assert.deepEqual(targets.own, {}, 'there is no way to it');
    office.upstream = new HandLink(first!.node);
    assert.deepEqual(targets.toGroup(GROUP), { group: GROUP, own: 50 });
    assert.deepEqual(
      targets.of(people).map(({ isSwitch }) => isSwitch),
      [true, undefined, undefined],
    );
    office.switchNode = office.self;
    assert.deepEqual(targets.own, {}, 'it would give it itself');
  });

  it('do not remember a node that is offline, or whose person does not hear a page', async (t) => {
    const { office, people, progress, targets } = await officeOf(t, 3);
    const all = targets.of(people);
    const page = { ...TALK, recipients: people, page: {} };
    progress.set(people[0]!.node, { state: 'notified' });
    const isOff = people[1]!.node;
    Object.defineProperty(office, 'online', {
      get: () => people.map(({ node }) => node).filter((n) => n !== isOff),
    });
    targets.learn(
      page,
      all.map((target) => ({ target, isReached: false })),
    );
    assert.deepEqual(ways(targets.of(people)), ['likely', 'likely', 'unlikely']);
    assert.equal(targets.ofTalk(page).length, 2, 'nor is more of it sent there');
    assert.equal(targets.ofTalk({ ...page, page: { isKept: true } }).length, 3);
  });
});
