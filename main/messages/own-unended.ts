import { FragmentHash, type Identity } from '../identity/index.ts';
import { SrtpReceiver } from '../media/index.ts';
import {
  faults,
  fragmentHashesSchema,
  fromBase64url,
  FRAGMENT_HASH_BYTES,
  hashOfFragment,
  isHashed,
  readStatement,
  type Emitter,
  type Fragment,
  type MessageId,
  type Schedule,
} from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { Composer } from './compose.ts';
import type { MessageEvents } from './events.ts';
import { keyOf } from './message-key.ts';
import type { MessageSync } from './message-sync.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/** A link is up this long before others are asked, ms: who is online is known a moment later. */
const FIRST_MS = 1000;
/** Others are asked for this long at most, and no longer than this after the last fragment of theirs that was new here, ms. */
const ASK_MS = 10_000;
const QUIET_MS = 2_000;
/** This many of them: the switch or those who follow this one, and recipients. */
const MAX_ASKED = 8;
/** Where the disk takes nothing, this node tries again after this time, ms. */
const RETRY_MS = 60_000;
/** This many fragments are hashed before other work of the thread has its turn. */
const FRAGMENTS_AT_ONCE = 512;

export interface OwnUnendedParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly composer: Pick<Composer, 'manifest'>;
  readonly office: OfficePort;
  readonly sync: Pick<MessageSync, 'endOwn'>;
  readonly events: Pick<Emitter<MessageEvents>, 'on'>;
  readonly schedule: Schedule;
  readonly nextTurn: () => Promise<void>;
}

/** A message that others are asked for. */
interface Asking {
  readonly id: MessageId;
  /** Whom no answer has ended yet. */
  readonly links: Set<PeerLink>;
  readonly isOwn: (fragment: Fragment) => boolean;
  readonly done: () => void;
  readonly cancels: { quiet: () => void; readonly last: () => void };
}

/**
 * Ends what this node's person was saying when the program or the computer died: signs a manifest over the beginning of it that is here
 * without a gap. What was sent may have come further than to this disk, so others are asked first. Of what they have only fragments count
 * that are surely this node's own. Where others have a manifest of it already, that one stays the only one.
 */
export class OwnUnended {
  readonly #parts: OwnUnendedParts;
  /** What an earlier start left. */
  readonly #left: Set<MessageId>;
  #asking: Asking | undefined;
  #isRunning = false;
  #closed = false;
  #cancelFirst: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(parts: OwnUnendedParts) {
    this.#parts = parts;
    const own = parts.archive.read.those('incomplete').filter(({ roles }) => roles.mine === 'talker');
    this.#left = new Set(own.filter(wasSpoken).map(({ id }) => id));
    // Its manifest came, or it was deleted. What the former counts and is not here is fetched as of any other message.
    parts.events.on('message', (id) => {
      if (this.#asking?.id === id && !this.#unended(id)) this.#asking.done();
    });
  }

  /** To be called when a link is up. */
  look(): void {
    if (this.#isRunning || this.#left.size === 0) return;
    this.#isRunning = true;
    new Promise<void>((resolve) => (this.#cancelFirst = this.#parts.schedule(resolve, FIRST_MS)))
      .then(() => this.#endAll())
      .catch((error: unknown) => faults.tell('a message that never ended', error))
      .finally(() => (this.#isRunning = false));
  }

  /** Fragments that came over a link. False: they were not asked for here. */
  take(link: PeerLink, id: MessageId, fragments: readonly Fragment[]): boolean {
    const asking = this.#asking;
    if (asking?.id !== id || !asking.links.has(link)) return false;
    const { archive } = this.#parts;
    const before = archive.read.get(id)?.held;
    archive.append(id, fragments.filter(asking.isOwn), link);
    if (archive.read.get(id)?.held !== before) this.#waitOn(asking);
    return true;
  }

  /** The node at the other end has no more of it. */
  ended(link: PeerLink, id: MessageId): void {
    const asking = this.#asking;
    if (asking?.id !== id || !asking.links.delete(link)) return;
    if (asking.links.size === 0) asking.done();
  }

  linkLost(link: PeerLink): void {
    if (this.#asking) this.ended(link, this.#asking.id);
  }

  close(): void {
    this.#closed = true;
    this.#cancelFirst?.();
    this.#cancelRetry?.();
    this.#asking?.done();
  }

  /** One after the other: it is hardly ever more than one. */
  async #endAll(): Promise<void> {
    for (const id of [...this.#left]) {
      await this.#ask(id);
      if (this.#closed) return;
      if (await this.#end(id)) this.#left.delete(id);
      else this.#cancelRetry ??= this.#parts.schedule(() => this.#retry(), RETRY_MS);
    }
  }

  #retry(): void {
    this.#cancelRetry = undefined;
    this.look();
  }

  /** Resolves when nothing more is to be expected of others. */
  async #ask(id: MessageId): Promise<void> {
    const { archive, schedule } = this.#parts;
    const message = this.#unended(id);
    if (!message) return;
    const isOwn = await this.#judgeOf(message);
    const links = isOwn && (await this.#linksFor(message));
    if (!links || links.size === 0 || this.#closed) return;
    const from = archive.read.missing(id)[0]?.from ?? message.held;
    await new Promise<void>((done) => {
      const cancels = { quiet: schedule(done, QUIET_MS), last: schedule(done, ASK_MS) };
      this.#asking = { id, links, isOwn, done, cancels };
      for (const link of links) link.send({ type: 'fetch', id, from, follow: true });
    });
    for (const cancel of Object.values(this.#asking?.cancels ?? {})) cancel();
    this.#asking = undefined;
    for (const link of links) link.send({ type: 'fetch-stop', id });
  }

  #waitOn({ done, cancels }: Asking): void {
    cancels.quiet();
    cancels.quiet = this.#parts.schedule(done, QUIET_MS);
  }

  async #linksFor({ header }: StoredMessage): Promise<Set<PeerLink>> {
    const { office } = this.#parts;
    const { self, upstream, downstream, online } = office;
    const recipients = header.facts.recipients.filter((node) => node !== self && online.includes(node));
    const near = [...(upstream ? [upstream] : []), ...downstream].slice(0, MAX_ASKED);
    const reached = await Promise.all(recipients.slice(0, MAX_ASKED).map((node) => office.reach(node)));
    return new Set([...reached.filter((link) => link !== undefined), ...near].slice(0, MAX_ASKED));
  }

  /**
   * What tells this node's own fragments from others. Of a message to several it signed their hashes; a single recipient, who alone has
   * the key besides, could deceive nobody else. Undefined: nothing does.
   */
  async #judgeOf(message: StoredMessage): Promise<((fragment: Fragment) => boolean) | undefined> {
    const { identity, archive } = this.#parts;
    const { id, header } = message;
    if (isHashed(header.facts)) return (fragment) => isSigned(archive, id, fragment);
    if (header.facts.recipients.length > 1) return undefined;
    const key = await keyOf(identity, message).catch(() => undefined);
    const receiver = key && new SrtpReceiver(key, header.facts.ssrc);
    return receiver && (({ n, bytes }) => receiver.openAt(n, bytes) !== undefined);
  }

  /** Signs the manifest and sends it, once it is on the disk. False: the disk takes nothing now. */
  async #end(id: MessageId): Promise<boolean> {
    const { archive, composer, sync } = this.#parts;
    if (!this.#unended(id)) return true;
    const hash = await this.#hashOf(id);
    if (!(await archive.canWrite(id))) return false;
    // Another node may have given this node's manifest meanwhile.
    if (this.#unended(id) && !this.#closed)
      await archive.end(composer.manifest(id, hash), () => sync.endOwn(id));
    return true;
  }

  async #hashOf(id: MessageId): Promise<FragmentHash> {
    const { archive, nextTurn } = this.#parts;
    const hash = new FragmentHash();
    for (;;) {
      const fragments = await archive.read.read(id, hash.count, FRAGMENTS_AT_ONCE);
      if (fragments.length === 0) return hash;
      for (const { bytes } of fragments) hash.add(bytes);
      await nextTurn();
    }
  }

  /** The message, if it is here without its end, and this node can sign that. */
  #unended(id: MessageId): StoredMessage | undefined {
    const message = this.#parts.archive.read.get(id);
    const isOwn = message?.header.facts.talker === this.#parts.identity.nodeId;
    return isOwn && message.manifest === undefined ? message : undefined;
  }
}

/** What this node made out of another message goes out whole or not at all: nobody has a part of it. */
function wasSpoken({ manifest, header: { facts } }: StoredMessage): boolean {
  const isMade =
    facts.forwardedFrom !== undefined || facts.handsOn !== undefined || facts.again !== undefined;
  return manifest === undefined && !isMade;
}

/** Whether this node signed the fragment's hash while it spoke. */
function isSigned({ read }: Archive, id: MessageId, { n, bytes }: Fragment): boolean {
  const hash = hashOfFragment(bytes);
  return read.hashes(id, n, n + 1).some((signed) => {
    const facts = readStatement(signed, fragmentHashesSchema);
    if (!facts) return false;
    const at = (n - facts.from) * FRAGMENT_HASH_BYTES;
    return hash.equals(fromBase64url(facts.hashes).subarray(at, at + FRAGMENT_HASH_BYTES));
  });
}
