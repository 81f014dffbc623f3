import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { MessageSummary, NodeEvent, Person, Status } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { whyNoLan } from '../support/lan.ts';
import { statesOf } from '../support/messages.ts';
import { untilBothOnline } from '../support/office.ts';
import { letComputerIn } from '../support/own-computers.ts';
import { missingPulse } from '../support/pulse.ts';
import { besides, HEARD_SOFTLY, VoiceHeard, type Voice } from '../support/rising-voice.ts';
import { SoundingOffice, type Desk } from '../support/sounding-office.ts';
import { tempFolder } from '../support/temp-folder.ts';

const PEOPLE = { ann: '101', bo: '102', cy: '103', dee: '104' } as const;
/** Whoever speaks this long is ended by the test. */
const LONG_MS = 60_000;
const SAID_MS = 2_500;
/** The least share of a voice's notes that is heard. A loudspeaker whose processor is busy drops some of what is live. */
const WHOLE = 0.75;
/** What follows a voice may begin while a recorder still has the end of it, ms. */
const TURN_MS = 100;
/** Of the loudness before: it is a fifth. */
const SOFTER = { least: 0.1, most: 0.4 } as const;
const AS_LOUD = 0.7;
/** How long a voice is heard alone before another one comes above it, and afterwards, ms. */
const ALONE_MS = 1_500;

type Sounding = Extract<NodeEvent, { type: 'sounding' }>;
type Notification = Extract<NodeEvent, { type: 'notification' }>;
type Played = Extract<NodeEvent, { type: 'playback' }>;
const isSounding = (event: NodeEvent): event is Sounding => event.type === 'sounding';
const isNotification = (event: NodeEvent): event is Notification => event.type === 'notification';
const isPlayedTo =
  (id: string, positionMs: number) =>
  (event: NodeEvent): event is Played =>
    event.type === 'playback' && event.playback?.id === id && event.playback.positionMs >= positionMs;

const skip = whyNoLan() ?? missingPulse() ?? false;

describe(
  'what comes to one ear, in an office of computers with loudspeakers',
  { skip, timeout: 280_000 },
  () => {
    let office: SoundingOffice;
    let [ann, bo, cy, dee] = [] as unknown as [Desk, Desk, Desk, Desk];

    before(async () => {
      const folder = tempFolder('one-ear');
      office = await SoundingOffice.open({ folder, people: PEOPLE, others: ['laptop'] });
      [ann, bo, cy, dee] = ['ann', 'bo', 'cy', 'dee'].map((host) => office.at(host)) as [
        Desk,
        Desk,
        Desk,
        Desk,
      ];
    });
    after(() => office?.stop());
    // Also after a case that failed somewhere: nobody speaks, waits or plays, everybody is available.
    beforeEach(async () => {
      for (const { node } of [ann, bo]) await node.call('talkRelease');
      for (const { node } of [cy, dee]) await node.call('setPresence', { presence: 'available' });
      for (const desk of [cy, dee]) await endAllAt(desk);
    });

    const talks = ({ line }: Desk, voice: Voice, ms: number, ...words: readonly string[]) =>
      line.json<MessageSummary>(...words, '--file', office.recording(voice, ms));
    const letsGo = ({ line }: Desk) => line.says(/released/, 'talk', 'release');
    const statusOf = ({ line }: Desk) => line.json<Status>('status');
    const isWhole = (heard: VoiceHeard, saidMs: number, least?: number): void => {
      const share = heard.share(saidMs, least);
      assert.ok(share >= WHOLE, `${share} of it is heard`);
    };
    /** Both computers hold all that was said, to the last note. */
    async function isKept(
      voice: Voice,
      { id, durationMs }: MessageSummary,
      from: Desk,
      to: Desk,
    ): Promise<void> {
      const kept = await office.exported(to, id);
      assert.equal(new VoiceHeard(voice, kept).share(durationMs), 1);
      assert.deepEqual(kept, await office.exported(from, id));
    }
    /** While one voice sounded above it another one was softer, and no sooner or later. */
    function isSofterBeside(voice: VoiceHeard, above: VoiceHeard): void {
      const { before: alone, beside, after: again } = besides(voice, above);
      const said = `${alone}, beside it ${beside}, then ${again}`;
      assert.ok(beside >= alone * SOFTER.least && beside <= alone * SOFTER.most, said);
      assert.ok(again >= alone * AS_LOUD, said);
    }

    it('of two talkers the second waits for the first, is heard next, and nothing of either is lost', async () => {
      const ears = await office.listen('cy');
      const begun = cy.next(isSounding);
      const first = talks(ann, 0, LONG_MS, 'talk', '103');
      const { id } = await begun;
      const second = talks(bo, 1, LONG_MS, 'talk', '103');
      await eventually(async () => (await cy.node.call('status')).waiting.length > 0, 'Bo waits', 60_000);
      assert.deepEqual(
        (await statusOf(cy)).waiting.map(({ name }) => name),
        ['Bo'],
      );
      const [latest] = await bo.line.json<MessageSummary[]>('messages');
      assert.deepEqual(statesOf(latest), { '103': 'queued' });
      const next = cy.next((event): event is Sounding => isSounding(event) && event.id !== id);
      await letsGo(ann);
      await next;
      await letsGo(bo);
      const [saidFirst, saidSecond] = await Promise.all([first, second]);
      await office.shows(ann, saidFirst.id, { '103': 'heard' });
      await office.shows(bo, saidSecond.id, { '103': 'heard' });
      await ears.areSilentAgain('cy');

      const heardAt = await ears.stop();
      const [anns, bos] = [new VoiceHeard(0, heardAt('cy')), new VoiceHeard(1, heardAt('cy'))];
      isWhole(anns, saidFirst.durationMs);
      isWhole(bos, saidSecond.durationMs);
      assert.ok(anns.span && bos.span && anns.span.to <= bos.span.from + TURN_MS, 'one after the other');
      await isKept(0, saidFirst, ann, cy);
      await isKept(1, saidSecond, bo, cy);
    });

    it('a page is heard above what somebody plays, which is softer meanwhile and loses nothing', async () => {
      await cy.line.says(/^You are busy/, 'presence', 'busy');
      const ears = await office.listen('cy');
      const notified = cy.next(isNotification);
      const speaking = talks(bo, 1, LONG_MS, 'talk', '103');
      const { id } = await notified;
      const sounds = cy.next(isPlayedTo(id, ALONE_MS));
      await cy.line.json('play', id, '--no-wait');
      await cy.line.says(/^You are available/, 'presence', 'available');
      await sounds;
      const page = await talks(ann, 0, SAID_MS, 'page', '103');
      await office.shows(ann, page.id, { '103': 'heard' });
      await playsOn(cy, id);
      await letsGo(bo);
      const said = await speaking;
      await office.shows(bo, said.id, { '103': 'heard' });
      await ears.areSilentAgain('cy');

      const heardAt = await ears.stop();
      const [played, paged] = [new VoiceHeard(1, heardAt('cy')), new VoiceHeard(0, heardAt('cy'))];
      isWhole(paged, SAID_MS);
      isWhole(played, said.durationMs, HEARD_SOFTLY);
      isSofterBeside(played, paged);
      await isKept(1, said, bo, cy);
    });

    it('an override takes a right and a yes; then it is heard in spite of do not disturb, and a message is not', async () => {
      await mayOverride('102');
      await dee.line.says(/^You are do not disturb/, 'presence', 'dnd');
      const file = ['--file', office.recording(1, SAID_MS)];
      await cy.line.refuses(1, /may not override do not disturb/, 'talk', '*48104', '--yes', ...file);
      await bo.line.refuses(1, /give --yes/, 'talk', '*48104', ...file);
      const ears = await office.listen('dee');
      const message = await talks(bo, 2, SAID_MS, 'talk', '104');
      await office.shows(bo, message.id, { '104': 'received' });
      const override = await talks(bo, 1, SAID_MS, 'talk', '*48104', '--yes');
      await office.shows(bo, override.id, { '104': 'heard' });
      const people = await bo.line.json<Person[]>('people');
      assert.equal(people.find(({ extension }) => extension === '104')?.presence, 'dnd');
      await ears.areSilentAgain('dee');

      const heardAt = await ears.stop();
      assert.equal(new VoiceHeard(2, heardAt('dee')).ms, 0, 'the message waits silently');
      isWhole(new VoiceHeard(1, heardAt('dee')), SAID_MS);
      const listed = await dee.line.json<MessageSummary[]>('messages');
      const atDee = listed.map(({ id, heard, isOverride }) => ({ id, heard, isOverride }));
      assert.deepEqual(atDee.slice(0, 2), [
        { id: override.id, heard: true, isOverride: true },
        { id: message.id, heard: false, isOverride: false },
      ]);
    });

    it('an override is heard above somebody who speaks, who is softer meanwhile and loses nothing', async () => {
      await mayOverride('102');
      const ears = await office.listen('cy');
      const begun = cy.next(isSounding);
      const speaking = talks(ann, 0, LONG_MS, 'talk', '103');
      const { id } = await begun;
      await heldFor(cy, id, ALONE_MS);
      const override = await talks(bo, 1, SAID_MS, 'talk', '*48103', '--yes');
      await office.shows(bo, override.id, { '103': 'heard' });
      await heldFor(cy, id, ALONE_MS);
      await letsGo(ann);
      const said = await speaking;
      await office.shows(ann, said.id, { '103': 'heard' });
      await ears.areSilentAgain('cy');

      const heardAt = await ears.stop();
      const [live, above] = [new VoiceHeard(0, heardAt('cy')), new VoiceHeard(1, heardAt('cy'))];
      isWhole(above, SAID_MS);
      isWhole(live, said.durationMs, HEARD_SOFTLY);
      isSofterBeside(live, above);
      await isKept(0, said, ann, cy);
    });

    it('of two computers of one person the one that they touched last sounds; it is heard at both', async () => {
      const laptop = await office.start('laptop');
      try {
        await letComputerIn(dee, { node: laptop.node, name: dee.name });
        for (const desk of [ann, laptop]) await untilBothOnline(desk, '104');
        for (const [here, there] of [
          [dee, laptop],
          [laptop, dee],
        ] as const) {
          const [hostHere, hostThere] =
            here === dee ? (['dee', 'laptop'] as const) : (['laptop', 'dee'] as const);
          await turnTo(here, there);
          const ears = await office.listen('dee', 'laptop');
          const { id } = await talks(ann, 2, SAID_MS, 'talk', '104');
          await office.shows(ann, id, { '104': 'heard' });
          await ears.areSilentAgain(hostHere);
          const heardAt = await ears.stop();
          isWhole(new VoiceHeard(2, heardAt(hostHere)), SAID_MS);
          assert.equal(new VoiceHeard(2, heardAt(hostThere)).ms, 0, `${hostThere} is silent`);
          await eventually(async () => {
            const listed = (await there.node.call('messages')).find((message) => message.id === id);
            return listed?.heard === true && listed.complete;
          }, `it is heard at ${hostThere}, too`);
          assert.notEqual((await statusOf(there)).soundsAt, null, 'that one says where its person is');
          assert.deepEqual(await office.exported(there, id), await office.exported(ann, id));
        }
      } finally {
        await office.end('laptop');
      }
    });

    /** Ends what sounds there and what waits for its turn. */
    async function endAllAt({ node, name }: Desk): Promise<void> {
      await node.call('playback', { action: 'stop' });
      await eventually(async () => {
        const { playing, waiting } = await node.call('status');
        const isSpoken = (await node.call('people')).some(({ speaking }) => speaking);
        return playing === null && waiting.length === 0 && !isSpoken;
      }, `it is quiet at ${name}`);
    }

    /** Goes on to play it for a while. */
    async function playsOn(desk: Desk, id: string): Promise<void> {
      const { playing } = await desk.node.call('status');
      assert.equal(playing?.id, id);
      await desk.next(isPlayedTo(id, playing.positionMs + ALONE_MS));
    }

    /** This much more of a message has come to it. */
    async function heldFor({ node, name }: Desk, id: string, ms: number): Promise<void> {
      const held = async () =>
        (await node.call('messages')).find((message) => message.id === id)?.durationMs ?? 0;
      const from = await held();
      await eventually(async () => (await held()) >= from + ms, `${name} has ${ms} ms more of it`);
    }

    /** Ann, who founded the office, gives the right to override; everybody knows of it. */
    async function mayOverride(extension: string): Promise<void> {
      await ann.line.says(/may override do not disturb/, 'grant', extension, 'override');
      for (const { node, name } of [bo, cy, dee]) {
        await eventually(async () => {
          const { people } = await node.call('members');
          return people.some((one) => one.extension === extension && one.rights.includes('override'));
        }, `${name} knows who may override`);
      }
    }

    /** Its person touches one computer, and the other knows. */
    async function turnTo(one: Desk, other: Desk): Promise<void> {
      await one.node.call('computer', { event: 'input' });
      const soundsAt = async ({ node }: Desk) => (await node.call('status')).soundsAt;
      await eventually(
        async () => (await soundsAt(other)) !== null && (await soundsAt(one)) === null,
        'both computers know where their person is',
      );
    }
  },
);
