import {
  readJoinLink,
  Redeemer,
  signCard,
  statementIdOf,
  type Identity,
  type JoinLink,
  type Ledger,
  type NewcomerStep,
  type StatementId,
} from '../../main/identity/index.ts';
import {
  MAX_IDS_IN_FRAME,
  MAX_STATEMENTS_IN_FRAME,
  toBase64url,
  type Endpoints,
  type NodeId,
  type NodeRecord,
} from '../../main/model/index.ts';
import {
  connectControl,
  type ControlLink,
  type ControlMessage,
  type Credentials,
} from '../../main/signalling/index.ts';

/** The address at which a node accepts control links. */
export interface Door {
  readonly address: string;
  readonly control: number;
}

/** What a member of an office knows; a test acts for it. */
export interface ByLink {
  readonly identity: Identity;
  readonly link: JoinLink;
  readonly ledger: Ledger;
  /** For control links to other members. */
  readonly credentials: Credentials;
}

/** A port at which nobody listens, of a member that does not run Corridor. */
export const NO_PORT = 9;
/** The id of the store that such a member claims to have. */
export const CLAIMED_STORE = 'AAAAAAAAAAA';

/** The record of a member that does not run Corridor. */
export function recordOf(identity: Identity, extension: string, endpoints: Endpoints): NodeRecord {
  return {
    ...{ v: 1, node: identity.nodeId, revision: Date.now(), presence: 'available', store: CLAIMED_STORE },
    name: `Person ${extension}`,
    signingKey: toBase64url(identity.signingKeySpki),
    hpkeKey: toBase64url(identity.hpkePublicKey),
    endpoints,
  };
}

/** Joins by a join link at the node that listens there. Rejects if that node does not admit it. */
export async function comeInByLink(
  identity: Identity,
  joinLink: string,
  { address, control: port }: Door,
  extension: string,
): Promise<ByLink> {
  const link = readJoinLink(joinLink);
  const { certificatePem, privateKeyPem } = identity;
  const credentials = { certificatePem, privateKeyPem, office: link.office };
  const control = await connectControl({
    ...{ credentials, address, port, expected: 'any-member', log: () => undefined },
  });
  try {
    const ledger = await redeem(control, identity, link, extension);
    return { identity, link, ledger, credentials };
  } finally {
    control.close();
  }
}

function redeem(
  control: ControlLink,
  identity: Identity,
  link: JoinLink,
  extension: string,
): Promise<Ledger> {
  const ends = { self: identity.nodeId, peer: control.peer, extension };
  const redeemer = new Redeemer(link, signCard(identity), ends, performance.now());
  return new Promise((resolve, reject) => {
    const follow = (step: NewcomerStep): void => {
      if (step.kind === 'joined') resolve(step.joined.ledger);
      else if (step.kind !== 'wait') reject(new Error(`not let in: ${JSON.stringify(step)}`));
    };
    control.listen({
      onMessage: (message) => {
        if (message.type === 'welcome' || message.type === 'refused')
          follow(redeemer.take(message, performance.now()));
      },
      onFragments: () => undefined,
      onClose: () => reject(new Error('not let in: the link ended')),
    });
    control.send(redeemer.first);
  });
}

/** One end of the ledger sync with which a link begins: it brings both sides to the same ledger, as in a node. */
export class LedgerSyncEnd {
  /** Resolves once both ends hold the same statements; later frames are handled. */
  readonly done: Promise<void>;
  readonly #ledger: Ledger;
  readonly #send: (message: ControlMessage) => void;
  #finish!: () => void;
  readonly #ids = new Set<StatementId>();
  #isIdsSent = false;

  constructor(ledger: Ledger, send: (message: ControlMessage) => void) {
    this.#ledger = ledger;
    this.#send = send;
    this.done = new Promise((resolve) => (this.#finish = resolve));
  }

  begin(): void {
    this.#send({ type: 'ledger', digest: this.#ledger.standing.digest });
  }

  /** Handles a frame about the ledger, also one that comes later. */
  take(message: ControlMessage): void {
    if (message.type === 'ledger') {
      if (message.digest === this.#ledger.standing.digest) this.#finish();
      else this.#sendIds();
    } else if (message.type === 'have') {
      for (const id of message.ids) this.#ids.add(id);
      if (!message.more) this.#answer();
    } else if (message.type === 'statements') {
      for (const signed of message.statements) this.#ledger.add(signed);
      if (!message.more) this.#finish();
    }
  }

  #answer(): void {
    this.#sendIds();
    this.#isIdsSent = false;
    const missing = this.#ledger.statements.filter((signed) => !this.#ids.has(statementIdOf(signed)));
    this.#ids.clear();
    let from = 0;
    do {
      const statements = missing.slice(from, (from += MAX_STATEMENTS_IN_FRAME));
      this.#send({ type: 'statements', statements, more: from < missing.length });
    } while (from < missing.length);
  }

  #sendIds(): void {
    if (this.#isIdsSent) return;
    this.#isIdsSent = true;
    const { ids } = this.#ledger;
    for (let from = 0; from < ids.length; from += MAX_IDS_IN_FRAME) {
      const part = ids.slice(from, from + MAX_IDS_IN_FRAME);
      this.#send({ type: 'have', ids: part, more: from + MAX_IDS_IN_FRAME < ids.length });
    }
  }
}

/** The handlers for events of a member's link. */
export interface Hearing {
  readonly onMessage: (message: ControlMessage) => void;
  readonly onFragments?: () => void;
  readonly onClose?: (reason: string) => void;
}

/** Makes a member's link to a node. Resolves when both hold the same ledger. */
export async function linkAsMember(
  { credentials, ledger }: ByLink,
  { address, control: port }: Door,
  expected: NodeId,
  { onMessage, onFragments, onClose }: Hearing,
): Promise<ControlLink> {
  const link = await connectControl({ credentials, address, port, expected, log: () => undefined });
  const sync = new LedgerSyncEnd(ledger, (message) => link.send(message));
  const ended = new Promise<never>((_, reject) =>
    link.listen({
      onMessage: (message) => {
        sync.take(message);
        onMessage(message);
      },
      onFragments: () => onFragments?.(),
      onClose: (reason) => {
        onClose?.(reason);
        reject(new Error(`the link ended: ${reason}`));
      },
    }),
  );
  sync.begin();
  await Promise.race([sync.done, ended]);
  ended.catch(() => undefined);
  return link;
}
