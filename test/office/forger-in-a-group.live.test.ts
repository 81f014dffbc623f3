import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import type { Health, MessageSummary, NodeEvent, Status } from '../../preload/api.ts';
import type { NodeId } from '../../main/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { whyNoLan } from '../support/lan.ts';
import { missingPulse } from '../support/pulse.ts';
import { VoiceHeard, type Voice } from '../support/rising-voice.ts';
import { SoundingOffice, type Desk } from '../support/sounding-office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { ForgerLine, ForgingHost } from './forging-host.ts';

const HOST = new URL('./forging-host.ts', import.meta.url).pathname;
const PEOPLE = { ann: '101', bo: '102', cy: '103' } as const;
const [ANNS_VOICE, FORGED_VOICE] = [0, 2] as const satisfies readonly Voice[];
/** Ann is ended by the test. */
const LONG_MS = 60_000;
/** This much of Ann is heard before somebody else speaks in her name, ms. */
const ALONE_MS = 1_500;
/**
 * Hashes come five times a second; the second time that some do not agree, live play ends, after 400 ms. A busy computer may bring
 * them half a second late, and 100 ms are on their way to the loudspeaker; how many fragments come before is counted in
 * `forged-voices.test`.
 */
const MOST_FORGED_MS = 1_000;
/** This many fragments of 10 ms are forged after that, in vain. */
const FORGED_IN_VAIN = 300;
/** The least share of a voice's notes that is heard. A loudspeaker whose processor is busy drops some of what is live. */
const WHOLE = 0.75;
/** The same of the first words, while loudspeaker and talker have just begun. */
const HEARD_WELL = 0.5;

type Notification = Extract<NodeEvent, { type: 'notification' }>;
const isNotification = (event: NodeEvent): event is Notification => event.type === 'notification';

const skip = whyNoLan() ?? missingPulse() ?? false;

/** The host where Eve is: a member that is no Corridor. */
class Eve {
  readonly #process: ChildProcess;
  readonly #said: ForgerLine[] = [];

  constructor(process: ChildProcess) {
    this.#process = process;
    createInterface(process.stdout ?? assert.fail('it has an output')).on('line', (line) => {
      this.#said.push(JSON.parse(line) as ForgerLine);
    });
  }

  async has<T extends ForgerLine['type']>(type: T, what: string): Promise<Extract<ForgerLine, { type: T }>> {
    const isIt = (one: ForgerLine): one is Extract<ForgerLine, { type: T }> => one.type === type;
    await eventually(() => this.#said.some(isIt), what, 60_000);
    return this.#said.findLast(isIt) ?? assert.fail(what);
  }

  forge(): void {
    this.#process.stdin?.write('forge\n');
  }

  /** How many fragments it forged so far. */
  get forged(): number {
    const told = this.#said.findLast((one) => one.type === 'forged');
    return told?.count ?? 0;
  }

  end(): void {
    this.#process.stdin?.end();
  }
}

describe(
  'a member of a group who speaks in the name of whoever talks to it',
  { skip, timeout: 240_000 },
  () => {
    const folder = tempFolder('forger');
    let office: SoundingOffice;
    let eve: Eve | undefined;

    before(async () => {
      office = await SoundingOffice.open({ folder, people: PEOPLE, others: ['eve'] });
    });
    after(async () => {
      eve?.end();
      await office?.stop();
    });

    it('is heard for a moment at most; live play ends with a sentence, and what is kept is what the talker said', async () => {
      const [ann, bo, cy] = ['ann', 'bo', 'cy'].map((host) => office.at(host)) as [Desk, Desk, Desk];
      eve = await letEveIn(bo, cy);
      await eventually(
        async () =>
          (await ann.node.call('people')).some(
            (one) => one.extension === '105' && one.presence === 'available',
          ),
        'Ann sees Eve',
        60_000,
      );
      await ann.line.says(/Crew/, 'groups', 'create', '600', 'Crew', '--members', '102,103,105');
      await cy.line.says(/^You are do not disturb/, 'presence', 'dnd');
      const ears = await office.listen('bo', 'cy');
      const notified = bo.next(isNotification);
      const speaking = ann.line.json<MessageSummary>(
        'talk',
        '600',
        '--file',
        office.recording(ANNS_VOICE, LONG_MS),
      );
      const { id, isHashed } = await eve.has('key', 'Eve has the key');
      assert.ok(isHashed);
      await ears.hasSoundedFor(ALONE_MS, 'bo');
      eve.forge();

      // Eve goes on, and so does Ann; Bo's loudspeaker is silent.
      assert.equal((await notified).id, id);
      const forgedBefore = eve.forged;
      await eventually(() => eve!.forged >= forgedBefore + FORGED_IN_VAIN, 'Eve goes on in vain', 60_000);
      await ears.areSilentAgain('bo');
      assert.equal((await ann.line.json<Status>('status')).talking?.id, id, 'while Ann is speaking');
      const heardAt = await ears.stop();
      const anns = new VoiceHeard(ANNS_VOICE, heardAt('bo'));
      const forged = new VoiceHeard(FORGED_VOICE, heardAt('bo'));
      assert.ok(anns.share(ALONE_MS) >= HEARD_WELL, 'Bo heard Ann before');
      assert.ok(forged.ms <= MOST_FORGED_MS, `Bo heard ${forged.ms} ms of Eve`);
      for (const voice of [ANNS_VOICE, FORGED_VOICE])
        assert.equal(new VoiceHeard(voice, heardAt('cy')).ms, 0);
      const { troubles } = await bo.line.json<Status>('status');
      assert.match(
        troubles.map(({ sentence }) => sentence).join('\n'),
        /no longer plays Ann live: somebody else put words into what Ann is saying/,
      );

      await ann.line.says(/released/, 'talk', 'release');
      const { durationMs } = await speaking;
      const said = await office.exported(ann, id);
      for (const desk of [bo, cy]) {
        await eventually(
          async () => (await listed(desk, id))?.complete === true,
          `${desk.name} has all of it`,
          60_000,
        );
        const shown = (await desk.line.json<MessageSummary[]>('messages')).find((one) => one.id === id);
        assert.deepEqual([shown?.heard, shown?.group?.name], [false, 'Crew']);
        assert.deepEqual(await office.exported(desk, id), said, `${desk.name} keeps what Ann said`);
      }
      assert.equal(new VoiceHeard(ANNS_VOICE, said).share(durationMs), 1);
      const { checks } = await bo.line.json<Health>('health');
      assert.match(
        checks.find(({ code }) => code === 'voices')?.sentence ?? '',
        /words into messages of Ann/,
      );

      const again = await office.listen('bo');
      await bo.line.json('play', id, '--speed', '1.5');
      await again.areSilentAgain('bo');
      const played = (await again.stop())('bo');
      assert.ok(new VoiceHeard(ANNS_VOICE, played).share(durationMs) >= WHOLE, 'Bo hears all that Ann said');
      assert.equal(new VoiceHeard(FORGED_VOICE, played).ms, 0, 'and nothing of Eve');
      await eventually(
        async () =>
          (await listed(ann, id))?.recipients.find(({ extension }) => extension === '102')?.state === 'heard',
        'Ann sees that Bo heard it',
        60_000,
      );
    });

    const listed = async ({ node }: Desk, id: string) =>
      (await node.call('messages')).find((message) => message.id === id);

    /** Has Eve join. She will send what she forges to these. */
    async function letEveIn(...victims: readonly Desk[]): Promise<Eve> {
      const statuses = await Promise.all(
        Object.keys(PEOPLE).map((host) => office.at(host).node.call('status')),
      );
      const own = await Promise.all(victims.map((desk) => desk.node.call('status')));
      const settings: ForgingHost = {
        ...{
          folder: join(folder, 'eve'),
          address: office.lan.address('eve'),
          link: office.link,
          extension: '105',
        },
        nodes: statuses.map(({ node, endpoints }) => ({ id: node!.id as NodeId, ...endpoints! })),
        victims: own.map((status) => status.endpoints ?? assert.fail('in an office')),
        voice: FORGED_VOICE,
      };
      const host = office.lan.spawn('eve', process.execPath, [HOST, JSON.stringify(settings)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const one = new Eve(host);
      await one.has('in', 'Eve is in');
      return one;
    }
  },
);
