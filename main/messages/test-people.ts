import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { loadOrCreateIdentity, type OwnIdentity } from '../identity/index.ts';
import {
  nodePorts,
  toBase64url,
  type Clock,
  type Fragment,
  type FragmentHashes,
  type Header,
  type KnownNode,
  type Manifest,
  type MessageId,
  type Page,
} from '../model/index.ts';
import type { Statement } from '../store/index.ts';
import { Composer, type TypedWords } from './compose.ts';
import { OwnHashes } from './own-hashes.ts';

const FRAGMENT_BYTES = 80;

/** A member: real keys, and a record as the office knows it. */
export interface Person {
  readonly identity: OwnIdentity;
  readonly record: KnownNode;
}

/** A message as its talker made it. */
export interface Spoken {
  readonly id: MessageId;
  readonly header: Statement<Header>;
  /** Where it is for several. */
  readonly hashes: readonly Statement<FragmentHashes>[];
  readonly manifest: Statement<Manifest>;
  readonly fragments: readonly Fragment[];
}

export async function newPerson(t: TestContext, extension: string): Promise<Person> {
  const folder = tempFolder('person');
  // A simulation makes hundreds of them in one process.
  t.after(() => rm(folder, { recursive: true, force: true }));
  const identity = await loadOrCreateIdentity(folder);
  return { identity, record: recordOf(identity, extension) };
}

/** By the keys that the person has now. */
export function recordOf(identity: OwnIdentity, extension: string): KnownNode {
  return {
    ...{ v: 1, node: identity.nodeId, revision: 1, presence: 'available' },
    ...{ person: identity.nodeId, name: `Person ${extension}`, extension },
    signingKey: toBase64url(identity.signingKeySpki),
    hpkeKey: toBase64url(identity.hpkePublicKey),
    endpoints: { address: '10.0.0.9', control: 1000, beat: 2000, media: Number(extension) },
    store: randomBytes(8).toString('base64url'),
    readsSheets: true,
  };
}

/** Speech: what is in a sealed fragment concerns the media worker alone. */
export function newFragments(count: number, from = 0): Fragment[] {
  return Array.from({ length: count }, (_, n) => ({ n: from + n, bytes: randomBytes(FRAGMENT_BYTES) }));
}

/** The bytes of these, one after the other. */
export const joined = (fragments: readonly Fragment[]) => Buffer.concat(fragments.map(({ bytes }) => bytes));

/** What `talker` says to `recipients`, whole. */
export async function speak(
  { identity, record }: Person,
  recipients: readonly Person[],
  {
    time = new HandTime(),
    clock = undefined as Clock | undefined,
    count = 20,
    forwardedFrom = undefined as string | undefined,
    again = undefined as MessageId | undefined,
    page = undefined as Page | undefined,
    isOverride = false,
    words = undefined as TypedWords | undefined,
  } = {},
): Promise<Spoken> {
  const composer = new Composer({ identity, clock: clock ?? time, random: nodePorts.random });
  const draft = composer.draft();
  const header = await composer.header(draft, {
    recipients: recipients.map((person) => person.record),
    ...{ from: record.extension, to: recipients[0]?.record.extension ?? '999' },
    ...(forwardedFrom === undefined ? {} : { forwardedFrom }),
    ...(again === undefined ? {} : { again }),
    ...(page && { page }),
    ...(isOverride && { isOverride }),
    words,
  });
  const fragments = newFragments(count);
  const own = new OwnHashes(recipients.map((person) => person.record));
  for (const { bytes } of fragments) own.add(bytes);
  own.end();
  const hashes = own.take().map((some) => composer.hashes(draft.id, some));
  return { id: draft.id, header, hashes, manifest: composer.manifest(draft.id, own.whole), fragments };
}
