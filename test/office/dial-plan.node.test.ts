import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parseDeepLink } from '../../main/desktop/deep-link.ts';
import { englishStrings } from '../../main/desktop/strings.ts';
import { rowHiding, USUAL_CODES } from '../../main/model/index.ts';
import { trayMenu, type TrayItem } from '../../main/desktop/tray-menu.ts';
import { writeWav } from '../../native-audio/index.ts';
import type { DialPreview, Phrase } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { isComplete, isMessage, isNotified, messageOf } from '../support/messages.ts';
import { commandLine } from '../support/command-line.ts';
import { LoopbackOffice, type Member } from '../support/office.ts';
import { personOf } from '../support/people.ts';
import { seededBelow } from '../support/seeded-random.ts';

/** A tenth of a second. */
const recording = writeWav(new Int16Array(4800).fill(900)).toString('base64');

/** The outcome of a way to dial: it reached a person, or was refused with that phrase. */
type Outcome = 'reached' | Phrase['code'];
/** The outcome of talking and forwarding that this preview announces. */
function expected({ kind, phrase }: DialPreview): Outcome {
  if (kind === 'person' || kind === 'page') return 'reached';
  if (kind === 'nobody') return phrase.code;
  return phrase.code === 'dial-spoken' ? 'dial-not-talked-to' : 'dial-no-person';
}

describe('every way to dial goes by one dial plan', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;
  let cleo: Member;
  /** Bob's message that has its number alone, and the number that is Cleo's extension too. */
  let message: { readonly id: string; readonly number: string };
  let shared: string;

  before(async () => {
    ann = await office.add('101', { name: 'Ann' });
    bob = await office.add('102', { name: 'Bob' });
    cleo = await office.add('103', { name: 'Cleo' });
    await office.settled();
    await bob.node.call('setPresence', { presence: 'away' });
    message = await speak(ann, bob);
    // Some numbers are no extension: their mailbox would be dialled like a code.
    do shared = (await speak(ann, bob)).number;
    while (rowHiding(shared, USUAL_CODES) !== undefined);
    await cleo.node.call('setup', { name: 'Cleo', extension: shared });
    await bob.untilSo(
      (event) => event.type === 'people' && event.people.some(({ extension }) => extension === shared),
    );
    await office.serve(bob);
  });
  after(() => office.stop());

  const preview = (dial: string): Promise<DialPreview> => bob.node.call('dialPreview', { dial });
  const talked = (dial: string): Promise<Outcome> =>
    outcomeOf(async () => {
      await bob.node.call('talkPress', { dial });
      await bob.node.call('talkRelease');
    });
  const forwarded = (dial: string): Promise<Outcome> =>
    outcomeOf(() => bob.node.call('forwardMessage', { id: message.id, dial }));
  const { json } = commandLine(() => bob.profile);
  const printed = (dial: string) => json<DialPreview>('dial', '--preview', '--', dial);

  it('preview, dial, talk, forward and the command line agree on each string', async () => {
    const { number } = message;
    const strings: readonly (readonly [dial: string, kind: DialPreview['kind']])[] = [
      ['101', 'person'],
      ['(1 01)', 'person'],
      ['tel:101', 'person'],
      ['\u2068101\u2069', 'person'],
      ['\uff11\uff10\uff11', 'person'],
      ['\u0661\u0660\u0661', 'person'],
      [shared, 'person'],
      [`#${shared}`, 'message'],
      [number, 'message'],
      [`#${number}`, 'message'],
      [`\u202a${number}\u202c`, 'message'],
      [`101,${shared}`, 'person'],
      [`101+${shared}`, 'person'],
      ['101,999', 'nobody'],
      ['101,102', 'nobody'],
      ['*101', 'person'],
      [`*${shared}`, 'person'],
      ['*69', 'person'],
      [`*97${number}`, 'message'],
      ['*78', 'setting'],
      ['*79', 'setting'],
      ['*72101', 'setting'],
      ['*73', 'setting'],
      ['*72102', 'nobody'],
      ['*102', 'nobody'],
      ['102', 'nobody'],
      ['999', 'nobody'],
      ['#1', 'nobody'],
      ['1234567', 'nobody'],
      ['*7', 'nobody'],
      ['Ann', 'nobody'],
    ];
    for (const [dial, kind] of strings) {
      const said = await preview(dial);
      assert.equal(said.kind, kind, dial);
      assert.equal(await talked(dial), expected(said), `talk ${dial}`);
      assert.equal(await forwarded(dial), expected(said), `forward ${dial}`);
      assert.deepEqual(await bob.node.call('dial', { dial }), said, `dial ${dial}`);
      assert.deepEqual(await printed(dial), said, `corridor dial --preview ${dial}`);
      // A link dials an extension, whoever has it, and nothing else: it plays nothing and changes nothing.
      const link = parseDeepLink(`corridor://dial/${encodeURIComponent(dial)}`);
      const dialled = said.extension === null ? undefined : { kind: 'dial', extension: said.extension };
      assert.deepEqual(link, dialled, `corridor://dial/${dial}`);
    }
  });

  it('a mailbox is talked to silently: its person is available, hears nothing, and finds the message', async () => {
    const { id } = await ann.node.call('talkRecording', { dial: `*${shared}`, wavBase64: recording });
    await cleo.untilSo(isNotified(id));
    await cleo.untilSo(isComplete(id));
    assert.equal((await messageOf(cleo, id))?.heard, false);
    const { id: aloud } = await ann.node.call('talkRecording', { dial: shared, wavBase64: recording });
    await cleo.untilSo(isMessage(aloud, ({ heard }) => heard));
    assert.equal((await messageOf(cleo, id))?.heard, false, 'the other sounded, this one did not');
  });

  it('several people are talked to at once: both hear it, each knows of the other, and one answers all', async () => {
    const status = () => bob.node.call('status');
    await bob.node.call('dial', { dial: `101,${shared}` });
    assert.deepEqual((await status()).talkTo, {
      name: 'Ann, Cleo',
      extension: `101,${shared}`,
      people: [(await personOf(bob, '101')).id, (await personOf(bob, shared)).id],
      ...{ groups: [], count: 2 },
      ...{ isReply: false, until: null },
    });
    const { id } = await ann.node.call('talkRecording', { dial: `102,${shared}`, wavBase64: recording });
    await bob.untilSo(isMessage(id, ({ heard }) => heard));
    await cleo.untilSo(isMessage(id, ({ heard }) => heard));
    await ann.untilSo(isMessage(id, ({ recipients }) => recipients.every(({ state }) => state === 'heard')));
    const sent = await messageOf(ann, id);
    assert.deepEqual([sent?.name, sent?.extension], ['Bob, Cleo', `102,${shared}`]);
    const received = await messageOf(bob, id);
    assert.deepEqual(
      [received?.name, received?.others.map(({ name }) => name)],
      ['Ann', ['Cleo']],
      'Bob knows that Cleo hears it, too',
    );
    const toAll = async () => {
      const { names } = await bob.node.call('talkPress', { reply: id, toAll: true });
      assert.deepEqual(names, ['Ann', 'Cleo']);
      await bob.node.call('talkRelease');
    };
    assert.equal(await outcomeOf(toAll), 'reached');
  });

  it('0 pages while the key is held; dialled alone it changes nothing, and nothing is forwarded by it', async () => {
    const before = (await bob.node.call('status')).talkTo;
    const said = await preview('0');
    assert.deepEqual([said.kind, said.phrase], ['page', { code: 'dial-page', details: { count: 2 } }]);
    assert.deepEqual(await bob.node.call('dial', { dial: '0' }), said);
    assert.deepEqual(await printed('0'), said);
    assert.deepEqual([await talked('0'), await forwarded('0')], ['reached', 'dial-only-pages']);
    assert.deepEqual((await bob.node.call('status')).talkTo, before);
  });

  it('codes do what they say: all that is unheard, the last again, do not disturb on and off', async () => {
    const status = () => bob.node.call('status');
    await bob.node.call('setPresence', { presence: 'away' });
    await speak(ann, bob);
    assert.ok((await status()).unheard > 0);
    assert.deepEqual([(await preview('*97')).kind, await talked('*97')], ['message', 'dial-no-person']);
    await bob.node.call('dial', { dial: '*78' });
    assert.equal((await status()).presence, 'dnd');
    await bob.node.call('dial', { dial: '*79' });
    assert.equal((await status()).presence, 'available');
    await bob.node.call('dial', { dial: '*97' });
    await eventually(async () => (await status()).unheard === 0, 'all that was unheard is heard');
    await eventually(async () => (await status()).playing === null, 'and is over');
    const last = (await bob.node.call('dial', { dial: '*1' })).phrase;
    assert.equal(last.code, 'dial-spoken');
    await assert.rejects(bob.node.call('setup', { name: 'Bob', extension: '7204' }), {
      code: 'extension-reserved',
    });
  });

  it('talking to a message’s number is refused with what it does, and what to do instead', async () => {
    const { number } = message;
    await assert.rejects(bob.node.call('talkPress', { dial: number }), {
      code: 'nobody',
      message: `${number} plays message #${number} and reaches nobody. Dial it to hear the message; to talk or to forward, dial an extension.`,
    });
  });

  it('a link dials the number that is written in it, and plays nothing', async () => {
    for (const written of ['101', '(101)', '\uff11\uff10\uff11', '%D9%A1%D9%A0%D9%A1']) {
      const link = parseDeepLink(`corridor://dial/${written}`);
      assert.ok(link?.kind === 'dial', written);
      assert.deepEqual(await preview(link.extension), await preview(decodeURIComponent(written)), written);
    }
    assert.equal(parseDeepLink(`corridor://dial/%23${message.number}`), undefined);
  });

  it('a link takes the extension of a person or a group, and no code', async () => {
    const people = [(await personOf(bob, '101')).id, (await personOf(bob, shared)).id];
    await bob.node.call('makeGroup', { name: 'Crew', extension: '600', people });
    // Each has a row of the plan, which says what it does, or why not now.
    const strings: readonly (readonly [dial: string, says: Phrase['code'], isLink?: true])[] = [
      ['600', 'dial-group', true],
      ['0', 'dial-page'],
      ['*80600', 'dial-page-group'],
      ['*80101', 'dial-call'],
      ['*8', 'dial-pick-up'],
      ['*48101', 'may-not-override'],
      ['*55101', 'dial-type'],
      ['*97', 'nothing-unheard'],
      ['*1', 'dial-spoken'],
      ['*5', 'dial-last-words'],
    ];
    for (const [dial, says, isLink] of strings) {
      assert.equal((await preview(dial)).phrase.code, says, dial);
      const link = parseDeepLink(`corridor://dial/${encodeURIComponent(dial)}`);
      assert.deepEqual(link, isLink && { kind: 'dial', extension: dial }, `corridor://dial/${dial}`);
    }
  });

  it('the tray offers the person whom the number reaches', async () => {
    const [status, people] = [await bob.node.call('status'), await bob.node.call('people')];
    const menu = trayMenu(
      { status: { ...status, talking: null }, people, groups: [], lastSpeaker: null },
      englishStrings,
    );
    const offered = choicesOf(menu);
    assert.deepEqual(new Set(offered), new Set(['101', shared]));
    for (const extension of offered) {
      assert.equal((await preview(extension)).kind, 'person');
      assert.equal(await talked(extension), 'reached');
    }
  });

  it('preview and talk agree on every dialled string', async () => {
    const { number } = message;
    const parts = [
      '101',
      '102',
      shared,
      number,
      '#',
      '*',
      '0',
      '9',
      ' ',
      '-',
      '(',
      ')',
      '/',
      'a',
      'tel:',
      '\u2068',
      '\uff11',
    ];
    const seen = new Set<DialPreview['kind']>();
    const next = seededBelow(20_261);
    for (let round = 0; round < 300; round += 1) {
      const dial = Array.from({ length: 1 + next(4) }, () => parts[next(parts.length)]).join('');
      const said = await preview(dial);
      seen.add(said.kind);
      assert.equal(await talked(dial), expected(said), JSON.stringify(dial));
    }
    assert.equal(seen.size, 4, 'persons, everybody, messages and nobody were all dialled');
  });
});

/** Speaks a message and waits until it is whole at the other end: its id and retrieval number. */
async function speak(from: Member, to: Member): Promise<{ readonly id: string; readonly number: string }> {
  const { id } = await from.node.call('talkRecording', { dial: to.extension, wavBase64: recording });
  await to.untilSo((event) => event.type === 'message' && event.message.id === id && event.message.complete);
  // The talker is free again.
  await from.untilSo(
    (event) =>
      event.type === 'message' && event.message.id === id && event.message.complete && !event.message.live,
  );
  const message = (await to.node.call('messages')).find((one) => one.id === id);
  assert.ok(message);
  return { id, number: message.number };
}

/** The outcome of a call: done, or the phrase of its refusal. A talk that only lacks a microphone reached its person. */
async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    await work();
    return 'reached';
  } catch (error) {
    const { phrase } = error as { readonly phrase?: Phrase };
    if (phrase === undefined) throw error;
    const { code } = phrase;
    return code === 'no-microphone' || code === 'device-missing' || code === 'device-not-opened'
      ? 'reached'
      : code;
  }
}

function choicesOf(items: readonly TrayItem[]): string[] {
  return items.flatMap((item) => {
    if (item.kind === 'menu') return choicesOf(item.items);
    return item.kind === 'choice' && item.action.type === 'talk' ? [item.action.extension] : [];
  });
}
