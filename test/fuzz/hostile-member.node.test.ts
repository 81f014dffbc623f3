import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { loadOrCreateIdentity, signManifest, type Identity } from '../../main/identity/index.ts';
import {
  newMessageId,
  nodeIdOf,
  signStatement,
  toBase64url,
  type Header,
  type Manifest,
  type MessageId,
  type NodeId,
  type NodeRecord,
} from '../../main/model/index.ts';
import type { ControlLink, ControlMessage } from '../../main/signalling/index.ts';
import { writeWav } from '../../native-audio/index.ts';
import { comeInByLink, linkAsMember } from '../support/by-link.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { isComplete } from '../support/messages.ts';

const SPEECH = writeWav(
  Int16Array.from({ length: 48_000 }, (_, n) => Math.round(9000 * Math.sin(n / 30) * Math.sin(n / 4000))),
).toString('base64');
const HOST = '127.0.0.1';

/** Eve came in by a join link. She has good keys of her own, and a program of her own making. */
describe('a node in an office with a member that signs whatever it likes', { timeout: 120_000 }, () => {
  let ann: Headless;
  let bob: Headless;
  let eve: Identity;
  let link: ControlLink;
  let join: string;
  let bobsId: NodeId;
  let beat: number;
  const heard: ControlMessage[] = [];
  let ended: string | undefined;

  async function start(name: string, extension: string): Promise<Headless> {
    const node = await Headless.start({
      ...{ interface: HOST, ready: 'cold', name, extension, office: join },
    });
    await node.api.call('addAddress', { address: `${HOST}:${beat}` });
    return node;
  }

  before(async () => {
    bob = await Headless.start({
      ...{ interface: HOST, ready: 'cold', name: 'Bob', extension: '102', office: 'new' },
    });
    join = (await bob.api.call('joinLink')).link;
    const { endpoints, node } = await bob.api.call('status');
    assert.ok(endpoints && node);
    [bobsId, beat] = [node.id as NodeId, endpoints.beat];
    ann = await start('Ann', '101');
    await eventually(async () => (await presentAt(bob)).includes('101'), 'Bob meets Ann');
    await eventually(async () => (await presentAt(ann)).includes('102'), 'Ann meets Bob');
    eve = await loadOrCreateIdentity(`${bob.profile}-eve`);
    const self = await comeInByLink(eve, join, endpoints, '105');
    link = await linkAsMember(self, endpoints, bobsId, {
      onMessage: (message) => heard.push(message),
      onClose: (reason) => (ended = reason),
    });
    link.send({ type: 'hello', record: record(), version: '0.1.0' });
    await eventually(() => heard.some(({ type }) => type === 'roster'), 'Eve is a member');
  });
  after(async () => {
    link.close();
    await Promise.all([ann.stop(), bob.stop(), rm(`${bob.profile}-eve`, { recursive: true, force: true })]);
  });

  function record(change: object = {}) {
    const plain: NodeRecord = {
      ...{ v: 1, node: eve.nodeId, revision: 1, presence: 'available', name: 'Eve' },
      signingKey: toBase64url(eve.signingKeySpki),
      hpkeKey: toBase64url(eve.hpkePublicKey),
      endpoints: { address: HOST, control: 9, beat: 9, media: 9 },
    };
    return eve.sign({ ...plain, ...change });
  }

  function header(change: object = {}) {
    const plain: Header = {
      ...{ v: 1, id: newMessageId(), talker: eve.nodeId, from: '105', to: '102', ssrc: 7 },
      ...{ startedAt: Date.now(), recipients: [bobsId], keys: [] },
    };
    return eve.sign({ ...plain, ...change });
  }

  /** Bob has read all that Eve sent before: a link is read in order. */
  async function isRead(): Promise<void> {
    const before = heard.length;
    link.send({ type: 'fetch', id: newMessageId(), from: 0, follow: false });
    await eventually(() => heard.slice(before).some(({ type }) => type === 'fetch-end'), 'Bob answers');
  }

  async function talkStillWorks(): Promise<void> {
    const { id } = await ann.api.call('talkRecording', { dial: '102', wavBase64: SPEECH });
    await bob.until(isComplete(id));
  }

  it('goes on, and nothing unforeseen happens in it, whatever is in her statements', async () => {
    const id = newMessageId();
    const other = `${id.slice(0, 21)}${String.fromCharCode(id.charCodeAt(21) + 1)}`;
    for (const change of [
      { id: other },
      { startedAt: 2 ** 53 - 1 },
      { ssrc: 2 ** 32 },
      { recipients: [other] },
    ])
      link.send({ type: 'announce', header: header(change) });
    const zeros = toBase64url(Buffer.alloc(65));
    for (const [n, change] of [{ hpkeKey: zeros }, { name: 'E\ud800' }, { revision: 1e300 }].entries())
      link.send({ type: 'record', record: record({ revision: 2 + n, ...change }) });
    await isRead();
    const her = (await bob.api.call('people')).find(({ extension }) => extension === '105');
    assert.equal(her?.name, 'Eve', 'her first record stands');
    assert.deepEqual(await bob.api.call('messages'), []);
    await talkStillWorks();
    await isUnharmed();
  });

  it('lets nobody else end what Ann says', async () => {
    const { id } = await ann.api.call('talkRecording', { dial: '102', wavBase64: SPEECH });
    await bob.until((event) => event.type === 'message' && event.message.id === id);
    const end: Manifest = {
      ...{ v: 1, id: id as MessageId, talker: eve.nodeId, count: 1, durationMs: 10, endedAt: Date.now() },
      hash: toBase64url(Buffer.alloc(32)),
    };
    link.send({ type: 'manifest', manifest: signManifest(eve, end) });
    await isRead();
    const complete = await bob.until(isComplete(id));
    assert.ok(complete.event.type === 'message' && complete.event.message.durationMs >= 1000);
    await isUnharmed();
  });

  it('still sends all it knows to a newcomer, however much she says of herself and of people whom she invents', async (t) => {
    const later = 'x'.repeat(250_000);
    link.send({ type: 'record', record: record({ revision: 10, later }) });
    for (let n = 0; n < 5; n += 1) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      const spki = publicKey.export({ type: 'spki', format: 'der' });
      const invented = { node: nodeIdOf(spki), signingKey: toBase64url(spki), later };
      const { payload } = record(invented);
      link.send({ type: 'record', record: signStatement(JSON.parse(payload), privateKey) });
    }
    await isRead();
    const cleo = await start('Cleo', '104');
    t.after(() => cleo.stop());
    await eventually(async () => {
      const present = await presentAt(cleo);
      return present.includes('101') && present.includes('102');
    }, 'Cleo sees everybody');
    await isUnharmed();
  });

  async function isUnharmed(): Promise<void> {
    assert.equal(bob.process.exitCode, null, bob.output());
    const { checks } = await bob.api.call('health');
    assert.equal(checks.find(({ code }) => code === 'program')?.ok, true, bob.output());
    assert.equal(ended, undefined, 'Eve is still linked: what she sends is read');
  }
});

async function presentAt({ api }: Headless): Promise<string[]> {
  return (await api.call('people'))
    .filter(({ presence }) => presence !== 'offline')
    .map(({ extension }) => extension);
}
