import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { signCard, signRule, statementIdOf } from '../identity/index.ts';
import { AutoAnswers } from './auto-answers.ts';
import { Profile } from './profile.ts';
import { copyOf, membersOfTest, newIdentity } from './test-members.ts';

/** Dana has chosen Ana and Bo. */
async function ground(t: TestContext) {
  const members = await membersOfTest(t);
  const { ana, bo, office, events, ports } = members;
  const { profile } = await Profile.open('/profile', () => undefined, ports);
  t.after(() => profile.close());
  const answers = new AutoAnswers({ profile, session: { office, events } });
  for (const one of [ana, bo]) await answers.set(one.nodeId, true);
  const chosen = () => [ana, bo].map(({ nodeId }) => answers.has(nodeId));
  return { ...members, chosen };
}

test('who has another computer in the office is chosen still; who has none any more is not', async (t) => {
  const { bo, office, anaSigns, chosen } = await ground(t);
  const laptop = await newIdentity('laptop');
  const admission = { card: signCard(laptop), person: bo.nodeId };
  await office.ledger.take([signRule(bo, office.ledger.plain, 'admit', admission)], bo.nodeId, 99);
  assert.equal(office.ledger.nodesOf(bo.nodeId).length, 2);
  await anaSigns('remove', { nodes: [bo.nodeId] });
  assert.deepEqual(chosen(), [true, true]);
  await anaSigns('remove', { nodes: [laptop.nodeId] });
  assert.deepEqual(chosen(), [true, false]);
});

test('a removal counts also where it comes together with what takes it back', async (t) => {
  const { ana, bo, office, chosen } = await ground(t);
  const there = copyOf(office.ledger.plain);
  const removal = signRule(ana, there, 'remove', { nodes: [bo.nodeId] });
  there.add(removal);
  const back = signRule(ana, there, 'restore', { removal: statementIdOf(removal) });
  await office.ledger.take([removal, back], ana.nodeId, 1);
  assert.deepEqual(office.ledger.nodesOf(bo.nodeId), [bo.nodeId], 'he is in the office');
  assert.deepEqual(chosen(), [true, false]);
});
