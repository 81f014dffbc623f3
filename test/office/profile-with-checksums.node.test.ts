import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startNode, type CorridorNode } from '../../main/node/index.ts';
import type { MessageSummary } from '../../preload/api.ts';
import { engineScript } from '../support/engine-script.ts';
import { eventually } from '../support/eventually.ts';
import { say } from '../support/messages.ts';
import { officeFor, WORKER } from '../support/office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

/*
 * A profile of the first version whose files have checksums. It was made by
 * CORRIDOR_MAKE_PROFILE=1 npm test -- profile-with-checksums --group=node
 * and is not made again: a change of a format gets a fixture, and such a test, of its own. Its secrets open nothing else.
 */
const FIXTURE = fileURLToPath(new URL('../fixtures/profile-with-checksums', import.meta.url));
const PROFILE = join(FIXTURE, 'profile');
const EXPECTED = join(FIXTURE, 'expected.json');
const SAID = 'The parcel is here.';

/** What its node says of a profile. */
async function toldBy(node: CorridorNode) {
  const { node: own, presence, wasInOldOffice } = await node.call('status');
  const { keepDays, favourites } = { ...(await node.call('settings')), favourites: await namesOf(node) };
  const messages = (await node.call('messages')).map(keptOf);
  const { people, office } = await node.call('members');
  const invitations = (await node.call('invitations')).length;
  return {
    ...{ own, presence, wasInOldOffice, keepDays, favourites, messages, office: office.name, invitations },
    members: people.map(({ extension, isAdmin }) => [extension, isAdmin]),
  };
}

const namesOf = async (node: CorridorNode) =>
  (await node.call('people')).filter(({ favourite }) => favourite).map(({ name }) => name);

function keptOf({
  id,
  direction,
  startedAt,
  heard,
  number,
  durationMs,
  recipients,
  transcript,
}: MessageSummary) {
  const states = recipients.map(({ state }) => state);
  return {
    ...{ id, direction, startedAt, heard, number, durationMs, states },
    text: transcript?.text ?? null,
  };
}

describe('a profile with checksums', { timeout: 240_000 }, () => {
  it('is made', { skip: process.env['CORRIDOR_MAKE_PROFILE'] === undefined }, async (t) => {
    const office = officeFor(t);
    const [ann, bob] = await office.people('101', '102');
    const command = `"${engineScript('engine', `process.stdout.write(${JSON.stringify(SAID)});`)}"`;
    await ann.node.call('setSettings', { recogniser: { command }, keepDays: 30 });
    const [person] = await ann.node.call('people');
    await ann.node.call('setFavourite', { node: person!.id, favourite: true });
    const heard = await say(bob, ann, toneWav(300, { hz: 240 }));
    const deleted = await say(bob, ann, toneWav(200, { hz: 360 }));
    await say(bob, ann, toneWav(300, { hz: 280 }));
    await say(ann, bob, toneWav(300, { hz: 320 }));
    await ann.node.call('play', { which: heard });
    await ann.untilSo(
      (event) => event.type === 'message' && event.message.id === heard && event.message.heard,
    );
    await ann.node.call('deleteMessage', { id: deleted });
    const { undoMs } = await ann.node.call('settings');
    const isGone = async () =>
      (await readdir(join(ann.profile, 'store', 'messages'))).length === 3 &&
      (await readdir(join(ann.profile, 'store', 'transcripts'))).length === 2;
    await eventually(isGone, 'the deleted one is gone, the heard one is written down', undoMs + 20_000);
    await ann.node.call('setSettings', { recogniser: null });
    const told = await toldBy(ann.node);
    await office.close(ann);
    await rm(FIXTURE, { recursive: true, force: true });
    await cp(ann.profile, PROFILE, {
      recursive: true,
      filter: (path) => !/\.(sock|log)$|heard\.wav$/.test(basename(path)),
    });
    await writeFile(EXPECTED, `${JSON.stringify(told, null, 2)}\n`);
  });

  it('opens with all that was in it, and nothing in it is damaged', async (t) => {
    const folder = tempFolder('profile');
    const profile = join(folder, 'profile');
    await cp(PROFILE, profile, { recursive: true });
    const log: string[] = [];
    const node = await startNode({
      ...{ profile, workerPath: WORKER, interfaces: ['127.0.0.1'], ready: 'cold' },
      speaker: `file:${join(folder, 'heard.wav')}`,
      log: (line) => log.push(line),
    });
    t.after(() => node.close());
    const expected = JSON.parse(await readFile(EXPECTED, 'utf8')) as Awaited<ReturnType<typeof toldBy>>;
    // What was written down is opened when it is asked for.
    const isOpen = async () =>
      (await node.call('messages')).filter(({ transcript }) => transcript?.text === SAID).length ===
      expected.messages.filter(({ text }) => text === SAID).length;
    await eventually(isOpen, 'what was written down is open');
    assert.deepEqual(await toldBy(node), expected);
    assert.deepEqual(
      log.filter((line) => /damaged|lost|cut off|aside|newer/.test(line)),
      [],
    );
    const { troubles } = await node.call('status');
    assert.deepEqual(
      troubles.filter(({ code }) => /damaged|newer|changed|reset|remade/.test(code)),
      [],
    );
    for (const { id } of expected.messages) {
      const { base64 } = await node.call('exportMessage', { which: id, format: 'wav' });
      assert.ok(base64.length > 1000, 'it opens');
    }
  });
});
