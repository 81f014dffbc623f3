import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Directory } from '../directory/index.ts';
import { readJoinLink, Redeemer, signCard, type Identity, type NewcomerStep } from '../identity/index.ts';
import { Redemptions } from './redemptions.ts';
import { Roster } from './roster.ts';
import { HandLink, newIdentities, recordOf } from './test-network.ts';
import { foundTestOffice, openDesk, type TestDesk } from './test-office.ts';

/** Somebody with a link, at one node of the office. */
class Guest {
  readonly link: HandLink;
  readonly #redeemer: Redeemer;

  constructor(identity: Identity, link: string, host: Identity, extension?: string, peer = identity.nodeId) {
    this.link = new HandLink(peer);
    const ends = {
      self: identity.nodeId,
      peer: host.nodeId,
      ...(extension === undefined ? {} : { extension }),
    };
    this.#redeemer = new Redeemer(readJoinLink(link), signCard(identity), ends, 0);
  }

  get first() {
    return this.#redeemer.first;
  }

  /** What the guest makes of the answer, once the link has ended. */
  async answer(): Promise<NewcomerStep> {
    await until(() => this.link.isClosed, 'the end of the link');
    let step: NewcomerStep = { kind: 'wait' };
    for (const frame of [...this.link.of('welcome'), ...this.link.of('refused')])
      step = this.#redeemer.take(frame, 1);
    return step;
  }
}

async function ground(t: TestContext, admit: 'members' | 'admins' = 'members') {
  const [ana, bo, dee, eve] = await newIdentities(t, 4);
  const statements = foundTestOffice(ana, [bo], admit);
  const nodeOf = async (who: Identity) => {
    const desk = await openDesk(who, statements);
    t.after(() => desk.ledger.close());
    const directory = new Directory();
    directory.use(desk.ledger);
    const roster = new Roster(who, directory);
    const { ledger, invitations, time } = desk;
    const redemptions = new Redemptions({ identity: who, ledger, invitations, roster, time });
    const redeem = (guest: Guest) => redemptions.redeem(guest.link.asLink, guest.first);
    return { desk, roster, redeem };
  };
  return { ana, bo, dee, eve, anas: await nodeOf(ana), bos: await nodeOf(bo) };
}

const whyOf = (step: NewcomerStep) => (step.kind === 'refused' ? step.why : step.kind);
const shareInvitations = (from: TestDesk, to: TestDesk) =>
  to.invitations.take(from.invitations.records, from.identity.nodeId);

test('a newcomer with a link is admitted with the wished number, and gets the whole ledger', async (t) => {
  const { ana, dee, anas } = await ground(t);
  const told: unknown[] = [];
  anas.desk.ledger.events.on('added', () => told.push(anas.desk.ledger.isMember(dee.nodeId)));
  const guest = new Guest(dee, await anas.desk.invitations.make({}), ana, '300');
  anas.redeem(guest);
  const step = await guest.answer();
  assert.equal(step.kind, 'joined');
  assert.deepEqual(step.joined.ledger.ids, anas.desk.ledger.ids);
  assert.equal(anas.desk.ledger.holderOf('300'), dee.nodeId);
  assert.equal(told.length, 1, 'the others are told');
  const onDisk = await anas.desk.onDisk();
  assert.equal(onDisk.length, anas.desk.ledger.ids.length);
});

test('a member without admin rights admits somebody by an invitation that another one made', async (t) => {
  const { bo, dee, anas, bos } = await ground(t);
  const link = await anas.desk.invitations.make({});
  await shareInvitations(anas.desk, bos.desk);
  const guest = new Guest(dee, link, bo, '101');
  bos.redeem(guest);
  assert.equal((await guest.answer()).kind, 'joined');
  assert.equal(bos.desk.ledger.extensionOf(dee.nodeId), '103', 'the number was taken: the lowest free one');
});

test('of two newcomers at once with one use left, one is admitted', async (t) => {
  const { ana, dee, eve, anas } = await ground(t);
  const link = await anas.desk.invitations.make({ uses: 1 });
  const guests = [dee, eve].map((who) => new Guest(who, link, ana));
  for (const guest of guests) anas.redeem(guest);
  const steps = await Promise.all(guests.map((guest) => guest.answer()));
  assert.deepEqual(steps.map(whyOf), ['joined', 'used-up']);
});

test('a newcomer whose welcome was lost gets it again, and uses the invitation once', async (t) => {
  const { ana, dee, anas } = await ground(t);
  const link = await anas.desk.invitations.make({ uses: 1 });
  for (let n = 0; n < 2; n += 1) {
    const guest = new Guest(dee, link, ana);
    anas.redeem(guest);
    assert.equal((await guest.answer()).kind, 'joined');
  }
  assert.equal(anas.desk.invitations.list()[0]?.used, 1);
});

test('an outsider with a link and a member’s card learns nothing of the office', async (t) => {
  const { ana, bo, eve, anas } = await ground(t);
  const link = await anas.desk.invitations.make({});
  const thief = new Guest(bo, link, ana, undefined, eve.nodeId);
  anas.redeem(thief);
  assert.equal(whyOf(await thief.answer()), 'bad-card');
  assert.deepEqual(thief.link.of('welcome'), []);
});

test('if only admins admit people, another member names the address of an admin', async (t) => {
  const { ana, bo, dee, anas, bos } = await ground(t, 'admins');
  const link = await anas.desk.invitations.make({});
  await shareInvitations(anas.desk, bos.desk);
  const guestAtBo = () => new Guest(dee, link, bo);
  const first = guestAtBo();
  bos.redeem(first);
  assert.deepEqual(await first.answer(), { kind: 'refused', why: 'cannot-admit', addresses: [] });
  bos.roster.directory.add(recordOf(ana).signed);
  bos.roster.directory.setOnline(ana.nodeId, true);
  const second = guestAtBo();
  bos.redeem(second);
  assert.deepEqual(await second.answer(), {
    ...{ kind: 'refused', why: 'cannot-admit' },
    addresses: [{ address: '10.0.0.9', port: 1000 }],
  });
});

test('an invitation that this node does not know yet admits nobody', async (t) => {
  const { bo, dee, anas, bos } = await ground(t);
  const guest = new Guest(dee, await anas.desk.invitations.make({}), bo);
  bos.redeem(guest);
  assert.equal(whyOf(await guest.answer()), 'unknown-invitation');
});

test('if the disk refuses the admission nobody is welcomed, and the next newcomer is answered', async (t) => {
  const { ana, dee, eve, anas } = await ground(t);
  const link = await anas.desk.invitations.make({});
  const { disk } = anas.desk;
  disk.capacityBytes = (await disk.size('/profile/ledger.jsonl')) + 50;
  const guest = new Guest(dee, link, ana);
  anas.redeem(guest);
  assert.equal((await guest.answer()).kind, 'wait', 'the link ended without a word');
  disk.capacityBytes = Infinity;
  const next = new Guest(eve, link, ana);
  anas.redeem(next);
  assert.equal((await next.answer()).kind, 'joined');
});
