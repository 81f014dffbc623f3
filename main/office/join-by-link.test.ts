import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { SavedAddresses } from '../discovery/index.ts';
import { answerRedemption, officeTagOf, readJoinLink, type Joined } from '../identity/index.ts';
import { nextTurn, type CorridorError } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import { JoinByLink } from './join-by-link.ts';
import { HandLink, HandNetwork, newIdentity, type Attempt } from './test-network.ts';
import { foundTestOffice, openDesk } from './test-office.ts';

const AGAIN_MS = 2_000;
const PLACE = { address: '10.0.0.7', port: 4000 };

/** Dee has a link to Ana’s office, and looks for somebody who lets her in. */
async function ground(t: TestContext, given: readonly string[] = [], uses = 20) {
  const [ana, dee] = [await newIdentity(t), await newIdentity(t)];
  const desk = await openDesk(ana, foundTestOffice(ana));
  const link = await desk.invitations.make({ uses });
  const folder = tempFolder('joining');
  const { addresses } = await SavedAddresses.load(join(folder, 'addresses.json'));
  for (const one of given) addresses.give(one);
  const [network, time] = [new HandNetwork(), new HandTime()];
  const shown: (string | undefined)[] = [];
  const joining = new JoinByLink({
    ...{ identity: dee, link: readJoinLink(link), extension: '300', network, interfaces: [], addresses },
    ...{ clock: time, schedule: time.schedule, log: () => undefined },
    show: (why) => void shown.push(why?.phrase.code),
  });
  const outcomes: (Joined | CorridorError)[] = [];
  joining.joined.then(
    (joined) => outcomes.push(joined),
    (error: CorridorError) => outcomes.push(error),
  );
  t.after(async () => {
    await joining.stop();
    await desk.ledger.close();
  });
  const tag = officeTagOf(desk.ledger.id).toString('hex');
  const find = (address: string, controlPort: number, officeTag = tag) =>
    network.found({ instance: address, addresses: [address], controlPort, beatPort: 1, officeTag });
  /** Ana’s node at the other end of an attempt. What she answers: as she would, or what a test says. */
  const meet = async (attempt: Attempt, answer?: ControlMessageOf<'refused' | 'welcome'>) => {
    const control = new HandLink(ana.nodeId);
    attempt.succeed(control);
    await until(() => control.of('redeem').length > 0, 'the question');
    const [redeem] = control.of('redeem');
    const host = { self: ana, ledger: desk.plain, invitations: desk.invitations.book };
    const frames = answer ? [answer] : answerRedemption(host, redeem!, dee.nodeId, [], time.now()).frames;
    for (const frame of frames) control.bring(frame);
    await nextTurn();
    return control;
  };
  const asked = () => network.attempts.map(({ options: { address, port } }) => `${address}:${port}`);
  return { ana, dee, desk, network, time, joining, outcomes, shown, find, meet, asked };
}

const refused = (why: ControlMessageOf<'refused'>['why'], addresses: (typeof PLACE)[] = []) =>
  ({ type: 'refused', why, addresses }) as const;

test('the newcomer is admitted by the first node of the office that is found', async (t) => {
  const { dee, desk, network, joining, outcomes, find, meet, asked } = await ground(t);
  joining.start();
  find('10.0.0.8', 4000, 'ffffffff');
  assert.deepEqual(asked(), [], 'another office’s');
  find('10.0.0.7', 4000);
  assert.deepEqual(asked(), ['10.0.0.7:4000']);
  const control = await meet(network.attempts[0]!);
  await until(() => outcomes.length > 0, 'the outcome');
  const [joined] = outcomes as [Joined];
  assert.deepEqual(joined.ledger.ids, desk.plain.ids);
  assert.ok(joined.ledger.standing.members.has(dee.nodeId));
  assert.equal(joined.ledger.standing.extensions.get('300'), dee.nodeId);
  assert.ok(joined.invitation);
  await until(() => control.isClosed, 'the end of the link');
});

test('without an answer the newcomer goes on asking, at typed and at found addresses', async (t) => {
  const { network, time, joining, outcomes, find, asked } = await ground(t, ['10.0.0.5:4001']);
  joining.start();
  find('10.0.0.7', 4000);
  await until(() => network.attempts.length === 2, 'both');
  for (let round = 1; round <= 3; round += 1) {
    for (const attempt of network.attempts.slice(-2)) attempt.fail();
    await nextTurn();
    time.pass(AGAIN_MS);
    await until(() => network.attempts.length === 2 * (round + 1), `round ${round}`);
  }
  assert.deepEqual([...new Set(asked())].sort(), ['10.0.0.5:4001', '10.0.0.7:4000']);
  assert.deepEqual(outcomes, []);
});

test('a node that answers is not asked a second time meanwhile', async (t) => {
  const { network, time, joining, find } = await ground(t);
  joining.start();
  find('10.0.0.7', 4000);
  find('10.0.0.7', 4000);
  time.pass(3 * AGAIN_MS);
  assert.equal(network.attempts.length, 1);
});

test('a node of another office is not asked again', async (t) => {
  const { network, time, joining, find } = await ground(t);
  joining.start();
  find('10.0.0.7', 4000);
  network.attempts[0]!.fail('wrong-office');
  await nextTurn();
  time.pass(5 * AGAIN_MS);
  assert.equal(network.attempts.length, 1);
});

test('a node that may admit nobody names one that may, and that one is asked', async (t) => {
  const { network, joining, outcomes, find, meet, asked } = await ground(t);
  joining.start();
  find('10.0.0.3', 3000);
  await meet(network.attempts[0]!, refused('cannot-admit', [PLACE]));
  await until(() => network.attempts.length === 2, 'the next');
  assert.equal(asked()[1], '10.0.0.7:4000');
  await meet(network.attempts[1]!);
  await until(() => outcomes.length > 0, 'the outcome');
  assert.ok('ledger' in outcomes[0]!);
});

test('after every node has refused twice it reports why, and asks nobody any more', async (t) => {
  const { network, time, joining, outcomes, shown, find, meet } = await ground(t);
  joining.start();
  find('10.0.0.7', 4000);
  await meet(network.attempts[0]!, refused('used-up'));
  await until(() => shown.length > 0, 'the reason is shown');
  assert.deepEqual([shown, outcomes], [['join-refused'], []]);
  time.pass(AGAIN_MS);
  await meet(network.attempts[1]!, refused('used-up'));
  await until(() => outcomes.length > 0, 'the outcome');
  const [error] = outcomes as [CorridorError];
  assert.deepEqual([error.code, error.phrase?.code], ['join-refused', 'join-refused']);
  assert.match(error.message, /used up/);
  time.pass(100 * AGAIN_MS);
  assert.equal(network.attempts.length, 2);
});

test('a false refusal by some computer of the LAN does not end the search', async (t) => {
  const { network, time, joining, outcomes, shown, find, meet, asked } = await ground(t);
  joining.start();
  find('10.0.0.66', 4000);
  find('10.0.0.7', 4000);
  network.attempts[1]!.fail();
  for (const attempt of [0, 2]) {
    await meet(network.attempts[attempt]!, refused('used-up'));
    await nextTurn();
    time.pass(AGAIN_MS);
    await until(() => network.attempts.length > attempt + 2, 'the next attempt');
    if (attempt === 0) network.attempts[3]!.fail();
    await nextTurn();
  }
  assert.deepEqual(outcomes, []);
  assert.deepEqual([...new Set(shown)], ['join-refused']);
  assert.equal(asked().at(-1), '10.0.0.7:4000', 'it goes on where nobody has answered');
  await meet(network.attempts.at(-1)!);
  await until(() => outcomes.length > 0, 'the outcome');
  assert.ok('ledger' in outcomes[0]!);
});

test('an address without a node does not prolong a search that every other one refused', async (t) => {
  const { network, time, joining, outcomes, find, meet } = await ground(t);
  joining.start();
  find('10.0.0.7', 4000);
  find('10.0.0.8', 4000);
  for (let round = 0; round < 4; round += 1) {
    assert.deepEqual(outcomes, []);
    for (const attempt of network.attempts.splice(0)) {
      if (attempt.options.address === '10.0.0.8') attempt.fail();
      else await meet(attempt, refused('used-up'));
    }
    await nextTurn();
    time.pass(AGAIN_MS);
  }
  await until(() => outcomes.length > 0, 'the outcome');
  assert.equal((outcomes[0] as CorridorError).code, 'join-refused');
});

test('a welcome of another office counts as a refusal', async (t) => {
  const { ana, network, time, joining, outcomes, find, meet } = await ground(t);
  joining.start();
  find('10.0.0.7', 4000);
  const statements = foundTestOffice(ana).slice(0, 1);
  for (const attempt of [0, 1]) {
    await meet(network.attempts[attempt]!, { type: 'welcome', statements: [...statements], isLast: true });
    await nextTurn();
    time.pass(AGAIN_MS);
  }
  await until(() => outcomes.length > 0, 'the outcome');
  const [error] = outcomes as [CorridorError];
  assert.equal(error.code, 'join-ended');
});

test('four addresses are connected to at once, and 64 are known: the oldest is displaced', async (t) => {
  const { network, joining, find, asked } = await ground(t);
  joining.start();
  for (let n = 1; n <= 70; n += 1) find(`10.0.1.${n}`, 4000);
  assert.deepEqual(asked(), ['10.0.1.1:4000', '10.0.1.2:4000', '10.0.1.3:4000', '10.0.1.4:4000']);
  for (let n = 0; n < 64; n += 1) {
    await until(() => network.attempts.length > n, `attempt ${n}`);
    assert.ok(network.attempts.length <= n + 4);
    network.attempts[n]!.fail();
    await nextTurn();
  }
  const all = asked();
  assert.equal(new Set(all).size, 64);
  assert.ok(all.includes('10.0.1.70:4000'), 'the newest is asked');
  assert.ok(!all.includes('10.0.1.5:4000'), 'the oldest that waits has gone');
});

test('a node that says nothing for two minutes is asked again', async (t) => {
  const { network, time, joining, outcomes, find } = await ground(t);
  joining.start();
  find('10.0.0.7', 4000);
  const control = new HandLink((await newIdentity(t)).nodeId);
  network.attempts[0]!.succeed(control);
  await until(() => control.of('redeem').length > 0, 'the question');
  time.pass(120_000 + AGAIN_MS);
  await until(() => control.isClosed, 'the end of the link');
  time.pass(AGAIN_MS);
  await until(() => network.attempts.length === 2, 'it is asked again');
  assert.deepEqual(outcomes, []);
});

test('after stop it asks nobody, closes a link that comes too late, and leaves no timer', async (t) => {
  const { network, time, joining, outcomes, find } = await ground(t);
  joining.start();
  find('10.0.0.7', 4000);
  await joining.stop();
  const late = new HandLink((await newIdentity(t)).nodeId);
  network.attempts[0]!.succeed(late);
  await until(() => late.isClosed, 'the end of the link');
  assert.deepEqual(late.sent, []);
  find('10.0.0.9', 4000);
  time.pass(10 * AGAIN_MS);
  assert.equal(network.attempts.length, 1);
  assert.deepEqual([time.dueIn, outcomes], [[], []]);
});
