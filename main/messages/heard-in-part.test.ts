import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Desk, isWhole } from './test-desk.ts';
import { newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob has all of a message of Ann's but one fragment, and its end. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const ann = await newPerson(t, '101');
  bob.office.know(ann, bob);
  const link = new HandLink(ann.record.node);
  bob.office.downstream = [link];
  const said = await speak(ann, [bob]);
  const { id } = said;
  const [last, ...others] = [...said.fragments].reverse();
  bob.hear(said.header.signed);
  await until(() => bob.media.of('receive').length > 0, 'it is received');
  bob.take({ ...said, fragments: others.reverse() }, link);
  await until(() => bob.store.get(id)?.manifest !== undefined, 'its end');
  const lately = () => bob.store.get(id)?.holding.find(({ facts }) => facts.node === bob.record.node)?.facts;
  const furthest = () =>
    bob.store.get(id)?.receipts.find(({ facts }) => facts.node === bob.record.node)?.facts;
  const comes = () => bob.media.arrive([last!], said.header.facts.ssrc);
  return { bob, id, lately, furthest, comes };
}

test('who heard a message of which a part is lost says so, and says it once all of it is here', async (t) => {
  const { bob, id, lately, furthest, comes } = await ground(t);
  bob.messages.inbox.heard(id);
  await until(() => furthest()?.state === 'heard', 'the receipt');
  assert.equal(lately()?.isPart, true);
  comes();
  await until(isWhole(bob, id), 'all of it');
  await until(() => lately()?.state === 'received', 'the second receipt');
  assert.equal(lately()?.isPart, undefined);
  assert.equal(furthest()?.state, 'heard', 'it was heard all the same');
});

test('who heard a message that is whole says so by one receipt', async (t) => {
  const { bob, id, lately, furthest, comes } = await ground(t);
  comes();
  bob.messages.inbox.heard(id);
  await until(() => furthest()?.state === 'heard', 'the receipt');
  await until(isWhole(bob, id), 'all of it');
  assert.deepEqual([lately()?.state, lately()?.isPart], ['heard', undefined]);
});
