import { basename } from 'node:path';
import type { Fragment, Manifest, MessageId, NodeId, Receipt, ReceiptState } from '../../main/model/index.ts';
import { faults } from '../../main/model/index.ts';
import { copiesOf, hasPassed, SAFE_COPIES } from '../../main/messages/copies.ts';
import { MessageStore, type StoredMessage } from '../../main/store/index.ts';
import { messageNamed } from '../../main/store/file-names.ts';
import type { ControlMessage } from '../../main/signalling/index.ts';
import type { SimulatedDisk } from '../support/simulated-disk.ts';
import type { Computer, Running } from './computer.ts';
import type { Host } from './network.ts';
import { FOLDER } from './office-files.ts';

const RANK: Readonly<Record<ReceiptState, number>> = { lost: 0, stored: 1, received: 2, heard: 3 };

/** A message as its talker's microphone gave it. */
interface Spoken {
  readonly id: MessageId;
  readonly talker: number;
  readonly fragments: Fragment[];
  /** How many there were when the talk ended in good order. */
  count?: number;
}

/** What a computer has told others of one message: that it has all of it, and that it was heard there. */
interface Promised {
  readonly isWhole: boolean;
  readonly isHeard: boolean;
}

/**
 * What must hold in an office, whatever happens to it: at each moment, after each start, and once all is quiet. A breach is reported as a
 * sentence.
 */
export class Oracle {
  readonly broken: string[] = [];
  readonly spoken = new Map<MessageId, Spoken>();
  /** What somebody deleted: by computer and message; and whether they were told that it is deleted. */
  readonly deleted = new Map<string, { told: boolean; isRestored?: boolean }>();
  /** Computers whose disk refused something, which then may not have what was said; and those whose disk was damaged. */
  readonly refused = new Set<number>();
  readonly rotten = new Set<number>();
  /** Messages of which a copy was damaged so. */
  readonly spoiled = new Set<MessageId>();
  /** Messages that were on fewer computers than is safe when one of these burned down. */
  readonly exposed = new Set<MessageId>();
  readonly counts = { messages: 0, receipts: 0, proofs: 0, switches: 0, restarts: 0 };
  readonly #promised = new Map<number, Map<MessageId, Promised>>();
  /** What has to be there after the next start. */
  readonly #owed = new Map<number, { readonly whole: Set<MessageId>; readonly heard: Set<MessageId> }>();
  readonly #manifests = new Map<MessageId, string>();
  readonly #headers = new Map<MessageId, string>();
  readonly #claims = new Map<number, NodeId>();
  /** The most that a talker's computer showed of a message at a recipient. */
  readonly #shown = new Map<string, { readonly talker: number; readonly rank: number }>();
  readonly #computers: () => readonly Computer[];
  readonly #random: () => number;
  readonly #log: (line: string) => void;
  readonly #faultsBefore = faults.total;
  /** Checks that go on. */
  readonly checking = new Set<Promise<void>>();

  constructor(computers: () => readonly Computer[], random: () => number, log: (line: string) => void) {
    this.#computers = computers;
    this.#random = random;
    this.#log = log;
  }

  break(what: string): void {
    this.#log(`BROKEN: ${what}`);
    this.broken.push(what);
  }

  // ---- while it runs

  /** A node has its rooms: it still knows what it promised before, and is watched from now on. */
  watch(computer: Computer, running: Running): void {
    const { index } = computer;
    const { messages, session, folder, worker, life } = running;
    this.counts.restarts += 1;
    this.#afterStart(computer, running);
    const isOn = (): boolean => !life.isOver;
    const notified = new Set<MessageId>();
    const completed = new Set<MessageId>();
    const removed = new Set<MessageId>();
    const shown = new Map<string, number>();
    worker.on('talk-fragments', ({ id, fragments }) => {
      if (isOn()) this.#spokenBy(index, id as MessageId).fragments.push(...fragments);
    });
    worker.on('talk-ended', ({ id, count }) => {
      if (isOn()) this.#spokenBy(index, id as MessageId).count = count;
    });
    folder.store.on('complete', (id) => {
      if (!isOn()) return;
      if (completed.has(id) && !this.rotten.has(index)) this.break(`${id} came twice at ${index}`);
      // What its person deleted is kept, sealed, where this computer is the switch or the standby and somebody else has yet to get it.
      if (removed.has(id) && folder.store.get(id)?.roles.mine) this.break(`${id} is back at ${index}`);
      completed.add(id);
      this.#log(`${index} has all of ${id}`);
    });
    folder.store.on('damaged', (id) => completed.delete(id));
    folder.store.on('changed', (id) => {
      if (folder.store.get(id)) return;
      completed.delete(id);
      removed.add(id);
    });
    messages.events.on('notification', ({ id }) => {
      if (!isOn()) return;
      if (notified.has(id)) this.break(`the person of ${index} was notified twice of ${id}`);
      notified.add(id);
      this.#log(`${index} is notified of ${id}`);
    });
    messages.events.on('receipt', (receipt) => {
      if (isOn()) this.#told(index, { running, shown }, receipt);
    });
    session.events.on('switch', () => {
      const { role } = session;
      if (!isOn() || !role) return;
      this.#log(`${index} is ${role.role} in term ${role.term}`);
      if (role.role !== 'switch' || computer.node === undefined) return;
      const other = this.#claims.get(role.term);
      if (other === undefined) this.counts.switches += 1;
      if (other !== undefined && other !== computer.node) this.break(`two switches in term ${role.term}`);
      this.#claims.set(role.term, computer.node);
    });
  }

  /** A frame goes out. */
  frame(host: Host, frame: ControlMessage): void {
    if (frame.type === 'manifest') this.#one(this.#manifests, frame.manifest.payload, 'manifests', host);
    if (frame.type === 'announce') this.#one(this.#headers, frame.header.payload, 'headers', host);
    if (frame.type !== 'receipt') return;
    const receipt = JSON.parse(frame.receipt.payload) as Receipt;
    const { id, node, state } = receipt;
    if (node !== host.node) return;
    const promised = this.#promised.get(host.index) ?? new Map<MessageId, Promised>();
    this.#promised.set(host.index, promised);
    this.counts.receipts += 1;
    const before = promised.get(id);
    if (state === 'lost') {
      promised.set(id, { isWhole: false, isHeard: before?.isHeard === true });
      return;
    }
    const computer = this.#computers()[host.index];
    // What its person deleted since need not be there any more: its talker learns that it was.
    if (!computer || computer.running?.folder.store.wasDeleted(id)) return;
    // A node that played it live may have gaps in it, and fetches them afterwards.
    const isWhole = state !== 'heard' || computer.running?.folder.store.get(id)?.state === 'complete';
    const now: Promised = {
      isWhole: isWhole || before?.isWhole === true,
      isHeard: state === 'heard' || before?.isHeard === true,
    };
    if (before?.isWhole === now.isWhole && before.isHeard === now.isHeard) return;
    promised.set(id, now);
    this.#log(`${host.index} says ${state} of ${id}${isWhole ? '' : ', and has not all of it'}`);
    if (this.#random() < PROBED) this.#probe(computer, id, now);
  }

  /** A computer dies now, or is switched off: what it has to know at its next start. */
  dies(computer: Computer): void {
    const { index, running } = computer;
    if (!running || this.rotten.has(index)) return;
    const whole = new Set<MessageId>();
    const heard = new Set<MessageId>();
    for (const [id, { isWhole, isHeard }] of this.#promised.get(index) ?? []) {
      // What was deleted since need not be there.
      const entry = running.folder.store.get(id);
      if (entry?.state === 'complete' && isWhole) whole.add(id);
      if (entry && isHeard) heard.add(id);
    }
    this.#owed.set(index, { whole, heard });
  }

  /** A byte of one of its files turns. */
  rots({ index }: Computer, path: string): void {
    this.rotten.add(index);
    const id = messageNamed(basename(path));
    if (id !== undefined) this.spoiled.add(id);
  }

  /** It burns down. Of a message that its talker's node showed on two computers nothing may be lost by that. */
  burns(computer: Computer): void {
    for (const { running } of this.#computers()) {
      for (const message of running?.folder.store.list() ?? []) {
        const talker = this.#computers().find(({ node }) => node === message.header.facts.talker);
        const own = talker?.running?.folder.store.get(message.id);
        const isTalkerLost = talker === computer || talker?.isLost === true || talker?.running === undefined;
        const shown = own && talker?.running ? copiesOf(own, talker.running.session.peers).length : 0;
        if (isTalkerLost && shown < SAFE_COPIES) this.exposed.add(message.id);
      }
    }
    for (const id of this.spoken.keys()) {
      const isKnown = this.#computers().some((one) => one !== computer && one.running?.folder.store.get(id));
      if (!isKnown) this.exposed.add(id);
    }
  }

  #spokenBy(talker: number, id: MessageId): Spoken {
    const known = this.spoken.get(id);
    if (known) return known;
    const spoken: Spoken = { id, talker, fragments: [] };
    this.spoken.set(id, spoken);
    this.counts.messages += 1;
    return spoken;
  }

  /** Of each message there is one header and one end, whoever passes it on. */
  #one(known: Map<MessageId, string>, payload: string, what: string, { index }: Host): void {
    const { id, talker } = JSON.parse(payload) as Manifest;
    const before = known.get(id);
    known.set(id, payload);
    const from = this.#computers().find(({ node }) => node === talker)?.index ?? -1;
    if (before !== undefined && before !== payload && !this.refused.has(from))
      this.break(`${index} sends another of two ${what} of ${id}`);
  }

  /** A receipt is new at a node: what it shows of the message only rises, until it starts again. */
  #told(
    index: number,
    { running, shown }: { readonly running: Running; readonly shown: Map<string, number> },
    { id, node }: Receipt,
  ): void {
    const message = running.folder.store.get(id);
    const state = message?.receipts.find(({ facts }) => facts.node === node)?.facts.state;
    if (message?.roles.mine !== 'talker' || !state) return;
    const key = `${index} ${id} ${node}`;
    const rank = RANK[state];
    if (rank < (shown.get(key) ?? 0)) this.break(`${index} shows less of ${id} at ${node} than before`);
    shown.set(key, rank);
    this.#shown.set(key, { talker: index, rank: Math.max(rank, this.#shown.get(key)?.rank ?? 0) });
    this.#log(`${index} knows ${state} of ${id} at ${node.slice(0, 4)}`);
  }

  // ---- what is on the disk

  /** What it just said must be on its disk already, should the power fail at this moment. */
  #probe({ index, disk }: Computer, id: MessageId, promised: Promised): void {
    this.counts.proofs += 1;
    const check = this.#lookAt(disk.afterPowerFailure('lost'), index, id, promised).catch((error: unknown) =>
      this.break(`what ${index} would have after a power failure cannot be opened: ${String(error)}`),
    );
    this.checking.add(check);
    void check.finally(() => this.checking.delete(check));
  }

  async #lookAt(
    left: SimulatedDisk,
    index: number,
    id: MessageId,
    { isWhole, isHeard }: Promised,
  ): Promise<void> {
    const { node } = this.#computers()[index] ?? {};
    const ports = {
      ...{ disk: left, clock: { now: () => 0, monotonic: () => 0 }, schedule: () => () => undefined },
      random: { bytes: (count: number) => Buffer.alloc(count), fraction: () => 0.5 },
    };
    const store = await MessageStore.open(`${FOLDER}/store`, { ports, log: () => undefined });
    const entry = store.get(id);
    if (isWhole && entry?.state !== 'complete')
      this.break(`${index} said that it has all of ${id} before its disk had it`);
    const isNoted = entry?.receipts.some(({ facts }) => facts.node === node && facts.state === 'heard');
    if (isHeard && !isNoted && !this.refused.has(index))
      this.break(`${index} said that it heard ${id} before its disk knew it`);
  }

  #afterStart({ index, node }: Computer, { folder: { store } }: Running): void {
    // A byte may have turned while it was off.
    const owed = this.rotten.has(index) ? undefined : this.#owed.get(index);
    this.#owed.delete(index);
    for (const id of new Set([...(owed?.whole ?? []), ...(owed?.heard ?? [])])) {
      const entry = store.get(id);
      const isGone = !entry && (store.wasDeleted(id) || this.#isGoing(index, id));
      if (isGone) continue;
      if (owed?.whole.has(id) && entry?.state !== 'complete')
        this.break(`${index} has not all of ${id} any more, of which it said so before it died`);
      const isNoted = entry?.receipts.some(({ facts }) => facts.node === node && facts.state === 'heard');
      if (owed?.heard.has(id) && !isNoted && !this.refused.has(index))
        this.break(`${index} does not know any more that it heard ${id}`);
    }
    for (const [key, { told, isRestored }] of this.deleted) {
      const [at, id] = key.split(' ') as [string, MessageId];
      if (Number(at) !== index || !told || isRestored || this.rotten.has(index)) continue;
      if (store.shown().some((one) => one.id === id))
        this.break(`${id} is back at ${index}, where it was deleted`);
    }
  }

  #isGoing(index: number, id: MessageId): boolean {
    return this.deleted.has(`${index} ${id}`);
  }

  // ---- once all is quiet

  /** What is not alike yet, or not there yet; nothing: the office has come to rest. */
  unsettled(): string[] {
    const left: string[] = [];
    const computers = this.#computers().filter(({ isLost }) => !isLost);
    const [first] = computers;
    const views = computers.map((computer) => viewOf(computer, computers));
    for (const [at, view] of views.entries())
      if (view !== views[0])
        left.push(`${computers[at]?.index} shows ${view}, ${first?.index} shows ${views[0]}`);
    if (views[0]?.includes('nothing')) left.push(`${first?.index} shows ${views[0]}`);
    for (const id of this.#expected(computers)) left.push(...this.#lacking(id, computers));
    for (const [key, { talker, rank }] of this.#shown) left.push(...this.#fallen(key, talker, rank));
    for (const computer of computers) left.push(...this.#unsafe(computer, computers));
    for (const computer of computers) left.push(...this.#untold(computer, computers));
    return left;
  }

  /** Every message of which somebody has a header. */
  #expected(computers: readonly Computer[]): Set<MessageId> {
    const ids = computers.flatMap(({ running }) => running?.folder.store.list().map(({ id }) => id) ?? []);
    return new Set(ids);
  }

  #lacking(id: MessageId, computers: readonly Computer[]): string[] {
    if (this.exposed.has(id)) return [];
    const entries = computers.map((computer) => ({
      computer,
      entry: computer.running?.folder.store.get(id),
    }));
    const facts = entries.find(({ entry }) => entry)?.entry?.header.facts;
    if (!facts) return [];
    const talker = computers.find(({ node }) => node === facts.talker);
    const isEnded = entries.some(({ entry }) => entry?.manifest);
    // Its talker's disk lost the header: nothing is left there that could be ended.
    if (!isEnded && talker?.running?.folder.store.get(id)?.roles.mine !== 'talker') return [];
    // It was said while its talker's disk took nothing, or a byte of it turned, and nobody who is left had all of it.
    const isGone = this.spoiled.has(id) || (talker && this.refused.has(talker.index));
    if (isGone && !entries.some(({ entry }) => entry?.state === 'complete')) return [];
    const left: string[] = [];
    for (const { computer, entry } of entries) {
      const isRecipient = computer.node !== undefined && facts.recipients.includes(computer.node);
      const isDeleted = this.#isGoing(computer.index, id) || computer.running?.folder.store.wasDeleted(id);
      // It said that it heard it while its disk took nothing, and died: nobody tells it of that message any more.
      const isLetGo = !entry && this.refused.has(computer.index) && this.#heardAt(id, computer);
      if (isRecipient && entry?.state !== 'complete' && !isDeleted && !isLetGo)
        left.push(
          `${computer.index} has not all of ${id}, which ${talker?.index} said to it: ${entries.map(toldOf).join('; ')}`,
        );
    }
    return left;
  }

  /** What a recipient said of a message has come to its talker, whatever has become of the message at the recipient. */
  #untold(recipient: Computer, computers: readonly Computer[]): string[] {
    const { index, node } = recipient;
    if (node === undefined || this.rotten.has(index) || this.refused.has(index)) return [];
    const left: string[] = [];
    for (const [id, { isHeard }] of this.#promised.get(index) ?? []) {
      const shown = computers.flatMap(({ running }) => running?.folder.store.get(id) ?? []);
      const own = shown.find(({ roles }) => roles.mine === 'talker');
      if (!isHeard || !own?.header.facts.recipients.includes(node)) continue;
      const talker = computers.find((one) => one.running?.folder.store.get(id)?.roles.mine === 'talker');
      if (!own.receipts.some(({ facts }) => facts.node === node && facts.state === 'heard'))
        left.push(`${talker?.index} does not show that ${index} heard ${id}`);
    }
    return left;
  }

  #heardAt(id: MessageId, { index }: Computer): boolean {
    return this.#promised.get(index)?.get(id)?.isHeard === true;
  }

  #fallen(key: string, talker: number, rank: number): string[] {
    const [, id, node] = key.split(' ') as [string, MessageId, NodeId];
    const message = this.#computers()[talker]?.running?.folder.store.get(id);
    const state = message?.receipts.find(({ facts }) => facts.node === node)?.facts.state;
    const isThere = this.#computers().some(
      (one) => one.node === node && !one.isLost && !this.rotten.has(one.index),
    );
    // A message that its talker deleted may be back, kept for somebody else: it is not shown.
    if (message?.roles.mine !== 'talker' || !isThere || (state && RANK[state] >= rank)) return [];
    // A node that keeps it for others is shown as one of some copies. If the talker's disk lost that, it counts them again, while somebody waits.
    if (!message.header.facts.recipients.includes(node)) return [];
    return [`${talker} showed more of ${id} at ${node} once: ${state}`];
  }

  /** A message that somebody has yet to get is on two other computers, as its talker's node shows. A person who deleted it need not keep it. */
  #unsafe({ index, node, running }: Computer, computers: readonly Computer[]): string[] {
    if (!running) return [];
    const { folder, session } = running;
    const isDeleted = (id: MessageId, one: Computer): boolean =>
      this.#isGoing(one.index, id) || one.running?.folder.store.wasDeleted(id) === true;
    return folder.store
      .outbox((one) => session.peers.isRemoved(one))
      .filter(({ header, state }) => state === 'complete' && header.facts.talker === node)
      .filter((message) => !hasPassed(message))
      .flatMap((message) => {
        const { id } = message;
        const keepers = computers.filter((one) => one.index !== index && !isDeleted(id, one));
        const copies = copiesOf(message, session.peers).length;
        return copies < Math.min(SAFE_COPIES, keepers.length)
          ? [`${index} shows ${copies} copies of ${id}`]
          : [];
      });
  }

  /**
   * Bit by bit, and one end for all. Returns what differs. Where a disk was damaged, reading finds that, and what is missing is fetched
   * again.
   */
  async compareVoices(): Promise<string[]> {
    const found: string[] = [];
    for (const computer of this.#computers()) {
      const { index, running, isLost } = computer;
      if (!running || isLost) continue;
      for (const message of running.folder.store.list()) {
        const wrong = await this.#compareVoice(running, message);
        if (wrong && this.rotten.has(index)) found.push(`${index} ${wrong}`);
        else if (wrong) this.break(`${index} ${wrong}`);
      }
    }
    return found;
  }

  async #compareVoice(
    { folder }: Running,
    { id, state, manifest }: StoredMessage,
  ): Promise<string | undefined> {
    const spoken = this.spoken.get(id);
    if (state !== 'complete' || !manifest || !spoken) return undefined;
    const { count } = manifest.facts;
    const known = this.#manifests.get(id) ?? manifest.signed.payload;
    this.#manifests.set(id, known);
    if (known !== manifest.signed.payload && !this.refused.has(spoken.talker))
      return `has another end of ${id}`;
    if (count > (spoken.count ?? spoken.fragments.length)) return `keeps more of ${id} than was said`;
    const kept = await folder.store.read(id, 0, count);
    const isAlike = kept.every(({ n, bytes }) => {
      const said = spoken.fragments[n];
      return said !== undefined && Buffer.compare(said.bytes, bytes) === 0;
    });
    return kept.length === count && isAlike ? undefined : `keeps another voice of ${id} than was said`;
  }

  /** No handler may fail, whatever comes. */
  noFaults(): void {
    const count = faults.total - this.#faultsBefore;
    if (count > 0) this.break(`${count} handlers failed`);
  }
}

/** Of the receipts that go out, this share is compared with the disk at once. */
const PROBED = 0.2;

/** What a computer has of a message, in few words. */
function toldOf({ computer, entry }: { computer: Computer; entry: StoredMessage | undefined }): string {
  if (!entry) return `${computer.index} has nothing`;
  const { held, manifest, roles, local } = entry;
  const role = `${roles.mine ?? ''}${roles.keeps ? ' keeps' : ''}${local.deletedAt === undefined ? '' : ' hidden'}`;
  return `${computer.index} (${role.trim()}) has ${held} of ${manifest?.facts.count ?? '?'}`;
}

/** What a node shows of its office: who is there, who is the switch, the members, their numbers, the groups. */
function viewOf({ running }: Computer, all: readonly Computer[]): string {
  const office = running?.session.office;
  if (!running || !office) return 'nothing';
  const { session } = running;
  const online = all.filter(({ node }) => node !== undefined && session.roster.directory.isOnline(node));
  const records = all.map(({ node }) =>
    node === undefined ? '' : session.roster.directory.get(node)?.revision,
  );
  const numbers = [...office.ledger.standing.extensions].map(
    ([number, node]) => `${number} ${node.slice(0, 4)}`,
  );
  const groups = [...office.ledger.groups.values()].map(
    ({ name, extension, people }) => `${name} ${extension} ${people.length}`,
  );
  const place = all.findIndex(({ node }) => node === session.role?.switch);
  return [
    `switch ${place < 0 || !session.isLinked ? 'nothing' : place}`,
    `online ${online.map(({ index }) => index).join()}${online.length < all.length ? ' (nothing of the others)' : ''}`,
    `records ${records.join()}`,
    `ledger ${office.ledger.standing.digest.slice(0, 6)}`,
    `numbers ${numbers.sort().join()}`,
    `groups ${groups.sort().join()}`,
  ].join('; ');
}
