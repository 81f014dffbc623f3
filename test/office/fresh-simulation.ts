import type { Audience, Beat, ElectionInput } from '../../main/election/index.ts';
import type { Call, Packet } from '../../main/identity/index.ts';
import { BEAT, Freshness, type FreshnessOutput } from '../../main/office/freshness.ts';
import type { SocketAddress } from '../../main/office/ports.ts';
import { Simulation, type Machine } from './simulation.ts';

/** How long a newcomer's record takes by link to the switch, and from there to the others, ms. */
const ROSTER_MS = 30;

/** The same office, where beats go in datagrams that are believed only when they are fresh. Seals are left out: they never fail. */
export class FreshSimulation extends Simulation {
  readonly #fresh = new Map<number, Freshness>();
  /** A packet's body is the number of its beat. */
  readonly #beats: Beat[] = [];
  readonly #joined = new Set<number>();

  override start(index: number): void {
    const machine = this.machine(index);
    const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => this.random() * 256));
    const fresh = new Freshness({
      ...{ self: machine.id, boot: 1_700_000_000_000 + this.now + machine.boots + 1 },
      random: { bytes, fraction: () => this.random() },
      isMember: () => true,
      isAlone: () => !machine.election?.health().some(({ alive }) => alive),
    });
    this.#fresh.set(index, fresh);
    this.#joined.delete(index);
    super.start(index);
    for (const other of machine.knows) this.#perform(machine, fresh.lookAt(addressOf(other), this.now));
    this.schedule(machine);
  }

  override input(index: number, input: ElectionInput): void {
    const fresh = this.#of(index);
    fresh.look(this.now, this.now);
    super.input(index, input);
    const machine = this.machine(index);
    if (!machine.election || this.#joined.has(index)) return;
    const { role } = machine.election.state();
    if (role === 'alone') return;
    this.#joined.add(index);
    if (role === 'member') this.after(ROSTER_MS, () => this.#introduce(machine));
  }

  protected override say(from: Machine, to: Audience, beat: Beat): void {
    const fresh = this.#of(from.index);
    if (beat.role === 'switch' && from.election?.state().term !== this.#claimed.get(from.index)) {
      this.#claimed.set(from.index, from.election?.state().term ?? 0);
      fresh.hurry(this.now);
    }
    const nodes =
      to === 'everyone'
        ? fresh.nodes()
        : 'address' in to
          ? [fresh.nodeAt({ address: to.address, port: to.beat }) ?? []].flat()
          : to;
    for (const node of nodes) {
      const told = this.toldTo(from, this.indexOf(node), beat);
      if (!told) continue;
      const body = Buffer.alloc(4);
      body.writeUInt32BE(this.#beats.push(told) - 1);
      this.#perform(from, fresh.send(node, BEAT, body, this.now, { isToAll: to === 'everyone' }));
    }
  }

  protected override hint(machine: Machine, index: number): void {
    const fresh = this.#of(machine.index);
    fresh.hear(this.machine(index).id, addressOf(index), this.now);
    this.#perform(machine, fresh.lookAt(addressOf(index), this.now, { isUrgent: true }));
  }

  protected override wakeAt(machine: Machine): number {
    return Math.min(super.wakeAt(machine), this.#of(machine.index).nextWakeAt());
  }

  protected override wake(machine: Machine): void {
    const fresh = this.#of(machine.index);
    fresh.look(this.now, this.now);
    this.#perform(machine, fresh.tick(this.now));
    if ((machine.election?.nextWakeAt() ?? Infinity) <= this.now) super.wake(machine);
    else this.schedule(machine);
  }

  readonly #claimed = new Map<number, number>();

  #of(index: number): Freshness {
    const fresh = this.#fresh.get(index);
    if (!fresh) throw new Error(`node ${index} was never started`);
    return fresh;
  }

  #perform(from: Machine, outputs: readonly FreshnessOutput[]): void {
    for (const output of outputs) {
      const { index } = from;
      if (output.type === 'send') this.#carryPacket(from, output.at, output.packet);
      else if (output.type === 'call') {
        const call: Call = { caller: from.id, offer: output.offer, control: 1 };
        this.#arrive(from, output.at, (fresh) => fresh.called(call, addressOf(index), this.now));
      } else if (output.type === 'believed' && output.packet.kind === BEAT) {
        const { body, boot, seq } = output.packet;
        const beat = this.#beats[Buffer.from(body).readUInt32BE()];
        if (beat) this.input(index, { type: 'heard', beat: { ...beat, boot, seq } });
      } else if (output.type === 'met')
        this.input(index, { type: 'found', address: output.at.address, beat: output.at.port });
    }
  }

  #carryPacket(from: Machine, at: SocketAddress, packet: Packet): void {
    this.#arrive(from, at, (fresh) => fresh.received(from.id, addressOf(from.index), packet, this.now));
  }

  #arrive(from: Machine, at: SocketAddress, take: (fresh: Freshness) => FreshnessOutput[]): void {
    this.carry(from, at.port - 1, (target) => {
      const fresh = this.#of(target.index);
      fresh.look(this.now, this.now);
      this.#perform(target, take(fresh));
      this.schedule(target);
    });
  }

  /** The switch tells all of the newcomer, and the newcomer of all. */
  #introduce(newcomer: Machine): void {
    for (const other of this.alive()) {
      if (other === newcomer || other.side !== newcomer.side || !this.#joined.has(other.index)) continue;
      this.#of(newcomer.index).hear(other.id, addressOf(other.index), this.now);
      this.#of(other.index).hear(newcomer.id, addressOf(newcomer.index), this.now);
      this.schedule(other);
    }
    if (newcomer.election) this.schedule(newcomer);
  }
}

function addressOf(index: number): SocketAddress {
  return { address: `10.0.0.${index + 1}`, port: index + 1 };
}
