import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { nextTurn } from '../model/index.ts';
import { until } from '../../test/support/hand-time.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** The latest that the standby is asked after the link to the switch is up. */
const SPREAD_MS = 10_000;

/** Bob, who follows a switch; Cleo is its standby. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, hub, cleo] = await Promise.all([newPerson(t, '101'), newPerson(t, '103'), newPerson(t, '104')]);
  bob.office.know(ann, hub, cleo);
  const [upstream, toCleo] = [new HandLink(hub.record.node), new HandLink(cleo.record.node)];
  bob.office.visits.set(toCleo.peer, toCleo);
  bob.office.standbyNode = toCleo.peer;
  bob.office.switchNode = upstream.peer;
  const linkUp = () => {
    bob.office.upstream = upstream;
    bob.messages.linkUp(upstream);
  };
  const linkDown = () => {
    bob.office.upstream = undefined;
    bob.messages.linkDown(upstream);
  };
  const pass = async (ms: number) => {
    bob.time.pass(ms);
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  };
  const asked = () => toCleo.of('inbox').length;
  return { bob, ann, upstream, toCleo, linkUp, linkDown, pass, asked };
}

test('a node that comes back asks the standby, too; one that changes the switch at once does not', async (t) => {
  const { toCleo, linkUp, linkDown, pass, asked } = await ground(t);
  linkUp();
  assert.equal(asked(), 0, 'not all at once');
  await pass(SPREAD_MS);
  assert.equal(asked(), 1);
  assert.deepEqual(toCleo.of('inbox'), [{ type: 'inbox', receiptsOf: [] }], 'of its own it lacks no receipt');
  linkDown();
  await pass(9_999);
  linkUp();
  await pass(SPREAD_MS);
  assert.equal(asked(), 1, 'it was away for a moment');
  linkDown();
  await pass(10_000);
  linkUp();
  await pass(SPREAD_MS);
  assert.equal(asked(), 2);
});

test('messages that the switch withholds come from the standby', async (t) => {
  const { bob, ann, upstream, toCleo, linkUp, pass } = await ground(t);
  linkUp();
  await pass(SPREAD_MS);
  const { id, header, manifest, fragments } = await speak(ann, [bob], { time: bob.time });
  bob.messages.frame({ type: 'announce', header: header.signed }, toCleo);
  bob.messages.frame({ type: 'manifest', manifest: manifest.signed }, toCleo);
  await pass(1_000);
  await until(() => upstream.of('fetch').length === 1, 'the switch is asked for it');
  bob.messages.frame({ type: 'fetch-end', id, upTo: 0, complete: false, reason: 'not-held' }, upstream);
  await pass(1_000);
  await until(() => toCleo.of('fetch').length === 1, 'the standby is asked for it');
  bob.messages.fragments(id, fragments, toCleo);
  await until(() => bob.store.get(id)?.state === 'complete', 'the whole message');
});
