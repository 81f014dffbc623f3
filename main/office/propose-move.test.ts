import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import type { OfficeId } from '../identity/index.ts';
import { Emitter, type NodeId } from '../model/index.ts';
import type { OfficeEvents } from './events.ts';
import { proposeMove } from './propose-move.ts';
import { HandLink } from './test-network.ts';

const office = 'A'.repeat(22) as OfficeId;
const another = `${'B'.repeat(21)}A` as OfficeId;
const nodeOf = (number: number): NodeId => `${String(number).padStart(21, '0')}A` as NodeId;

/** An office of this many colleagues; `gone`: they cannot be reached. */
function ground(count: number, gone: readonly number[] = []) {
  const time = new HandTime();
  const events = new Emitter<OfficeEvents>((error) => assert.fail(String(error)));
  const nodes = Array.from({ length: count }, (_, number) => nodeOf(number));
  const links = new Map(nodes.map((node) => [node, new HandLink(node)]));
  const lost = new Set(gone.map(nodeOf));
  const session = {
    events,
    peers: { reach: async (node: NodeId) => (lost.has(node) ? undefined : links.get(node)?.asLink) },
  };
  const frame = { type: 'move', link: 'corridor://join/x', without: [] } as const;
  const proposal = { office, frame: { ...frame, without: [] as NodeId[] }, to: nodes };
  const asked = proposeMove({ session, schedule: time.schedule }, proposal);
  const answer = (number: number, isAsked: boolean, about = office): void =>
    events.emit('move-heard', {
      node: nodeOf(number),
      frame: { type: 'move-heard', office: about, isAsked },
    });
  const told = (): number => [...links.values()].filter(({ sent }) => sent.length > 0).length;
  return { time, asked, answer, told };
}

test('people count as asked whose computers confirm it; a computer that is silent for five seconds or away does not', async () => {
  const { time, asked, answer, told } = ground(4, [3]);
  await until(() => told() === 3, 'those who are there are asked');
  answer(0, true);
  answer(1, false);
  answer(2, true, another);
  answer(3, true);
  time.pass(5_000);
  assert.deepEqual(await asked, new Set([nodeOf(0)]));
  assert.deepEqual(time.dueIn, [], 'nothing is waited for any more');
});

test('of a large office eight computers are asked at a time', async () => {
  const { asked, answer, told } = ground(20);
  await until(() => told() === 8, 'the first eight are asked');
  for (let number = 0; number < 20; number += 1) {
    await until(() => told() > number, 'the next is asked');
    assert.ok(told() - number <= 8);
    answer(number, true);
  }
  assert.equal((await asked).size, 20);
});
