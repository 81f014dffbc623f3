import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { signKeyGrant, unwrapMessageKey, wrapMessageKey } from '../identity/index.ts';
import { fromBase64url, newMessageId, type KeyGrant, type MessageId, type Signed } from '../model/index.ts';
import { grantIn } from './key-grants.ts';
import { Desk } from './test-desk.ts';
import { keep } from './test-kept.ts';
import { newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/*
 * Ann has talked to Bo’s desk. His laptop came later. Cy is a colleague who means harm.
 */

async function ground(t: TestContext) {
  const time = new HandTime();
  const [ann, laptop] = [await Desk.open(t, '101', time), await Desk.open(t, '102', time)];
  const [desk, cy] = [await newPerson(t, '102'), await newPerson(t, '104')];
  for (const { office } of [ann, laptop]) {
    office.know(ann, laptop, desk, cy);
    office.persons.set(laptop.node, desk.record.node);
  }
  const said = await speak(ann, [desk], { time });
  return { time, ann, laptop, desk, cy, said };
}

/** A grant as `by` signs it; the key in it is the message's own. */
async function grantOf(
  { header }: Spoken,
  {
    by,
    to,
    opener,
    ...change
  }: Partial<KeyGrant> & {
    readonly by: KeyGrant['by'];
    readonly to: Person;
    /** Who can open it, and signs. */
    readonly opener: Person;
  },
  signer: Person = opener,
): Promise<Signed> {
  const { id, talker } = header.facts;
  const { masterKey, masterSalt } = await unwrapMessageKey(opener.identity, header.facts);
  const key = await wrapMessageKey(Buffer.concat([masterKey, masterSalt]), {
    ...{ id, talker, recipient: to.record.node },
    recipientHpkeKey: fromBase64url(to.record.hpkeKey),
  });
  const grant: KeyGrant = { v: 1, id, by, key, ...change };
  // Whoever means harm signs what they like.
  return signer.record.node === by ? signKeyGrant(signer.identity, grant) : signer.identity.sign(grant);
}

async function asks(desk: Desk, by: Person, id: MessageId) {
  const link = new HandLink(by.record.node);
  desk.messages.frame({ type: 'history-wanted' }, link);
  desk.messages.frame({ type: 'older-wanted', id }, link);
  await until(() => link.of('older').length === 1, 'an answer');
  desk.messages.frame({ type: 'fetch', id, from: 0, follow: false }, link);
  return {
    listed: link.of('history').flatMap(({ ids }) => ids),
    answer: link.of('older')[0]!,
    isRefused: link.of('fetch-end').some(({ reason }) => reason === 'not-held'),
  };
}

test('a colleague who asks for somebody else’s message, and a removed computer, get no grant', async (t) => {
  const { ann, laptop, cy, said } = await ground(t);
  await keep(ann, said, { mine: 'talker' });
  const nothing = { listed: [], answer: { type: 'older', id: said.id }, isRefused: true };
  assert.deepEqual(await asks(ann, cy, said.id), nothing);
  const entitled = await asks(ann, laptop, said.id);
  assert.deepEqual([entitled.listed, entitled.isRefused], [[said.id], false]);
  assert.ok(entitled.answer.found?.grant);
  ann.office.remove(laptop);
  assert.deepEqual(await asks(ann, laptop, said.id), nothing);
});

test('a key is wrapped once for each computer, however often it is asked for', async (t) => {
  const { ann, laptop, said } = await ground(t);
  await keep(ann, said, { mine: 'talker' });
  const [first, again] = [await asks(ann, laptop, said.id), await asks(ann, laptop, said.id)];
  assert.ok(first.answer.found?.grant);
  assert.deepEqual(again.answer.found?.grant, first.answer.found?.grant);
  assert.equal(ann.store.get(said.id)?.local.grants?.length, 1);
});

test('a grant counts where the talker or a computer of the same person signed it for this message and this computer', async (t) => {
  const { ann, laptop, desk, cy, said } = await ground(t);
  const { office } = laptop;
  const node = laptop.node;
  const { facts: header } = said.header;
  const to = laptop;
  const ofAnn = await grantOf(said, { by: ann.node, to, opener: ann });
  const ofDesk = await grantOf(said, { by: desk.record.node, to, opener: desk });
  assert.equal(grantIn(ofAnn, header, node, ann.node, office)?.key.node, node);
  assert.equal(grantIn(ofDesk, header, node, desk.record.node, office)?.by, desk.record.node);

  const cys = await grantOf(said, { by: cy.record.node, to, opener: ann }, cy);
  assert.equal(grantIn(cys, header, node, cy.record.node, office), undefined, 'Cy may grant nothing');
  const forged = await grantOf(said, { by: ann.node, to, opener: ann }, cy);
  assert.equal(grantIn(forged, header, node, ann.node, office), undefined, 'Ann did not sign that');
  assert.equal(grantIn(ofAnn, header, node, desk.record.node, office), undefined, 'nor did the desk');
  const ofOther = await grantOf(said, { by: ann.node, to, opener: ann, id: newMessageId() });
  assert.equal(grantIn(ofOther, header, node, ann.node, office), undefined, 'of another message');
  const toCy = await grantOf(said, { by: ann.node, to: cy, opener: ann });
  assert.equal(grantIn(toCy, header, node, ann.node, office), undefined, 'for another computer');
  assert.equal(grantIn(toCy, header, cy.record.node, ann.node, office), undefined, 'it is not for Cy');
  const other = await speak(ann, [cy], {});
  const ofOthers = await grantOf(other, { by: ann.node, to, opener: ann });
  assert.equal(grantIn(ofOthers, other.header.facts, node, ann.node, office), undefined, 'it is not for Bo');
  office.remove(desk);
  office.persons.set(desk.record.node, desk.record.node);
  assert.equal(grantIn(ofDesk, header, node, desk.record.node, office), undefined, 'it was removed');
});

/** The laptop asks the desk, whose answers are the test's. */
async function asking(t: TestContext) {
  const here = await ground(t);
  const { laptop, desk, time, said, ann } = here;
  const link = new HandLink(desk.record.node);
  laptop.office.visits.set(desk.record.node, link);
  laptop.messages.expect([]);
  const wait = (holds: () => boolean, what: string) =>
    until(() => {
      time.pass(2);
      return holds();
    }, what);
  await wait(() => link.of('history-wanted').length === 1, 'it asks what there is');
  const list = (ids: readonly MessageId[]) =>
    laptop.messages.frame({ type: 'history', ids: [...ids], more: false }, link);
  const older = async (by: Person, signer?: Person) => {
    const grant = await grantOf(said, { by: by.record.node, to: laptop, opener: ann }, signer);
    const [header, manifest] = [said.header.signed, said.manifest.signed];
    return { type: 'older', id: said.id, found: { header, manifest, grant } } as const;
  };
  return { ...here, link, wait, list, older };
}

test('a forged grant opens nothing: the message waits for a genuine one', async (t) => {
  const { laptop, desk, cy, said, link, wait, list, older } = await asking(t);
  list([said.id]);
  await wait(() => link.of('older-wanted').length === 1, 'it asks for the message');
  laptop.messages.frame(await older(desk, cy), link);
  await wait(() => laptop.store.get(said.id) !== undefined, 'the message itself is Ann’s');
  assert.equal(laptop.store.get(said.id)?.local.sealed, true);
  assert.equal(laptop.store.get(said.id)?.local.grants, undefined);
});

test('unrequested, repeated and too many answers change nothing', async (t) => {
  const { laptop, desk, cy, said, link, wait, list, older } = await asking(t);
  const genuine = await older(desk, desk);
  const cys = new HandLink(cy.record.node);
  for (let n = 0; n < 1000; n++) {
    laptop.messages.frame(genuine, n % 2 === 0 ? link : cys);
    laptop.messages.frame({ type: 'history', ids: [newMessageId()], more: true }, cys);
  }
  assert.deepEqual(laptop.store.list(), [], 'nobody asked for that yet');
  assert.deepEqual(cys.sent, []);
  list([said.id]);
  await wait(() => link.of('older-wanted').length === 1, 'it asks for the message');
  laptop.messages.frame(genuine, cys);
  assert.deepEqual(laptop.store.list(), [], 'it asked the desk');
  laptop.messages.frame(genuine, link);
  await wait(() => laptop.store.get(said.id)?.local.grants !== undefined, 'the desk has answered');
  await laptop.messages.delete(said.id);
  for (let n = 0; n < 100; n++) laptop.messages.frame(genuine, link);
  assert.deepEqual(laptop.store.shown(), [], 'what was deleted stays deleted');
});

test('an endless list is cut off, and the messages in it are asked for one after the other', async (t) => {
  const { laptop, link, wait } = await asking(t);
  for (let n = 0; n < 4; n++) {
    const ids = Array.from({ length: 500 }, () => newMessageId());
    laptop.messages.frame({ type: 'history', ids, more: true }, link);
  }
  for (let n = 1; n <= 3; n++) {
    await wait(() => link.of('older-wanted').length === n, 'one after the other');
    laptop.messages.frame({ type: 'older', id: link.of('older-wanted').at(-1)!.id }, link);
  }
  assert.equal(link.of('history-wanted').length, 1);
  assert.deepEqual(laptop.store.list(), []);
});
