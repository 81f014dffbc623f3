import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Directory, saveDirectory } from '../../main/directory/index.ts';
import {
  FragmentHash,
  foundOffice,
  loadOrCreateIdentity,
  MESSAGE_KEY_BYTES,
  saveOffice,
  signCard,
  signHeader,
  signManifest,
  signReceipt,
  statementIdOf,
  wrapMessageKey,
  type Identity,
} from '../../main/identity/index.ts';
import { SrtpSender } from '../../main/media/srtp.ts';
import {
  FRAME_MS,
  FRAME_SAMPLES,
  MASTER_KEY_BYTES,
  newMessageId,
  nodeIdOf,
  nodePorts,
  signStatement,
  toBase64url,
  type Fragment,
  type Header,
  type NodeId,
  type NodeRecord,
  type Signed,
} from '../../main/model/index.ts';
import { OfficeKeeper } from '../../main/node/office-keeper.ts';
import { MessageStore } from '../../main/store/index.ts';
import { OpusEncoder } from '../../native-audio/index.ts';
import { colleagueName } from './names.ts';
import { speak } from './speech.ts';

const MINUTE_MS = 60_000;
const SSRC = 0x0c0441d0;
/** This many messages are stored at once, so that their index shards are synced together. */
const AT_ONCE = 500;
const TEXT =
  'The delivery is here, who can sign for it? The driver waits at the back door, and he says that he cannot stay for long. ' +
  'If nobody has the time now, please tell him to come again tomorrow before noon.';
/** The durations of the messages, repeated, ms: most are short, some are not. */
const LENGTHS_MS = [2100, 900, 3400, 1500, 6200, 2700, 1100, 9300, 1800, 4300];
/** Messages before the newest ones, which are not seen without scrolling, are shorter, since every fragment takes time. */
const OLD = 60;
const OLD_SHARE = 0.2;

interface FullOfficeOptions {
  /** The profile's folder; created if it is missing. */
  readonly profile: string;
  readonly people?: number;
  readonly messages?: number;
  /** How many of the messages, the latest ones, are unheard. */
  readonly unheard?: number;
  /** The current time, ms since the epoch: all messages are older. */
  readonly now?: number;
}

export interface FullOffice {
  readonly profile: string;
  /** The office's join link, by which real colleagues may join. */
  readonly link: string;
  readonly people: readonly { readonly id: NodeId; readonly name: string; readonly extension: string }[];
  /** Ids of those that are favourites. */
  readonly favourites: readonly NodeId[];
  readonly messages: number;
  readonly unheard: number;
}

interface Colleague {
  readonly nodeId: NodeId;
  readonly extension: string;
  readonly card: Signed;
  readonly record: NodeRecord;
  readonly signed: Signed;
  readonly sign: (statement: unknown) => Signed;
}

/**
 * Writes the profile of a person with a long history in a large office: 500 people with real keys and signed records, and 2,000
 * messages that play, some unheard, some sent. Takes some seconds. All messages share one message key and its sealed fragments, which
 * no real talker does: that saves time. The person is Ana Lind, extension 101.
 */
export async function writeFullOffice(options: FullOfficeOptions): Promise<FullOffice> {
  const { profile, people = 500, messages = 2000, unheard = 12, now = Date.now() } = options;
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  const identity = await loadOrCreateIdentity(profile);
  const colleagues = Array.from({ length: people }, (_, n) => colleague(n, now));
  const link = await writeOffice(profile, identity, colleagues);
  const directory = new Directory();
  directory.merge(colleagues.map(({ signed }) => signed));
  await saveDirectory(join(profile, 'directory.json'), directory);
  const favourites = colleagues.slice(0, 2).map(({ nodeId }) => nodeId);
  const settings = { v: 1, name: 'Ana Lind', extension: '101' };
  const talkTo = colleagues.slice(0, 1).map(({ extension }) => ({ extension }));
  const chosen = { talkTo, ready: 'cold', favourites };
  writeFileSync(join(profile, 'settings.json'), JSON.stringify({ ...settings, ...chosen }), { mode: 0o600 });

  const key28 = randomBytes(MESSAGE_KEY_BYTES);
  const sentence = await sealSentence(profile, key28);
  const store = await MessageStore.open(join(profile, 'store'), {
    ports: { ...nodePorts, clock: { now: () => now, monotonic: () => now } },
    log: () => undefined,
    maxBytes: 2 ** 40,
    retentionMs: 2 ** 40,
  });
  const me = {
    nodeId: identity.nodeId,
    sign: (statement: unknown) => identity.sign(statement),
    hpkePublicKey: identity.hpkePublicKey,
  };
  for (let from = 0; from < messages; from += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, messages - from) }, (_, i) => {
      const n = from + i;
      const other = colleagues[(n * 7) % Math.min(colleagues.length, 60)];
      if (!other) return Promise.resolve();
      const age = messages - 1 - n;
      return keep(store, {
        me,
        other,
        key28,
        sentence,
        startedAt: now - (age + 1) * 17 * MINUTE_MS - ((n * 37) % 60) * 1000,
        durationMs: (LENGTHS_MS[n % LENGTHS_MS.length] ?? 1000) * (age < OLD ? 1 : OLD_SHARE),
        isSent: n % 5 === 3,
        isHeard: age >= (unheard * 5) / 4,
      });
    });
    await Promise.all(batch);
  }
  const waiting = store.unheard().length;
  await store.close();
  return {
    profile,
    link,
    people: colleagues.map(({ nodeId, record, extension }) => ({ id: nodeId, name: record.name, extension })),
    favourites,
    messages,
    unheard: waiting,
  };
}

/** The office that this person founded, who let in all the others, and a link that is open for three months. */
async function writeOffice(
  profile: string,
  identity: Identity,
  colleagues: readonly Colleague[],
): Promise<string> {
  const { ledger } = foundOffice(identity, { name: 'Nordlicht', admit: 'members' }, randomBytes(16));
  // Each has only the one before as its past; by the ledger's own method each would evaluate all earlier ones.
  let last = ledger.ids.slice(0, 1);
  const say = (type: string, fields: object): void => {
    const signed = identity.sign({
      ...{ v: 1, type, by: identity.nodeId, office: ledger.office, after: last },
      ...fields,
    });
    ledger.add(signed);
    last = [statementIdOf(signed)];
  };
  say('number', { person: identity.nodeId, extension: '101' });
  for (const { card, nodeId, extension } of colleagues) say('admit', { card, person: nodeId, extension });
  const log = (): void => undefined;
  const keeper = new OfficeKeeper({ folder: profile, identity, ports: nodePorts, log });
  const office = await keeper.begin(ledger);
  const link = await office.invitations.make({ spanMs: 90 * 24 * 60 * MINUTE_MS, uses: 100 });
  await office.ledger.close();
  await saveOffice(profile, ledger.office);
  return link;
}

/** The n-th colleague, with keys of their own and a record that they signed. */
function colleague(n: number, now: number): Colleague {
  const signing = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const hpke = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = spkiOf(signing.publicKey);
  const nodeId = nodeIdOf(spki);
  const hpkePublicKey = spkiOf(hpke.publicKey).subarray(-65);
  const record: NodeRecord = {
    v: 1,
    node: nodeId,
    revision: now - (n + 1) * 60 * MINUTE_MS,
    name: colleagueName(n),
    presence: 'available',
    signingKey: toBase64url(spki),
    hpkeKey: toBase64url(hpkePublicKey),
    // The discard port of a loopback address: nobody answers.
    endpoints: { address: '127.0.0.1', control: 9, beat: 9, media: 9 },
  };
  const sign = (statement: unknown): Signed => signStatement(statement, signing.privateKey);
  const card = signCard({ signingKeySpki: spki, hpkePublicKey, sign });
  const extension = String(n < 90 ? 110 + n : 2000 + n);
  return { nodeId, extension, card, record, signed: sign(record), sign };
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

interface Sentence {
  readonly fragments: readonly Fragment[];
  /** The hash of the first n fragments, at n - 1. */
  readonly hashOf: (count: number) => string;
}

async function sealSentence(dir: string, key28: Buffer): Promise<Sentence> {
  const { samples } = speak(dir, TEXT);
  const encoder = await OpusEncoder.create();
  const sender = new SrtpSender(
    { masterKey: key28.subarray(0, MASTER_KEY_BYTES), masterSalt: key28.subarray(MASTER_KEY_BYTES) },
    SSRC,
  );
  const fragments: Fragment[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
    const n = fragments.length;
    fragments.push({ n, bytes: sender.seal(n, encoder.encode(samples.slice(at, at + FRAME_SAMPLES))) });
  }
  encoder.free();
  const hashes = new Map<number, string>();
  const hashOf = (count: number): string => {
    const known = hashes.get(count);
    if (known !== undefined) return known;
    const hash = new FragmentHash();
    for (const { bytes } of fragments.slice(0, count)) hash.add(bytes);
    const made = hash.digest();
    hashes.set(count, made);
    return made;
  };
  return { fragments, hashOf };
}

interface Spoken {
  readonly me: Pick<Colleague, 'nodeId' | 'sign'> & { readonly hpkePublicKey: Uint8Array };
  readonly other: Colleague;
  readonly key28: Buffer;
  readonly sentence: Sentence;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly isSent: boolean;
  readonly isHeard: boolean;
}

/** Puts one message into the store as if it had been received or sent, with its receipts. */
async function keep(store: MessageStore, spoken: Spoken): Promise<void> {
  const { me, other, key28, sentence, startedAt, isSent, isHeard } = spoken;
  const talker = isSent ? me : other;
  const recipient = isSent ? other.nodeId : me.nodeId;
  const id = newMessageId();
  const count = Math.min(Math.round(spoken.durationMs / FRAME_MS), sentence.fragments.length);
  const forMe = { id, talker: talker.nodeId, recipient: me.nodeId, recipientHpkeKey: me.hpkePublicKey };
  const header: Header = {
    v: 1,
    id,
    talker: talker.nodeId,
    from: isSent ? '101' : other.extension,
    to: isSent ? other.extension : '101',
    ssrc: SSRC,
    startedAt,
    recipients: [recipient],
    keys: [await wrapMessageKey(key28, forMe)],
  };
  const endedAt = startedAt + count * FRAME_MS;
  const manifest = {
    v: 1 as const,
    id,
    talker: talker.nodeId,
    count,
    hash: sentence.hashOf(count),
    durationMs: count * FRAME_MS,
    endedAt,
  };
  // It stands where it began.
  const roles = { mine: isSent ? ('talker' as const) : ('recipient' as const), keeps: true };
  store.begin(signHeader(talker, header), header, roles, { isOlder: true });
  store.append(id, sentence.fragments.slice(0, count));
  const completion = await store.setManifest(id, signManifest(talker, manifest), manifest);
  if (completion !== 'complete') throw new Error(`a message of the full office is ${completion}`);
  const state = isHeard ? ('heard' as const) : ('received' as const);
  const receipt = { v: 1 as const, id, node: recipient, state, at: endedAt + 9000 };
  store.setReceipt(signReceipt(isSent ? other : me, receipt), receipt);
  if (!isSent && isHeard) store.setLocal(id, { heard: endedAt + 9000 });
}
