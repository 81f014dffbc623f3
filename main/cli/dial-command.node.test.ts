import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MessageSummary } from '../../preload/api.ts';
import { isIn, noCall, now } from '../../test/support/calls.ts';
import { commandLine } from '../../test/support/command-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { isComplete, isMessage, isSounding, isStopped, messageOf, say } from '../../test/support/messages.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';
import { DIAL_PLAN } from '../directory/index.ts';

/** What README's table of the dial plan has in its first column. */
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, table = ''] = README.split(/^\| dial .*\n\| -+ .*\n/m);
const STRINGS = (/^(?:\| .*\n)+/.exec(table)?.[0] ?? '')
  .split('\n')
  .flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, dialled]) => dialled ?? ''),
  );
/** Of these it takes a talk to see what they do. */
const SPOKEN = ['204', '600', '204,205', '*204', '0', '*80600', '*48204', '*69'];

it('README has a string for each row of the dial plan', () => {
  for (const { name, pattern } of DIAL_PLAN)
    assert.ok(
      STRINGS.some((dialled) => pattern.test(dialled)),
      name,
    );
});

describe('what README says of dialling is done by the command line', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  let [ann, dana, bo] = [] as unknown as [Member, Member, Member];
  let file = '';
  let number = '';
  let heardId = '';
  const { says, refuses, corridor } = commandLine(() => ann.profile);

  before(async () => {
    [ann, dana, bo] = await office.people('101', '204', '205');
    await office.serve(ann);
    file = join(ann.profile, 'recording.wav');
    await writeFile(file, Buffer.from(toneWav(500), 'base64'));
    const { people } = await ann.node.call('members');
    const me = people.find(({ isMe }) => isMe);
    assert.ok(me);
    await ann.node.call('setRight', { person: me.id, right: 'override', isGiven: true });
    const group = { name: 'Sales', extension: '600', people: people.map(({ id }) => id) } as const;
    await ann.node.call('makeGroup', { ...group, talk: 'everybody', change: 'creator' });
    for (const { node, name } of [dana, bo])
      await eventually(async () => (await node.call('groups')).length === 1, `${name} knows the group`);
    const heard = await say(dana, ann, toneWav(500));
    await ann.untilSo(isMessage(heard, (message) => message.heard));
    number = (await messageOf(ann, heard))?.number ?? '';
    heardId = heard;
    const knows = async () =>
      (await dana.node.call('members')).people.some(({ rights }) => rights.includes('override'));
    await eventually(knows, 'Dana knows that Ann may override');
  });
  after(() => office.stop());

  /** The message or page that Ann spoke last. */
  const spoken = async (): Promise<MessageSummary> => {
    const own = (await ann.node.call('messages')).filter(({ direction }) => direction === 'out');
    const [last] = own.sort((a, b) => b.place - a.place);
    assert.ok(last);
    return last;
  };
  const reaches =
    (...extensions: readonly string[]) =>
    async () => {
      const { recipients, page, isOverride } = await spoken();
      assert.deepEqual(recipients.map(({ extension }) => extension).sort(), extensions);
      assert.deepEqual([page, isOverride], [null, false]);
    };
  const plays = (isIt: (id: string) => boolean) => async (from: number) => {
    await ann.untilAfter(
      from,
      (event) => event.type === 'playback' && event.playback !== null && isIt(event.playback.id),
    );
    await ann.untilAfter(from, isStopped);
  };
  const playsIt = plays((id) => id === heardId);
  const isPresence = (presence: string) => async () =>
    assert.equal((await ann.node.call('status')).presence, presence);
  const isDiverted = (name: string | null) => async () =>
    assert.equal((await ann.node.call('status')).divert?.name ?? null, name);
  /** What is so after each string, besides what was printed. `from`: the number of Ann’s events before it was dialled. */
  const EFFECTS: Readonly<Record<string, (from: number) => Promise<void>>> = {
    '204': reaches('204'),
    '204,205': reaches('204', '205'),
    '*69': reaches('204'),
    '600': async () => assert.equal((await spoken()).group?.name, 'Sales'),
    '*204': async () => {
      const { id } = await spoken();
      await dana.untilSo(isComplete(id));
      assert.equal((await messageOf(dana, id))?.heard, false);
      assert.ok(!dana.events.some(isSounding(id)), 'nothing sounds');
    },
    '0': async () => assert.equal((await spoken()).page?.isToAll, true),
    '*80600': async () => {
      const { page, group } = await spoken();
      assert.deepEqual([page?.isToAll, group?.name], [false, 'Sales']);
    },
    '*48204': async () => assert.equal((await spoken()).isOverride, true),
    '*80204': async () => {
      await eventually(async () => (await now(dana)).some(({ isIncoming }) => isIncoming), 'it rings');
      await ann.node.call('controlCall', { action: 'hang-up' });
    },
    '*8': async () => {
      await eventually(async () => (await now(ann)).some(({ state }) => state === 'active'), 'Ann has it');
      await ann.node.call('controlCall', { action: 'hang-up' });
    },
    '*97': async (from) => {
      await plays((id) => id !== heardId)(from);
      assert.equal((await ann.node.call('status')).unheard, 0);
    },
    '#4821': playsIt,
    '*974821': playsIt,
    '4821': playsIt,
    '*1': plays(() => true),
    '*5': plays(() => true),
    '*78': isPresence('dnd'),
    '*79': isPresence('available'),
    '*72204': isDiverted('Person 204'),
    '*73': isDiverted(null),
  };
  /** It only says how to type: a command types by --say. */
  const WITHOUT = ['*55204'];

  it('each string has its effect in this test', () => {
    assert.deepEqual(Object.keys(EFFECTS).sort(), STRINGS.filter((one) => !WITHOUT.includes(one)).sort());
  });

  for (const written of STRINGS) {
    const isSpoken = SPOKEN.includes(written);
    it(`corridor dial '${written}'`, async () => {
      if (written === '*97') {
        await ann.node.call('setPresence', { presence: 'dnd' });
        await say(bo, ann, toneWav(300));
        await ann.node.call('setPresence', { presence: 'available' });
      }
      if (written === '*8') {
        const before = dana.events.length;
        await bo.node.call('startCall', { dial: '204', wavBase64: toneWav(5000) });
        await dana.untilAfter(before, isIn('ringing'));
      }
      const dialled = written.replace('4821', number);
      const from = ann.events.length;
      const how = isSpoken ? ['--file', file, '--yes'] : [];
      const { exit, printed } = await corridor('dial', ...how, '--', dialled);
      assert.equal(exit, 0, printed);
      assert.match(printed, isSpoken ? /heard it|has it|mailbox|notified|stored on/ : /^[A-Z].*\.\n/);
      await EFFECTS[written]?.(from);
      await noCall(ann, bo);
    });
  }

  it('--for and --file are for talking, an override asks, and --preview only says', async () => {
    await refuses(
      2,
      /--for and --file are for talking\. \*79: You can be disturbed/,
      'dial',
      '*79',
      '--for',
      '1',
    );
    await refuses(1, /Confirm that you want that\./, 'dial', '*48204', '--file', file);
    await refuses(2, /--preview talks to nobody/, 'dial', '204', '--preview', '--for', '1');
    await says(/^Talks to the mailbox of Person 204 \(204\)/, 'dial', '*204', '--preview');
    await refuses(1, /Nobody has extension 999/, 'dial', '999', '--file', file);
  });
});
