import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ledger, restore } from '../../main/identity/index.ts';
import type { NodeId, Signed } from '../../main/model/index.ts';
import { saidIn, type Heard, type Target } from '../support/eavesdropper.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { headlessOnLan } from '../support/headless-on-lan.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { isRemoved } from '../support/membership.ts';
import { isComplete } from '../support/messages.ts';
import { areOneOffice } from '../support/one-office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';
import type { EavesdroppingHost } from './eavesdropping-host.ts';

const HOST = new URL('./eavesdropping-host.ts', import.meta.url).pathname;
const SPEECH = toneWav(600);
/** After all that was said, whoever is out tries this many times more to be heard, and hears nothing meanwhile. */
const TRIES = 12;

const skip = whyNoLan() ?? false;

describe('an office of five that is split in two halves', { skip, timeout: 120_000 }, () => {
  const folder = tempFolder('partition');
  const nodes = new Map<string, Headless>();
  const heard: Heard[] = [];
  let lan: Lan;
  let eavesdropper: { readonly process: ChildProcess; readonly id: string };

  before(() => {
    lan = createLan({ hosts: ['ann', 'bob', 'fay', 'cy', 'dee', 'eve', 'gus', 'eavesdropper'] });
  });
  after(async () => {
    eavesdropper?.process.kill('SIGKILL');
    await Promise.all([...nodes.values()].map((node) => node.stop()));
    await lan?.stop();
  });

  async function start(host: string, extension: string, office: string): Promise<Headless> {
    const node = await headlessOnLan(lan, folder, { host, extension, office });
    nodes.set(host, node);
    return node;
  }

  const of = (host: string): Headless => {
    const node = nodes.get(host);
    assert.ok(node, `${host} runs`);
    return node;
  };
  const linkOf = async (host: string): Promise<string> => (await of(host).api.call('joinLink')).link;
  const idOf = async (host: string): Promise<string> => (await of(host).api.call('status')).node!.id;

  async function targetOf(host: string): Promise<Target> {
    const { endpoints, node } = await of(host).api.call('status');
    assert.ok(endpoints && node);
    return { id: node.id as NodeId, endpoints };
  }

  async function untilOneOffice(...people: readonly (readonly [host: string, extension: string])[]) {
    let seen = '';
    await eventually(
      async () => {
        const views = await areOneOffice(
          people.map(([host, extension]) => ({ extension, api: of(host).api })),
        );
        seen = views.seen;
        return views.areOne;
      },
      () => `they are one office: ${seen}`,
      30_000,
    );
  }

  /** Who is a member by what is on the host's disk: what two nodes that hold the same statements have in common. */
  async function digestOf(host: string): Promise<string> {
    const profile = of(host).profile;
    const name = (await readdir(profile)).find((one) => /^ledger-.*\.jsonl$/.test(one));
    assert.ok(name, `${host} has a ledger`);
    const lines = (await readFile(join(profile, name), 'utf8')).split('\n').filter(Boolean);
    const statements = lines.map((line) => JSON.parse(line) as Signed);
    const charter = statements.find(({ payload }) => payload.includes('"type":"charter"'));
    assert.ok(charter);
    const ledger = new Ledger(charter);
    const { waiting } = restore(
      ledger,
      statements.filter((one) => one !== charter),
    );
    assert.deepEqual(waiting, []);
    return ledger.standing.digest;
  }

  async function say(from: string, extension: string, to: string): Promise<void> {
    const { id } = await of(from).api.call('talkRecording', { dial: extension, wavBase64: SPEECH });
    await of(to).until(isComplete(id));
  }

  async function sendEavesdropper(): Promise<void> {
    const link = await linkOf('dee');
    const address = lan.address('eavesdropper');
    const { endpoints: door } = await targetOf('dee');
    const settings: EavesdroppingHost = {
      ...{ folder: join(folder, 'eavesdropper'), address, link, door, extension: '106' },
    };
    const process_ = lan.spawn('eavesdropper', process.execPath, [HOST, JSON.stringify(settings)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    let rest = '';
    process_.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      const all = (rest + chunk).split('\n');
      rest = all.pop() ?? '';
      for (const line of all) {
        if (lines.push(line) > 1) heard.push(JSON.parse(line) as Heard);
      }
    });
    await eventually(() => lines.length > 0, 'the eavesdropper is let in');
    eavesdropper = { process: process_, id: JSON.parse(lines[0]!) as string };
  }

  async function eavesdropOn(...hosts: readonly string[]): Promise<void> {
    const targets = await Promise.all(hosts.map(targetOf));
    eavesdropper.process.stdin!.write(`${JSON.stringify(targets)}\n`);
  }

  it('removes and admits in both, is one office with one ledger when it is healed, and says nothing to those who are out', async () => {
    await start('ann', '101', 'new');
    const link = await linkOf('ann');
    for (const [host, extension] of [
      ['bob', '102'],
      ['cy', '103'],
      ['dee', '104'],
      ['eve', '105'],
    ] as const)
      await start(host, extension, link);
    const five = [
      ['ann', '101'],
      ['bob', '102'],
      ['cy', '103'],
      ['dee', '104'],
      ['eve', '105'],
    ] as const;
    await untilOneOffice(...five);
    const { people } = await of('ann').api.call('members');
    await of('ann').api.call('makeAdmin', {
      person: people.find(({ extension }) => extension === '104')!.id,
    });
    await eventually(async () => (await of('dee').api.call('members')).office.isAdmin, 'Dee is an admin');

    // While it is a member it hears what is said to it: what is listened for later is there to be heard.
    await sendEavesdropper();
    await eavesdropOn('ann', 'bob', 'cy', 'dee', 'eve');
    await eventually(
      async () => (await of('ann').api.call('people')).some(({ extension }) => extension === '106'),
      'Ann sees the eavesdropper',
    );
    await of('ann').api.call('talkRecording', { dial: '106', wavBase64: SPEECH });
    await eventually(
      () =>
        heard.some((one) => one.what === 'frame' && one.type === 'announce') &&
        heard.some((one) => one.what === 'datagram' && one.port === 'media'),
      'it hears a header and fragments as a member',
    );

    lan.split(['ann', 'bob', 'fay']);
    await Promise.all([
      untilOneOffice(['ann', '101'], ['bob', '102']),
      // The eavesdropper is on this side, and goes on linking to it.
      eventually(async () => {
        const seen = await of('dee').api.call('people');
        return seen.every(
          ({ extension, presence }) => !/10[12]/.test(extension ?? '') || presence === 'offline',
        );
      }, 'Dee sees the other half offline'),
    ]);
    await of('ann').api.call('removeMembers', { nodes: [eavesdropper.id] });
    await of('dee').api.call('removeMembers', { nodes: [await idOf('eve')] });
    await of('eve').until(isRemoved);
    await start('fay', '106', await linkOf('ann'));
    await start('gus', '105', await linkOf('dee'));
    await untilOneOffice(['ann', '101'], ['bob', '102'], ['fay', '106']);

    lan.join();
    const all = [
      ['ann', '101'],
      ['bob', '102'],
      ['fay', '106'],
      ['cy', '103'],
      ['dee', '104'],
      ['gus', '105'],
    ] as const;
    await untilOneOffice(...all);
    const hosts = all.map(([host]) => host);
    await eventually(
      async () => new Set(await Promise.all(hosts.map(digestOf))).size === 1,
      'everybody holds one ledger',
    );
    await eavesdropOn(...hosts);
    // What was sent to it before, on its way here still, is told before the end of the link that it came over.
    const healed = heard.length;
    const nodes = await Promise.all(hosts.map(idOf));
    await eventually(
      () => nodes.every((node) => heard.slice(healed).some((one) => one.what === 'ended' && one.by === node)),
      'each node has ended its link to it',
    );
    const from = heard.length;
    const messagesAtEve = await of('eve').api.call('messages');
    await say('dee', '106', 'fay');
    await say('ann', '105', 'gus');
    await say('bob', '103', 'cy');
    const said = heard.length;
    const isEnded = (one: Heard): boolean => one.what === 'ended';
    await eventually(() => heard.slice(said).filter(isEnded).length > TRIES, 'it goes on trying');
    assert.deepEqual(saidIn(heard.slice(from)), []);
    assert.deepEqual(await of('eve').api.call('messages'), messagesAtEve);
  });
});
