import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import {
  BUDGETS,
  Emitter,
  newMessageId,
  nextTurn,
  nodePorts,
  type MessageId,
  type Signed,
} from '../model/index.ts';
import { Composer } from './compose.ts';
import type { MessageEvents } from './events.ts';
import { KeySheets, withoutSheet } from './key-sheets.ts';
import { SenderKeys, type SenderKey } from './sender-keys.ts';
import { follow } from './test-joined-desks.ts';
import { Desk, openStore } from './test-desk.ts';
import { newPerson, type Person } from './test-people.ts';
import { HandLink, HandOffice } from './test-ports.ts';

/** Ann talks to Bob, Cleo and Dana; Bob knows no sheet yet. */
async function ground(t: TestContext) {
  const bob = await openStore(t, '102');
  const [ann, cleo, dana] = await Promise.all([
    newPerson(t, '101'),
    newPerson(t, '103'),
    newPerson(t, '104'),
  ]);
  bob.office.know(ann, bob, cleo, dana);
  const over: MessageEvents['over'][] = [];
  const events = new Emitter<MessageEvents>((error) => assert.ifError(error));
  events.on('over', (one) => void over.push(one));
  const sheets = new KeySheets({ ...bob, clock: bob.time, read: bob.store, events });
  return { ann, bob, cleo, dana, sheets, over };
}

/** What is said of a message, as far as anybody looks at it before its header is there. */
const manifestOf = (id: MessageId): Signed => ({ payload: JSON.stringify({ id }), signature: '' });

/** A talker with sender keys, who begins messages. */
function talking(talker: Person, people: readonly Person[]) {
  const { identity } = talker;
  const office = new HandOffice(identity.nodeId);
  office.know(talker, ...people);
  const [clock, { random }] = [new HandTime(), nodePorts];
  const senderKeys = new SenderKeys({ identity, office, clock, random, nextTurn });
  const composer = new Composer({ identity, clock, random, senderKeys });
  const recipients = people.map(({ record }) => record);
  const speak = () => composer.header(composer.draft(), { recipients, from: '101', to: '102' });
  const begin = async (): Promise<Signed> => (await speak()).signed;
  const sheet = async (): Promise<SenderKey> => {
    const made = await senderKeys.for(recipients);
    assert.ok(made);
    return made;
  };
  return { speak, begin, sheet };
}

test('a sheet that was sent in advance completes headers that come by datagram', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const { begin, sheet } = talking(ann, [bob, cleo, dana]);
  const header = await begin();
  assert.equal(sheets.complete(withoutSheet(header)), undefined);
  const { text } = await sheet();
  assert.deepEqual(sheets.received({ type: 'sheet', sheet: text }, new HandLink(ann.record.node)), []);
  assert.deepEqual(sheets.complete(withoutSheet(header)), header);
});

test('a sheet is accepted from its talker or the switch, and from nobody else', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const { begin, sheet } = talking(ann, [bob, cleo, dana]);
  const header = withoutSheet(await begin());
  const frame = { type: 'sheet', sheet: (await sheet()).text } as const;
  const toCleo = new HandLink(cleo.record.node);
  sheets.received(frame, toCleo);
  assert.equal(sheets.complete(header), undefined);
  sheets.received({ ...frame, sheet: '{"v":1}' }, new HandLink(ann.record.node));
  assert.equal(sheets.complete(header), undefined);
  bob.office.switchNode = cleo.record.node;
  sheets.received(frame, toCleo);
  assert.ok(sheets.complete(header));
});

test('a header whose sheet is not known waits for it, and it is asked for once', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const { begin, sheet } = talking(ann, [bob, cleo, dana]);
  const headers = [await begin(), await begin()];
  const toCleo = new HandLink(cleo.record.node);
  for (const header of headers) assert.equal(sheets.completeOrAsk(withoutSheet(header), toCleo), undefined);
  assert.equal(toCleo.of('sheet-wanted').length, 1);
  const answer = { type: 'sheet', sheet: (await sheet()).text } as const;
  assert.deepEqual(sheets.received(answer, new HandLink(dana.record.node)), [], 'nobody else was asked');
  assert.deepEqual(
    sheets.received(answer, toCleo).map(({ header }) => header),
    headers,
  );
  assert.deepEqual(sheets.received(answer, toCleo), []);
  const next = await begin();
  assert.equal(sheets.complete(withoutSheet(next)), undefined, 'nobody has looked who signed the first one');
  sheets.verified(headers[0]!);
  assert.deepEqual(sheets.completeOrAsk(withoutSheet(next), toCleo), next);
});

test('frames about a message that waits for its sheet are handled after its header; a lost answer is asked for again', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const { speak, sheet } = talking(ann, [bob, cleo, dana]);
  const { signed, facts } = await speak();
  const [toCleo, toDana] = [new HandLink(cleo.record.node), new HandLink(dana.record.node)];
  const done: string[] = [];
  assert.equal(sheets.completeOrAsk(withoutSheet(signed), toCleo), undefined);
  for (const what of ['hashes', 'end'] as const)
    sheets.afterHeader(manifestOf(facts.id), toCleo, () => done.push(what));
  assert.equal(done.length, 0);
  sheets.afterHeader(manifestOf(facts.id), toDana, () => done.push('elsewhere'));
  sheets.afterHeader(manifestOf(newMessageId()), toCleo, () => done.push('of another message'));
  assert.deepEqual(done.splice(0), ['elsewhere', 'of another message']);
  bob.time.pass(2_999);
  sheets.completeOrAsk(withoutSheet((await speak()).signed), toCleo);
  assert.equal(toCleo.of('sheet-wanted').length, 1);
  bob.time.pass(1);
  sheets.completeOrAsk(withoutSheet((await speak()).signed), toCleo);
  assert.equal(toCleo.of('sheet-wanted').length, 2);
  const [first] = sheets.received({ type: 'sheet', sheet: (await sheet()).text }, toCleo);
  for (const next of first?.then ?? []) next();
  assert.deepEqual(done, ['hashes', 'end']);
});

test('an unverified sheet displaces none, and one that comes with a header that names none is dropped', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const anns = talking(ann, [bob, cleo, dana]);
  sheets.received({ type: 'sheet', sheet: (await anns.sheet()).text }, new HandLink(ann.record.node));
  const small = withoutSheet(await anns.begin());
  for (let n = 0; n <= BUDGETS.keySheets.perPeer.atOnce; n++) {
    const { signature, sheet, payload } = await talking(ann, [bob, cleo, dana]).begin();
    sheets.complete({ signature, payload, sheet });
  }
  assert.ok(sheets.complete(small));
  const composer = new Composer({ identity: ann.identity, clock: bob.time, random: nodePorts.random });
  const toBob = { recipients: [bob.record], from: '101', to: '102' };
  const { signed: plain } = await composer.header(composer.draft(), toBob);
  assert.deepEqual(sheets.complete({ ...plain, sheet: '{"v":1}' }), plain);
});

test('a switch passes on a limited number of sheets of a talker in advance', async (t) => {
  const { ann, bob, cleo, dana, sheets, over } = await ground(t);
  const [toAnn, toCleo] = [new HandLink(ann.record.node), new HandLink(cleo.record.node)];
  bob.office.downstream = [toAnn, toCleo];
  const most = BUDGETS.sheetsPassedOn.perPeer.atOnce;
  for (let n = 0; n <= most; n++)
    sheets.received({ type: 'sheet', sheet: (await talking(ann, [bob, cleo, dana]).sheet()).text }, toAnn);
  assert.equal(toCleo.of('sheet').length, most);
  assert.deepEqual(over, [{ node: ann.record.node, budget: 'sheetsPassedOn' }]);
});

test('a sheet is sent over each link once, and again to a node that lost it', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const { speak } = talking(ann, [bob, cleo, dana]);
  const [first, second] = [await speak(), await speak()];
  const stranger = await newPerson(t, '105');
  const [toCleo, toEve] = [new HandLink(cleo.record.node), new HandLink(stranger.record.node)];
  for (const { signed, facts } of [first, second]) {
    bob.store.begin(signed, facts, { keeps: true });
    sheets.announce(toCleo, signed);
  }
  assert.deepEqual(
    toCleo.of('announce').map(({ header }) => header),
    [first.signed, withoutSheet(second.signed)],
  );
  const question = { type: 'sheet-wanted', id: second.facts.id } as const;
  sheets.wanted(question, toEve);
  assert.deepEqual(toEve.sent, [], 'it is not for her, and she was not told of it');
  sheets.wanted(question, toCleo);
  assert.deepEqual(
    toCleo.of('sheet').map(({ sheet }) => sheet),
    [second.signed.sheet],
  );
});

test('a sheet that came over a link is not sent back over it', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const { begin } = talking(ann, [bob, cleo, dana]);
  const toAnn = new HandLink(ann.record.node);
  const header = await begin();
  assert.ok(sheets.completeOrAsk(header, toAnn));
  sheets.announce(toAnn, header);
  assert.deepEqual(
    toAnn.of('announce').map((frame) => frame.header),
    [withoutSheet(header)],
  );
});

test('the switch passes a sheet on to its readers once, and to nobody of the version before', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const { sheet } = talking(ann, [bob, cleo, dana]);
  const eve = await newPerson(t, '105');
  bob.office.know(eve);
  const links = [ann, cleo, dana, eve].map(({ record }) => new HandLink(record.node));
  const [toAnn, toCleo, toDana, toEve] = links as [HandLink, HandLink, HandLink, HandLink];
  bob.office.downstream = links;
  const { readsSheets: _, ...before } = dana.record;
  bob.office.known.set(before.node, before);
  const frame = { type: 'sheet', sheet: (await sheet()).text } as const;
  sheets.received(frame, toAnn);
  sheets.received(frame, toAnn);
  assert.deepEqual(
    [toAnn, toCleo, toDana, toEve].map((link) => link.sent.length),
    [0, 1, 0, 0],
  );
});

test('one talker’s sheets never push out those of others, and their number is bounded', async (t) => {
  const { ann, bob, cleo, dana, sheets } = await ground(t);
  const [anns, cleos] = [talking(ann, [bob, cleo, dana]), talking(cleo, [ann, bob, dana])];
  const kept = withoutSheet(await cleos.begin());
  sheets.received({ type: 'sheet', sheet: (await cleos.sheet()).text }, new HandLink(cleo.record.node));
  const toAnn = new HandLink(ann.record.node);
  const first = withoutSheet(await anns.begin());
  sheets.received({ type: 'sheet', sheet: (await anns.sheet()).text }, toAnn);
  for (let n = 0; n < BUDGETS.keySheets.perPeer.atOnce; n++) {
    // As if she had started anew each time: she makes another sheet.
    const { text } = await talking(ann, [bob, cleo, dana]).sheet();
    sheets.received({ type: 'sheet', sheet: text }, toAnn);
  }
  assert.equal(sheets.complete(first), undefined, 'her oldest is gone');
  assert.ok(sheets.complete(kept));
});

test('a limited number of headers wait on one link', async (t) => {
  const { ann, bob, cleo, dana, sheets, over } = await ground(t);
  const { begin, sheet } = talking(ann, [bob, cleo, dana]);
  const most = BUDGETS.headersWaiting.perPeer.atOnce;
  const toCleo = new HandLink(cleo.record.node);
  for (let n = 0; n <= most; n++) sheets.completeOrAsk(withoutSheet(await begin()), toCleo);
  assert.equal(over[0]?.budget, 'headersWaiting');
  assert.equal(sheets.received({ type: 'sheet', sheet: (await sheet()).text }, toCleo).length, most);
});

test('a recipient that got the sheet in advance hears the first message by its small header alone', async (t) => {
  const hub = await Desk.open(t, '110');
  const [ann, bob, cleo, dana] = await Promise.all(
    ['101', '102', '103', '104'].map((one) => Desk.open(t, one)),
  );
  assert.ok(ann && bob && cleo && dana);
  for (const one of [ann, bob, cleo, dana]) one.office.know(ann, bob, cleo, dana, hub);
  hub.office.know(ann, bob, cleo, dana, hub);
  for (const one of [ann, bob, cleo, dana]) follow(one, hub);
  const recipients = [bob, cleo, dana].map(({ record }) => record);
  const { mock } = t.mock.method(bob.messages, 'frame');
  ann.messages.choose(recipients, () => []);
  await until(() => mock.calls.some(({ arguments: [{ type }] }) => type === 'sheet'), 'Bob has the sheet');

  // From here on no link brings anything.
  for (const one of [ann, hub]) Object.assign(one.office, { upstream: undefined, downstream: [] });
  const headers: Signed[] = [];
  ann.office.sendHeader = (_, header) => void headers.push(header);
  const { id } = ann.messages.outgoing.press({ recipients, from: '101', to: '102' });
  await until(() => headers.length > 0, 'the header');
  const [small] = headers;
  assert.ok(small);
  assert.equal(small.sheet, undefined);
  bob.hear(small);
  await until(() => bob.messages.inbox.isLive(id), 'Bob hears it');
  assert.ok(ann.media.of('talk')[0]);
  assert.deepEqual(bob.media.of('receive')[0]?.key, ann.media.of('talk')[0]?.key);
});
