import { createECDH, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { nodeIdOf, signStatement, toBase64url, type NodeId, type Signed } from '../../model/index.ts';
import { signCard, signCharter } from './author.ts';
import { Ledger } from './ledger.ts';
import { secretKey, type SecretKey } from './secret-key.ts';
import { statementIdOf, type PersonId, type StatementId } from './statement.ts';

/** A signer: a computer with its two keys. */
export interface Signer {
  readonly nodeId: NodeId;
  readonly signingKeySpki: Uint8Array;
  readonly hpkePublicKey: Uint8Array;
  readonly privateKey: KeyObject;
  readonly card: Signed;
  sign(statement: unknown): Signed;
}

const made: Signer[] = [];

/** The computer with this number: the same one in all tests of a file, since making keys takes time. */
export function computer(number: number): Signer {
  return (made[number] ??= newComputer());
}

function newComputer(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const ecdh = createECDH('prime256v1');
  const signingKeySpki = publicKey.export({ type: 'spki', format: 'der' });
  const keys = {
    nodeId: nodeIdOf(signingKeySpki),
    signingKeySpki,
    hpkePublicKey: ecdh.generateKeys(),
    privateKey,
    sign: (statement: unknown) => signStatement(statement, privateKey),
  };
  return { ...keys, card: signCard(keys) };
}

/** A statement together with its id. */
export interface SignedStatement extends Signed {
  readonly id: StatementId;
}

export type Seen = readonly { readonly id: StatementId }[];

/** Builds statements of an office; the test gives what each author had seen. It does not check whether statements count. */
export class Office {
  readonly founder: Signer;
  readonly code: SecretKey;
  readonly charter: SignedStatement;
  readonly #charterLedger: Ledger;

  constructor({
    founder = computer(0),
    admit = 'members',
  }: { founder?: Signer; admit?: 'members' | 'admins' } = {}) {
    this.founder = founder;
    this.code = secretKey(randomBytes(16), undefined, 'recovery');
    this.charter = said(signCharter(founder, { name: 'Nord', admit, recovery: this.code.publicKey }));
    this.#charterLedger = new Ledger(this.charter);
  }

  get id(): string {
    return this.#charterLedger.office;
  }

  say(by: Pick<Signer, 'nodeId' | 'sign'>, after: Seen, type: string, fields: object = {}): SignedStatement {
    const common = { v: 1, type, by: by.nodeId, office: this.id, after: after.map(({ id }) => id) };
    return said(by.sign({ ...common, ...fields }));
  }

  /** `person`: the first node of the person whose further computer it is. */
  admit(
    by: Signer,
    after: Seen,
    who: Signer,
    more: { person?: Signer; extension?: string } = {},
  ): SignedStatement {
    const { person = who, ...fields } = more;
    return this.say(by, after, 'admit', { card: who.card, person: person.nodeId, ...fields });
  }

  makeAdmin(by: Pick<Signer, 'nodeId' | 'sign'>, after: Seen, who: Signer): SignedStatement {
    return this.say(by, after, 'admin', { node: who.nodeId });
  }

  remove(by: Signer, after: Seen, ...who: readonly Pick<Signer, 'nodeId'>[]): SignedStatement {
    return this.say(by, after, 'remove', { nodes: who.map(({ nodeId }) => nodeId) });
  }

  restore(by: Signer, after: Seen, removal: SignedStatement): SignedStatement {
    return this.say(by, after, 'restore', { removal: removal.id });
  }

  number(
    by: Signer,
    after: Seen,
    extension: string,
    more: { person?: Signer; over?: SignedStatement } = {},
  ): SignedStatement {
    const { person = by, over } = more;
    const fields = { person: person.nodeId, extension, ...(over && { over: over.id }) };
    return this.say(by, after, 'number', fields);
  }

  vote(by: Signer, after: Seen, first: SignedStatement, over: SignedStatement): SignedStatement {
    return this.say(by, after, 'first', { first: first.id, over: over.id });
  }

  group(
    by: Signer,
    after: Seen,
    extension: string,
    more: {
      name?: string;
      people?: readonly Signer[];
      talk?: 'everybody' | 'members';
      change?: 'creator' | 'members';
    } = {},
  ): SignedStatement {
    const { name = 'Sales', people = [], talk = 'everybody', change = 'creator' } = more;
    const named = people.map(({ nodeId }) => nodeId);
    return this.say(by, after, 'group', { name, extension, talk, change, people: named });
  }

  /** A change to a group; `people` are given as computers. */
  change(
    by: Signer,
    after: Seen,
    what: string,
    group: SignedStatement,
    fields: object = {},
  ): SignedStatement {
    return this.say(by, after, `group-${what}`, { group: group.id, ...fields });
  }

  /** A ledger that holds these statements, given in any order. */
  ledger(...statements: readonly Signed[]): Ledger {
    const ledger = new Ledger(this.charter);
    for (const statement of statements) ledger.add(statement);
    return ledger;
  }
}

export function said(signed: Signed): SignedStatement {
  return { ...signed, id: statementIdOf(signed) };
}

/** Whether these computers are members, in their order. */
export function areIn(ledger: Ledger, ...who: readonly Signer[]): boolean[] {
  return who.map(({ nodeId }) => ledger.standing.members.has(nodeId));
}

export function personOf({ nodeId }: Signer): PersonId {
  return nodeId;
}

/** The parts of a standing that must be equal at all nodes with the same statements, in a comparable form. */
export function outcome({ standing }: Ledger): unknown {
  const { members, admins, removed, extensions, rights, settings, sponsored, digest, heads, contests } =
    standing;
  const { groups, groupNumbers } = standing;
  return {
    members: [...members.values()].map(({ node, person, sponsor, card }) => [
      ...[node, person, sponsor],
      toBase64url(card.hpkeKey),
    ]),
    admins: [...admins],
    removed: [...removed],
    extensions: [...extensions],
    groups: [...groups],
    groupNumbers: [...groupNumbers],
    rights: [...rights],
    settings: [...settings],
    sponsored: [...sponsored],
    contests: contests.map(({ id, against, voters }) => [id, against, [...voters]]),
    ...{ digest, heads },
  };
}
