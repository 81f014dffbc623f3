import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  loadOrCreateIdentity,
  officeKeys,
  parseJoinLink,
  signReceipt,
  type Identity,
} from '../../main/identity/index.ts';
import {
  toBase64url,
  type MessageId,
  type NodeRecord,
  type Receipt,
  type Signed,
} from '../../main/model/index.ts';
import { connectControl, type ControlLink, type ControlMessage } from '../../main/signalling/index.ts';
import type { Member } from './office.ts';

/** Of the store that it says it has. */
const STORE = 'AAAAAAAAAAA';

/** A member that is no Corridor: it has an identity, the office key and a link, and says what a test lets it say. */
export class Liar {
  readonly identity: Identity;
  readonly record: NodeRecord;
  /** Everything that was said to it. */
  readonly heard: ControlMessage[] = [];
  #link: ControlLink | undefined;

  private constructor(identity: Identity, record: NodeRecord) {
    this.identity = identity;
    this.record = record;
  }

  static async make(t: TestContext, extension: string): Promise<Liar> {
    const folder = await mkdtemp(join(tmpdir(), 'corridor-liar-'));
    const identity = await loadOrCreateIdentity(folder);
    const record: NodeRecord & { readonly store: string } = {
      ...{ v: 1, node: identity.nodeId, revision: Date.now(), claimedAt: Date.now(), presence: 'available' },
      ...{ name: `Person ${extension}`, extension, store: STORE },
      signingKey: toBase64url(identity.signingKeySpki),
      hpkeKey: toBase64url(identity.hpkePublicKey),
      endpoints: { address: '127.0.0.1', control: 9, beat: 9, media: 9 },
    };
    const liar = new Liar(identity, record);
    t.after(async () => {
      liar.#link?.close();
      await rm(folder, { recursive: true, force: true });
    });
    return liar;
  }

  get signedRecord(): Signed {
    return this.identity.sign(this.record);
  }

  /** Links to a member as one that follows it. */
  async linkTo({ node }: Member): Promise<void> {
    const { endpoints, node: expected } = await node.call('status');
    const { link } = await node.call('joinLink');
    if (!endpoints || !expected) throw new Error('it is in no office');
    const { certificatePem, privateKeyPem } = this.identity;
    const { controlProofKey } = officeKeys(parseJoinLink(link));
    this.#link = await connectControl({
      credentials: { certificatePem, privateKeyPem, controlProofKey },
      ...{ address: endpoints.address, port: endpoints.control, expected: expected.id as Identity['nodeId'] },
      log: () => undefined,
    });
    this.#link.listen({
      onMessage: (message) => void this.heard.push(message),
      onFragments: () => undefined,
      onClose: () => undefined,
    });
    this.say({ type: 'hello', record: this.signedRecord, version: '0.1.0' });
  }

  leave(): void {
    this.#link?.close();
  }

  say(message: ControlMessage): void {
    this.#link?.send(message);
  }

  /** Says that it has a message: signed, and untrue. */
  claims(id: string, state: Receipt['state'], more: Partial<Receipt> = {}): void {
    const at = Date.now();
    const facts: Receipt = {
      ...{ v: 1, id: id as MessageId, node: this.identity.nodeId, state, at, n: at, store: STORE },
      ...more,
    };
    this.say({ type: 'receipt', receipt: signReceipt(this.identity, facts) });
  }
}
