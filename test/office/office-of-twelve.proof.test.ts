import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { MessageSummary, NodeEvent, Person } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { whyNoLan } from '../support/lan.ts';
import { untilOffline } from '../support/messages.ts';
import { missingPulse } from '../support/pulse.ts';
import { VoiceHeard, type Voice } from '../support/rising-voice.ts';
import { SoundingOffice, type Desk } from '../support/sounding-office.ts';
import { tempFolder } from '../support/temp-folder.ts';

const PEOPLE = {
  ...{ ann: '101', bo: '102', cy: '103', dee: '104', eli: '105', fay: '106' },
  ...{ gus: '107', hal: '108', ida: '109', jo: '110', kim: '111', lou: '112' },
} as const;
const [ANN, ...OTHERS] = Object.keys(PEOPLE) as [keyof typeof PEOPLE, ...(keyof typeof PEOPLE)[]];
const SAID_MS = 3_000;
/** The least share of a voice's notes that is heard: a dozen loudspeakers on busy processors drop some. Of another voice it is none. */
const HEARD_WELL = 0.5;

type Notification = Extract<NodeEvent, { type: 'notification' }>;
const isNotification = (event: NodeEvent): event is Notification => event.type === 'notification';

const skip = whyNoLan() ?? missingPulse() ?? false;

describe('an office of twelve computers, each with a loudspeaker', { skip, timeout: 280_000 }, () => {
  let office: SoundingOffice;

  before(async () => {
    office = await SoundingOffice.open({ folder: tempFolder('twelve'), people: PEOPLE });
  });
  after(() => office?.stop());
  afterEach(async () => {
    if (!office.isRunning('eli')) await office.start('eli', PEOPLE.eli);
    for (const host of ['bo', 'cy', 'dee', 'eli']) {
      await office.at(host).node.call('setPresence', { presence: 'available' });
      await office.at(host).node.call('setDivert', { person: null });
    }
  });

  const desks = (...hosts: readonly string[]): Desk[] => hosts.map((host) => office.at(host));
  const talks = (desk: Desk, voice: Voice, ...words: readonly string[]) =>
    desk.line.json<MessageSummary>(...words, '--file', office.recording(voice, SAID_MS));
  /** As its command line lists it. */
  const listed = async ({ line }: Desk, id: string) =>
    (await line.json<MessageSummary[]>('messages')).find((message) => message.id === id);
  const isHeard = (voice: Voice, recording: Int16Array, who: string): void => {
    const share = new VoiceHeard(voice, recording).share(SAID_MS);
    assert.ok(share >= HEARD_WELL, `${who} hears ${share} of it`);
  };
  const isSilent = (voice: Voice, recording: Int16Array, who: string): void =>
    assert.equal(new VoiceHeard(voice, recording).ms, 0, `${who} hears none of it`);

  for (const { loss, where, voice } of [
    { loss: 0, where: '', voice: 0 },
    { loss: 5, where: ', where each of them loses a twentieth of all packets', voice: 1 },
  ] as const) {
    it(`a page is heard by all eleven others, and not by who pages${where}`, async () => {
      const [ann, lou] = desks('ann', 'lou') as [Desk, Desk];
      const ears = await office.listen(ANN, ...OTHERS);
      for (const host of OTHERS) office.lan.lose(host, loss);
      try {
        const { id, page } = await talks(ann, voice, 'page');
        assert.deepEqual(page, { isToAll: true, isKept: false, isUrgent: false });
        await office.shows(ann, id, Object.fromEntries(OTHERS.map((host) => [PEOPLE[host], 'heard'])));
        assert.equal((await listed(lou, id))?.heard, true);
        await ears.areSilentAgain(...OTHERS);
      } finally {
        for (const host of OTHERS) office.lan.lose(host, 0);
      }
      const heardAt = await ears.stop();
      for (const host of OTHERS) isHeard(voice, heardAt(host), host);
      isSilent(voice, heardAt(ANN), 'who pages');
    });
  }

  it('a message to a group is heard by who is there, waits silently for who is away or not to be disturbed, and later plays for who was off', async () => {
    const [ann, bo, cy, dee] = desks('ann', 'bo', 'cy', 'dee') as [Desk, Desk, Desk, Desk];
    await ann.line.says(/Crew/, 'groups', 'create', '600', 'Crew', '--members', '102,103,104,105');
    await cy.line.says(/^You are away/, 'presence', 'away');
    await dee.line.says(/^You are do not disturb/, 'presence', 'dnd');
    await office.end('eli');
    await seesPeople(ann, { '102': 'available', '103': 'away', '104': 'dnd', '105': 'offline' });

    const ears = await office.listen('bo', 'cy', 'dee');
    const { id, group } = await talks(ann, 1, 'talk', '600');
    assert.equal(group?.name, 'Crew');
    await office.shows(ann, id, { '102': 'heard', '103': 'received', '104': 'received', '105': 'waiting' });
    await ears.areSilentAgain('bo');
    const heardAt = await ears.stop();
    isHeard(1, heardAt('bo'), 'who is there');
    isSilent(1, heardAt('cy'), 'who is away');
    isSilent(1, heardAt('dee'), 'who is not to be disturbed');
    assert.equal((await listed(bo, id))?.heard, true);

    const eli = await office.start('eli', PEOPLE.eli);
    const elisEar = await office.listen('eli');
    await has(eli, id);
    isSilent(1, (await elisEar.stop())('eli'), 'who comes back');
    for (const [desk, host] of [
      [eli, 'eli'],
      [cy, 'cy'],
    ] as const) {
      const ear = await office.listen(host);
      await desk.line.json('play', 'next');
      await ear.areSilentAgain(host);
      isHeard(1, (await ear.stop())(host), `${host}, who plays it`);
    }
    await office.shows(ann, id, { '102': 'heard', '103': 'heard', '104': 'received', '105': 'heard' });
    assert.deepEqual(await office.exported(eli, id), await office.exported(ann, id));
  });

  it('diverts that follow each other in a circle are followed by one hop; nobody else hears it', async () => {
    const [ann, bo, cy, dee] = desks('ann', 'bo', 'cy', 'dee') as [Desk, Desk, Desk, Desk];
    await circle(ann, [bo, '103'], [cy, '104'], [dee, '102']);
    const ears = await office.listen('bo', 'cy', 'dee');
    const { id, name } = await talks(ann, 2, 'talk', '102');
    assert.equal(name, 'Bo → Cy');
    await office.shows(ann, id, { '103': 'heard' });
    await ears.areSilentAgain('cy');
    const heardAt = await ears.stop();
    isHeard(2, heardAt('cy'), 'who stands in');
    for (const host of ['bo', 'dee']) isSilent(2, heardAt(host), host);
    assert.equal((await listed(cy, id))?.meantFor, 'Bo');
    for (const desk of [bo, dee]) assert.equal(await listed(desk, id), undefined);
  });

  it('a divert that its talker cannot know of has the message handed on, once; it sounds where it is played', async () => {
    const [ann, cy, eli] = desks('ann', 'cy', 'eli') as [Desk, Desk, Desk];
    await circle(ann, [cy, '104']);
    const ears = await office.listen('cy', 'dee', 'eli');
    const notified = cy.next(isNotification);
    office.lan.cut('eli');
    let id: string;
    try {
      await eli.line.says(/goes to Cy/, 'divert', '103');
      await untilOffline(ann, '105');
      ({ id } = await talks(ann, 0, 'talk', '105'));
    } finally {
      office.lan.heal('eli');
    }
    const handedOn = await notified;
    assert.equal(handedOn.meantFor, 'Eli');
    await office.shows(ann, id, { '105': 'handed-on' });
    assert.equal((await listed(ann, id))?.recipients[0]?.handedTo, 'Cy');
    await has(cy, handedOn.id);
    await cy.line.json('play', handedOn.id);
    await ears.areSilentAgain('cy');
    const heardAt = await ears.stop();
    isHeard(0, heardAt('cy'), 'who stands in, and plays it');
    for (const host of ['dee', 'eli']) isSilent(0, heardAt(host), host);
    assert.equal((await listed(cy, handedOn.id))?.forwardedFrom, 'Ann');
  });

  /** Each of these is diverted, and the talker sees it. */
  async function circle(talker: Desk, ...diverts: readonly (readonly [Desk, string])[]): Promise<void> {
    for (const [{ line }, to] of diverts) await line.says(/^What is said to you goes to/, 'divert', to);
    await eventually(async () => {
      const people = await talker.node.call('people');
      return diverts.every(([{ name }]) =>
        people.some((one) => one.name === name && one.divertedTo !== null),
      );
    }, `${talker.name} knows of the diverts`);
  }

  /** The command line lists these people so. */
  async function seesPeople(desk: Desk, presences: Readonly<Record<string, string>>): Promise<void> {
    const ofThese = (people: readonly Person[]) =>
      Object.fromEntries(
        people.flatMap(({ extension, presence }) => (extension in presences ? [[extension, presence]] : [])),
      );
    const isSo = async (): Promise<boolean> =>
      isDeepStrictEqual(ofThese(await desk.node.call('people')), presences);
    await eventually(isSo, `${desk.name} sees ${JSON.stringify(presences)}`, 30_000);
    assert.deepEqual(ofThese(await desk.line.json<Person[]>('people')), presences);
  }

  /** All of it is there, and waits to be heard. */
  async function has(desk: Desk, id: string): Promise<void> {
    const isThere = async (): Promise<boolean> =>
      (await desk.node.call('messages')).some((message) => message.id === id && message.complete);
    await eventually(isThere, `${desk.name} has it`, 60_000);
    assert.equal((await listed(desk, id))?.heard, false);
  }
});
