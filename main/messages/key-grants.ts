import { signKeyGrant, verifyKeyGrant, wrapMessageKey, type Identity } from '../identity/index.ts';
import {
  fromBase64url,
  isPassing,
  MAX_HISTORY,
  MAX_HISTORY_IN_FRAME,
  type Header,
  type KeyGrant,
  type MessageId,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { keyOf } from './message-key.ts';
import { isOwnOther } from './own-others.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import { waitsForSuccessor } from './succession.ts';

/** Questions about members, for checking grants. */
type GrantOffice = Pick<OfficePort, 'isMember' | 'personOf' | 'formerNodesOf' | 'signingKeyOf'>;

/** A computer that asks for older messages: its person, and that person's removed computers. */
interface Asker {
  readonly node: NodeId;
  readonly person: NodeId;
  readonly former: ReadonlySet<NodeId>;
}

/** Undefined: the node is no member's computer. */
export function askerOf(node: NodeId, office: Omit<GrantOffice, 'signingKeyOf'>): Asker | undefined {
  const person = office.isMember(node) ? office.personOf(node) : undefined;
  return person === undefined ? undefined : { node, person, former: new Set(office.formerNodesOf(person)) };
}

/** Whether it is a further computer of somebody whom the message is for: one that its header has no key for. */
export function isForPersonOf(
  { node, person, former }: Asker,
  { recipients }: Pick<Header, 'recipients'>,
  office: Pick<GrantOffice, 'personOf'>,
): boolean {
  if (recipients.includes(node)) return false;
  return recipients.some((one) => former.has(one) || office.personOf(one) === person);
}

/** Whether that person has heard it at one of their computers, as far as receipts tell here. */
function isHeardBy({ person, former }: Asker, { receipts }: StoredMessage, office: GrantOffice): boolean {
  return receipts.some(
    ({ facts }) =>
      facts.state === 'heard' && (former.has(facts.node) || office.personOf(facts.node) === person),
  );
}

/**
 * The grant, if it is for this message and this computer, and its signer may give it: the talker's computer, or another computer of
 * the same person. A removed computer can neither give nor get a grant.
 */
export function grantIn(
  signed: Signed,
  header: Pick<Header, 'id' | 'talker' | 'recipients'>,
  node: NodeId,
  granter: NodeId,
  office: GrantOffice,
): KeyGrant | undefined {
  const mayGrant = granter === header.talker || office.personOf(granter) === office.personOf(node);
  const asker = askerOf(node, office);
  if (!mayGrant || !office.isMember(granter) || !asker || !isForPersonOf(asker, header, office))
    return undefined;
  const key = office.signingKeyOf(granter);
  const grant = key === undefined ? undefined : verifyKeyGrant(signed, fromBase64url(key));
  return grant?.id === header.id && grant.by === granter && grant.key.node === node ? grant : undefined;
}

interface KeyGrantsParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly log: (line: string) => void;
  readonly nextTurn: () => Promise<void>;
}

/**
 * Serves a further computer of a person with older messages: it lists them, gives each as it is kept here, and wraps its key anew
 * where this node may grant it. Computers of other people get empty answers.
 */
export class KeyGrants {
  readonly #parts: KeyGrantsParts;
  /** The last grant that is being made. They are made one after the other, so that they do not delay live voices. */
  #last: Promise<void> = Promise.resolve();

  constructor(parts: KeyGrantsParts) {
    this.#parts = parts;
  }

  /** Sends the list of messages: the unheard ones first, then the others, each newest first. */
  history(link: PeerLink): void {
    const asker = askerOf(link.peer, this.#parts.office);
    const ids = asker ? this.#offered(asker).slice(0, MAX_HISTORY) : [];
    let at = 0;
    do {
      const part = ids.slice(at, (at += MAX_HISTORY_IN_FRAME));
      link.send({ type: 'history', ids: part, more: at < ids.length });
    } while (at < ids.length);
  }

  #offered(asker: Asker): readonly MessageId[] {
    const [heard, unheard]: [MessageId[], MessageId[]] = [[], []];
    for (const message of [...this.#parts.archive.read.list()].reverse())
      if (this.#mayHave(asker, message)) (this.#isHeard(asker, message) ? heard : unheard).push(message.id);
    return [...unheard, ...heard];
  }

  older({ id }: ControlMessageOf<'older-wanted'>, link: PeerLink): void {
    this.#last = this.#last
      .then(() => this.#parts.nextTurn())
      .then(() => this.#answer(id, link))
      .catch((error: unknown) =>
        this.#parts.log(`Message ${id} was not granted to ${link.peer}: ${String(error)}`),
      );
  }

  async #answer(id: MessageId, link: PeerLink): Promise<void> {
    const { archive, office } = this.#parts;
    const message = archive.read.get(id);
    const asker = askerOf(link.peer, office);
    if (!asker || !message?.manifest || !this.#mayHave(asker, message)) {
      link.send({ type: 'older', id });
      return;
    }
    const grant = await this.#grantTo(asker, message);
    const [header, manifest] = [message.header.signed, message.manifest.signed];
    link.send({ type: 'older', id, found: { header, manifest, ...(grant && { grant }) } });
  }

  /** Whether the asker may have a message. It may also have one that this node cannot open, and then asks other nodes for its key. */
  #mayHave(asker: Asker, message: StoredMessage): boolean {
    const { office } = this.#parts;
    const { header, state, local, roles } = message;
    if (state !== 'complete' || local.deletedAt !== undefined || isPassing(header.facts)) return false;
    if (!isForPersonOf(asker, header.facts, office) || local.passedOn?.includes(asker.person)) return false;
    // A mere recipient of another person neither grants the key nor keeps the message for others.
    if (roles.mine === 'recipient' && !roles.keeps && !isOwnOther(office, asker.node)) return false;
    // Succession seals it anew for the computer that replaced a removed one.
    return !waitsForSuccessor(message, asker.person, asker.former, office);
  }

  async #grantTo(asker: Asker, message: StoredMessage): Promise<Signed | undefined> {
    const { identity, archive, office } = this.#parts;
    const { node, person } = asker;
    const { id, header, local, roles } = message;
    const isOwn = roles.mine === 'recipient' && isOwnOther(office, node) && !local.sealed;
    if (header.facts.talker !== identity.nodeId && !isOwn) return undefined;
    const known = local.grants?.find((one) => one.node === node)?.grant;
    if (known && grantIn(known, header.facts, node, identity.nodeId, office)) return known;
    const record = office.knownNodesOf(person).find((one) => one.node === node);
    if (!record) return undefined;
    const { masterKey, masterSalt } = await keyOf(identity, message);
    const key = await wrapMessageKey(Buffer.concat([masterKey, masterSalt]), {
      ...{ id, talker: header.facts.talker, recipient: node },
      recipientHpkeKey: fromBase64url(record.hpkeKey),
    });
    const grant = signKeyGrant(identity, {
      ...{ v: 1, id, by: identity.nodeId, key },
      ...(this.#isHeard(asker, message) ? { heard: true } : {}),
    });
    // It may have been deleted meanwhile.
    if (archive.read.get(id)) archive.keepGrant(id, node, grant);
    return grant;
  }

  #isHeard(asker: Asker, message: StoredMessage): boolean {
    const { office } = this.#parts;
    if (message.roles.mine !== 'recipient' || !isOwnOther(office, asker.node))
      return isHeardBy(asker, message, office);
    return message.local.heard !== undefined;
  }
}
