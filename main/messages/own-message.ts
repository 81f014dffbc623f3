import type { Fragment } from '../model/index.ts';
import type { Archive } from './archive.ts';
import type { Addressing, Composer, Draft } from './compose.ts';
import type { MessageSync } from './message-sync.ts';
import { OwnHashes } from './own-hashes.ts';
import type { MediaPort } from './ports.ts';
import type { VoucherSync } from './voucher-sync.ts';

export interface OwnMessageParts {
  readonly archive: Archive;
  readonly composer: Composer;
  readonly media: MediaPort;
  readonly sync: MessageSync;
  readonly vouchers: VoucherSync;
}

/** How a message begins. */
interface Begun {
  readonly draft: Draft;
  readonly addressing: Addressing;
  /** It may come to nothing: nobody is told of it before `decide`. */
  readonly isUndecided: boolean;
}

/** One message of this person, from its signed header to its signed end: in the own store, and told to others. */
export class OwnMessage {
  readonly #parts: OwnMessageParts;
  readonly #begun: Begun;
  readonly #hashes: OwnHashes;
  /** Fragments that came before the header was signed. Undefined once it is. */
  #early: Fragment[] | undefined = [];
  readonly #meant: Promise<boolean>;
  #decide: ((isMeant: boolean) => void) | undefined;

  constructor(parts: OwnMessageParts, begun: Begun) {
    this.#parts = parts;
    this.#begun = begun;
    this.#hashes = new OwnHashes(begun.addressing.recipients);
    this.#meant = new Promise((resolve) => (this.#decide = resolve));
    if (!begun.isUndecided) this.decide(true);
  }

  /** Whether it may still come to nothing. */
  get isUndecided(): boolean {
    return this.#decide !== undefined;
  }

  /** Says whether it is meant as a message. The first word counts. */
  decide(isMeant: boolean): void {
    this.#decide?.(isMeant);
    this.#decide = undefined;
  }

  /** Signs the header, and tells of it. Rejects where the key cannot be wrapped for the recipients. */
  async begin(): Promise<void> {
    const { archive, composer, media, sync } = this.#parts;
    const { draft, addressing } = this.#begun;
    const header = await composer.header(draft, addressing);
    if (!(await this.#meant)) return;
    archive.begin(header, { mine: 'talker', keeps: false });
    archive.append(draft.id, this.#early ?? []);
    this.#early = undefined;
    sync.announceOwn(header);
    media.post({ type: 'talk-announced', id: draft.id });
    this.#vouch();
    void composer.prepare(addressing.recipients).catch(() => undefined);
  }

  /** Takes the next fragments. */
  keep(fragments: readonly Fragment[]): void {
    this.decide(true);
    for (const fragment of fragments) this.#hashes.add(fragment.bytes);
    if (this.#early) return void this.#early.push(...fragments);
    this.#parts.archive.append(this.#begun.draft.id, fragments);
    this.#vouch();
  }

  /** Signs the end, once all fragments were given. Nothing happens where it never began. */
  async end(): Promise<void> {
    const { archive, composer, sync } = this.#parts;
    const { id } = this.#begun.draft;
    if (!archive.read.get(id)) return;
    this.#hashes.end();
    this.#vouch();
    const manifest = composer.manifest(id, this.#hashes.whole);
    await archive.end(manifest, () => sync.endOwn(id));
  }

  /** Sends signed hashes of the latest fragments, by which listeners know that these are this node's. */
  #vouch(): void {
    const { composer, vouchers } = this.#parts;
    for (const hashed of this.#hashes.take())
      vouchers.vouchOwn(composer.hashes(this.#begun.draft.id, hashed));
  }
}
