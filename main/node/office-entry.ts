import type { LocalizedText } from '../../i18n/index.ts';
import {
  foundOffice,
  notCompared,
  officeTagOf,
  readJoinLink,
  readOfficeTag,
  signRule,
  type JoinLink,
  type Joined,
} from '../identity/index.ts';
import type { Joining } from '../../preload/api.ts';
import type { SavedAddresses } from '../discovery/index.ts';
import type { NodeKeys, OfficeId, FoundingOptions, OwnIdentity } from '../identity/index.ts';
import { CorridorError, FIRST_EXTENSION, textOfError, type Ports } from '../model/index.ts';
import {
  JoinByAsking,
  JoinByLink,
  type Office,
  type OfficeNetwork,
  type OfficeSession,
  type OfficesSeen,
} from '../office/index.ts';
import { isOfRemovedKeys, joiningBy, type Attempt } from './join-attempt.ts';
import type { OfficeKeeper } from './office-keeper.ts';
import type { Profile } from './profile.ts';

/** How long joining waits for an answer, ms. After that the node goes on looking by itself. */
const ANSWER_WITHIN_MS = 12_000;

interface OfficeEntryParts {
  readonly identity: OwnIdentity;
  readonly keeper: OfficeKeeper;
  readonly profile: Profile;
  readonly session: OfficeSession;
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly addresses: SavedAddresses;
  readonly offices: Pick<OfficesSeen, 'of'>;
  readonly ports: Ports;
  readonly trouble: (text: LocalizedText | undefined) => void;
  readonly log: (line: string) => void;
}

/**
 * How this node comes into an office: it founds one, or somebody lets it in by a link or because it asks, for as long as that
 * takes.
 */
export class OfficeEntry {
  readonly #parts: OfficeEntryParts;
  #attempt: Attempt | undefined;
  /** The office that has let this node in, while it goes there. */
  #entering: OfficeId | undefined;

  constructor(parts: OfficeEntryParts) {
    this.#parts = parts;
    parts.session.events.on('changed', () => this.#lookWhetherBack());
  }

  /** When this node began to look for somebody who lets it in; null: it does not look. */
  get joining(): Joining | null {
    const { office } = this.#parts.session;
    if (this.#entering !== undefined && office?.ledger.id === this.#entering && office.ledger.self)
      return null;
    return this.#attempt ? joiningBy(this.#attempt) : null;
  }

  /** Founds an office and goes into it. @param before what is done with the new office while this node is still in the old one */
  async found(
    wish: FoundingOptions,
    extension: string | undefined,
    before: (office: Office) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const { keeper, session, profile, ports } = this.#parts;
    await this.stop();
    const keys = await this.#keysToJoin();
    const { ledger, recoveryCode } = foundOffice(keys, wish, ports.random.bytes(16));
    const number = { person: keys.nodeId, extension: extension ?? String(FIRST_EXTENSION) };
    ledger.add(signRule(keys, ledger, 'number', number));
    const { recoveryCode: former } = profile.settings;
    // This comes before the office is entered: where the code were lost by a power failure, the office would be without one.
    await profile.change({ recoveryCode, joiningLink: null });
    await this.#become(keys);
    const office = await keeper.begin(ledger);
    await before(office).catch(async (error: unknown) => {
      await office.ledger.close();
      await profile.note({ recoveryCode: former });
      throw error;
    });
    await session.enter(office);
  }

  /**
   * Goes into the office of this link. Resolves when the node is in it, or goes on looking by itself since nobody answered; with
   * true where the node is in that office already. @throws CorridorError where the link is wrong, or a member refuses to let this
   * node in
   */
  async join(text: string, extension: string | undefined): Promise<boolean> {
    const { profile, ports, trouble } = this.#parts;
    const link = readJoinLink(text);
    if (this.#isIn(link)) return true;
    await this.stop();
    const keys = await this.#keysToJoin();
    await profile.change({ joiningLink: text.trim() });
    trouble(undefined);
    const entered = this.#look(link, extension, keys);
    let cancel: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => (cancel = ports.schedule(resolve, ANSWER_WITHIN_MS)));
    await Promise.race([entered, patience]).finally(cancel);
    return false;
  }

  /**
   * Asks the office with this tag, such as `3f7a-91c2`, to be let in. `joining` shows what comes of it, and a trouble says why
   * nothing did. True where the node is in that office already.
   */
  async ask(tag: string, extension: string | undefined): Promise<boolean> {
    const { network, interfaces, addresses, offices, session, profile, ports, trouble, log } = this.#parts;
    const { clock, schedule, random } = ports;
    const { office } = session;
    const bytes = readOfficeTag(tag);
    const seen = offices.of(bytes.toString('hex'));
    const isHome = office !== undefined && officeTagOf(office.ledger.id).equals(bytes);
    if (isHome && office.ledger.self) return true;
    await this.stop();
    const keys = await this.#keysToJoin();
    trouble(undefined);
    if (profile.settings.joiningLink !== null) await profile.change({ joiningLink: null });
    const changed = (): void => session.events.emit('changed', undefined);
    const since = clock.now();
    const begin = (identity: NodeKeys): Attempt => {
      const search = new JoinByAsking({
        ...{ identity, tag: bytes, seen, extension, network, interfaces, addresses, clock, schedule },
        ...{ random, log, changed, show: trouble },
      });
      return { by: 'asking', since, keys: identity, isHome, search, tag };
    };
    // Why nothing came of it is shown as a trouble.
    this.#begin(begin, keys).catch(() => undefined);
    return false;
  }

  /**
   * The person compared the digits.
   * @throws CorridorError `not-compared` where there are none
   */
  answer(isSame: boolean): void {
    const attempt = this.#attempt;
    if (attempt?.by !== 'asking') throw notCompared();
    attempt.search.answer(isSame);
  }

  /** The person does not want to join any more. */
  async cancel(): Promise<void> {
    const { profile, session, trouble } = this.#parts;
    await this.stop();
    await profile.note({ joiningLink: null });
    trouble(undefined);
    session.events.emit('changed', undefined);
  }

  /** Goes on looking after a restart in between. */
  async resume(): Promise<void> {
    const { profile } = this.#parts;
    const { joiningLink, extension } = profile.settings;
    if (joiningLink === null) return;
    try {
      const link = readJoinLink(joiningLink);
      // It was let in, and ended before it had noted that.
      if (this.#isIn(link)) void profile.note({ joiningLink: null });
      else this.#look(link, extension ?? undefined, await this.#keysToJoin()).catch(() => undefined);
    } catch {
      void profile.note({ joiningLink: null });
    }
  }

  /** Looks no more. */
  async stop(): Promise<void> {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    await attempt?.search.stop();
  }

  #look(link: JoinLink, extension: string | undefined, keys: NodeKeys): Promise<void> {
    const { network, interfaces, addresses, ports, trouble, log } = this.#parts;
    const { clock, schedule } = ports;
    const since = clock.now();
    const isHome = this.#parts.session.office?.ledger.id === link.office;
    const begin = (identity: NodeKeys): Attempt => {
      const search = new JoinByLink({
        ...{ identity, link, extension, network, interfaces, addresses, clock, schedule, log },
        show: trouble,
      });
      return { by: 'link', since, keys: identity, isHome, search };
    };
    return this.#begin(begin, keys);
  }

  /** Resolves when the node is in. */
  #begin(begin: (keys: NodeKeys) => Attempt, keys: NodeKeys): Promise<void> {
    const attempt = begin(keys);
    this.#attempt = attempt;
    attempt.search.start();
    this.#parts.session.events.emit('changed', undefined);
    return attempt.search.joined.then(
      (joined) => (this.#isCurrent(attempt) ? this.#enter(joined, attempt) : undefined),
      async (error: unknown) => {
        const next = await this.#keysAfter(attempt, error);
        return next ? this.#begin(begin, next) : this.#refused(attempt, error);
      },
    );
  }

  /** An office that this node was in before may have removed its keys meanwhile: it tries the next keys then. */
  async #keysAfter(attempt: Attempt, error: unknown): Promise<NodeKeys | undefined> {
    const { identity } = this.#parts;
    if (!isOfRemovedKeys(error) || attempt.keys.nodeId !== identity.nodeId) return undefined;
    await attempt.search.stop();
    const next = await identity.successor().catch(() => undefined);
    return this.#isCurrent(attempt) ? next : undefined;
  }

  #isIn({ office }: JoinLink): boolean {
    const ledger = this.#parts.session.office?.ledger;
    return ledger?.id === office && ledger.self !== undefined;
  }

  #isCurrent(attempt: unknown): boolean {
    return this.#attempt === attempt;
  }

  /** The removal was taken back while this node tried to come in with new keys: it is in, and keeps its former keys. */
  #lookWhetherBack(): void {
    if (this.#entering !== undefined) return;
    if (this.#attempt?.isHome && this.#parts.session.office?.ledger.self) void this.cancel();
  }

  /** Where the office that this node was in has removed it, the node goes on with other keys: removed keys stay removed. */
  async #keysToJoin(): Promise<NodeKeys> {
    const { identity, session } = this.#parts;
    const isOut = session.office?.ledger.removalOf(identity.nodeId) !== undefined;
    return isOut ? identity.successor() : identity;
  }

  /** The office has let these keys in. The node is in no office at this moment, so nobody knows it by the keys of before. */
  async #become(keys: NodeKeys): Promise<void> {
    const { identity } = this.#parts;
    if (keys.nodeId !== identity.nodeId) await identity.succeed();
  }

  /** A caller that waits for the end of joining finds this node in the office then. */
  async #enter(joined: Joined, attempt: Attempt): Promise<void> {
    const { session, profile, trouble } = this.#parts;
    this.#entering = joined.ledger.office;
    try {
      await attempt.search.stop();
      await this.#become(attempt.keys);
      await session.enter(await this.#officeOf(joined));
      trouble(undefined);
      await profile.note({ joiningLink: null });
    } finally {
      this.#entering = undefined;
      if (this.#isCurrent(attempt)) this.#attempt = undefined;
      session.events.emit('changed', undefined);
    }
  }

  /** Where it is the office that this node was in, its ledger is open already: two would write one file. */
  async #officeOf({ ledger, invitation }: Joined): Promise<Office> {
    const { keeper, session, identity } = this.#parts;
    const { office } = session;
    if (office?.ledger.id !== ledger.office) return keeper.begin(ledger, invitation);
    await office.ledger.enter(ledger.statements);
    if (invitation) await office.invitations.take([invitation], identity.nodeId);
    return office;
  }

  async #refused(attempt: unknown, error: unknown): Promise<never> {
    const { profile, session, trouble } = this.#parts;
    if (this.#isCurrent(attempt)) {
      // This comes before it shows that it looks no more: a person who waits for that reads why.
      if (error instanceof CorridorError) trouble(textOfError(error));
      await this.stop();
      await profile.note({ joiningLink: null });
      session.events.emit('changed', undefined);
    }
    throw error;
  }
}
