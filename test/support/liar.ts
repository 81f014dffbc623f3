import type { TestContext } from 'node:test';
import {
  loadOrCreateIdentity,
  signCard,
  signReceipt,
  signRule,
  type Identity,
} from '../../main/identity/index.ts';
import type { MessageId, NodeId, NodeRecord, Receipt, Signed } from '../../main/model/index.ts';
import type { ControlLink, ControlMessage } from '../../main/signalling/index.ts';
import {
  CLAIMED_STORE,
  comeInByLink,
  linkAsMember,
  NO_PORT,
  recordOf,
  type ByLink,
  type Door,
} from './by-link.ts';
import type { Member } from './office.ts';
import { tempFolder } from './temp-folder.ts';

/** A member that does not run Corridor: it joined by a join link, and sends what a test tells it to. */
export class Liar {
  readonly extension: string;
  readonly record: NodeRecord;
  /** All frames that it got. */
  readonly heard: ControlMessage[] = [];
  readonly #t: TestContext;
  readonly #self: ByLink;
  #link: ControlLink | undefined;

  private constructor(t: TestContext, extension: string, self: ByLink, media: number) {
    this.#t = t;
    this.extension = extension;
    this.#self = self;
    const ports = { control: NO_PORT, beat: NO_PORT, media };
    this.record = recordOf(self.identity, extension, { address: '127.0.0.1', ...ports });
    t.after(() => this.#link?.close());
  }

  /** Joins at that member with that extension. `media`: the UDP port at which it claims to receive fragments. */
  static async make(t: TestContext, host: Member, extension: string, media = NO_PORT): Promise<Liar> {
    const { link } = await host.node.call('joinLink');
    const { endpoints } = await doorOf(host);
    const self = await comeInByLink(
      await loadOrCreateIdentity(tempFolder('liar')),
      link,
      endpoints,
      extension,
    );
    return new Liar(t, extension, self, media);
  }

  /** Adds a further computer of its person, which it admits over its link; or of the person whose first computer's keys are given. */
  async addComputer(media: number, of: Identity = this.identity): Promise<Liar> {
    const identity = await loadOrCreateIdentity(tempFolder('liar'));
    const { ledger, link, credentials } = this.#self;
    const person = of.nodeId;
    const admit = signRule(of, ledger, 'admit', { card: signCard(identity), person });
    ledger.add(admit);
    this.say({ type: 'statements', statements: [admit], more: false });
    const { certificatePem, privateKeyPem } = identity;
    const own = { ...credentials, certificatePem, privateKeyPem };
    return new Liar(this.#t, this.extension, { identity, ledger, link, credentials: own }, media);
  }

  get identity(): Identity {
    return this.#self.identity;
  }

  get signedRecord(): Signed {
    return this.identity.sign(this.record);
  }

  /** Links to a member as one that follows it. */
  async linkTo(member: Member): Promise<void> {
    const { endpoints, id } = await doorOf(member);
    this.#link = await linkAsMember(this.#self, endpoints, id, {
      onMessage: (message) => void this.heard.push(message),
    });
    this.say({ type: 'hello', record: this.signedRecord, version: '0.1.0' });
  }

  say(message: ControlMessage): void {
    this.#link?.send(message);
  }

  leave(): void {
    this.#link?.close();
  }

  /** Sends a signed and untrue receipt for a message. */
  claims(id: string, state: Receipt['state'], more: Partial<Receipt> = {}): void {
    const at = Date.now();
    const facts: Receipt = {
      ...{ v: 1, id: id as MessageId, node: this.identity.nodeId, state, at, n: at, store: CLAIMED_STORE },
      ...more,
    };
    this.say({ type: 'receipt', receipt: signReceipt(this.identity, facts) });
  }
}

async function doorOf({ node }: Member): Promise<{ readonly endpoints: Door; readonly id: NodeId }> {
  const { endpoints, node: self } = await node.call('status');
  if (!endpoints || !self) throw new Error('it is in no office');
  return { endpoints, id: self.id as NodeId };
}
