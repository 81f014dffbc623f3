import type { Beat, ElectionInput } from '../../main/election/index.ts';
import type { NodeId } from '../../main/model/index.ts';
import { isOnlineBy, rosterDigest, RosterRepair } from '../../main/office/presence.ts';
import { Simulation, type Machine, type SimulationOptions } from './simulation.ts';

/** How long a frame takes over a link, and how long a new link takes, ms. */
const FRAME_MS = 3;
const LINK_MS = 30;

/** What one node shows: the revisions of the records that it has, and who is online. */
interface View {
  readonly revisions: Map<NodeId, number>;
  readonly online: Set<NodeId>;
  readonly repair: RosterRepair;
}

/** Elections with what `RosterSync` makes of them: each node has a view of who is online. Links are simulated, and lose no frames by themselves. */
export class PresenceSimulation extends Simulation {
  /** Share of the switch's reports of one node that are lost, whatever the reason. */
  losesReports = 0;
  /** Called when a node shows another one as offline. */
  onOffline: (shownBy: Machine, node: NodeId) => void = () => undefined;
  /** How often a whole roster was asked for. */
  asked = 0;
  readonly #views = new Map<number, View>();
  /** The switch that each node is linked to. */
  readonly #links = new Map<number, NodeId>();

  constructor(options: SimulationOptions) {
    super(options);
    this.onRole = () => this.#linkAll();
  }

  override start(index: number): void {
    const { id, boots } = this.machine(index);
    const revisions = new Map([[id, boots + 1]]);
    this.#views.set(index, { revisions, online: new Set([id]), repair: new RosterRepair() });
    super.start(index);
  }

  override kill(index: number): void {
    super.kill(index);
    // Its links break at once, as those of a process that ends do.
    this.#links.delete(index);
    for (const other of this.switches()) this.setOnline(other, this.machine(index).id, false);
  }

  override input(index: number, input: ElectionInput): void {
    const lostBefore = this.lost.length;
    super.input(index, input);
    const machine = this.machine(index);
    if (input.type === 'heard') this.#compare(machine, input.beat);
    if (!this.#isSwitch(machine)) return;
    for (const { node } of this.lost.slice(lostBefore)) this.setOnline(machine, node, false);
    if (input.type === 'heard' || input.type === 'tick') this.#look(machine);
  }

  /** What a node shows: who is online. */
  shows(index: number): ReadonlySet<NodeId> {
    return this.#viewOf(index).online;
  }

  /** Sets what a node shows, and tells the others, if it is the switch. */
  setOnline(machine: Machine, node: NodeId, online: boolean): void {
    this.#show(machine, node, online);
    if (!this.#isSwitch(machine)) return;
    for (const [index, leader] of this.#links)
      if (leader === machine.id && this.random() >= this.losesReports)
        this.#tell(machine, index, [node], false);
  }

  protected override rosterOf(index: number): string {
    return this.#digestOf(this.#viewOf(index));
  }

  #viewOf(index: number): View {
    const view = this.#views.get(index);
    if (!view) throw new Error(`node ${index} was never started`);
    return view;
  }

  #compare(machine: Machine, { node, roster }: Beat): void {
    const isFromSwitch = this.#links.get(machine.index) === node && !this.#isSwitch(machine);
    if (!isFromSwitch || roster === undefined) return;
    const leader = this.machine(this.indexOf(node));
    const { repair, revisions } = this.#viewOf(machine.index);
    if (!repair.compare(roster, this.rosterOf(machine.index), this.now)) return;
    this.asked += 1;
    this.after(FRAME_MS, () => {
      if (!this.#isSwitch(leader) || leader.side !== machine.side) return;
      this.#learn(leader, machine.id, revisions.get(machine.id) ?? 0);
      if (!this.shows(leader.index).has(machine.id)) this.setOnline(leader, machine.id, true);
      this.#tellAll(leader, machine.index);
    });
  }

  /** Each node links to the switch that it follows; the link to another one ends at once. */
  #linkAll(): void {
    for (const machine of this.machines) {
      const leader = this.#isSwitch(machine) ? undefined : machine.election?.state().switch;
      if (leader === this.#links.get(machine.index)) continue;
      this.#links.delete(machine.index);
      if (leader !== undefined) this.#linkLater(machine, leader);
    }
  }

  /** Until it is linked, or follows another switch. */
  #linkLater(machine: Machine, leader: NodeId): void {
    this.after(LINK_MS, () => {
      if (machine.election?.state().switch !== leader || this.#links.get(machine.index) === leader) return;
      const there = this.machine(this.indexOf(leader));
      if (this.#isSwitch(there) && there.side === machine.side) this.#greet(machine, there);
      else this.#linkLater(machine, leader);
    });
  }

  #greet(machine: Machine, leader: Machine): void {
    this.#links.set(machine.index, leader.id);
    this.#viewOf(machine.index).repair.beginAnew();
    this.#learn(leader, machine.id, this.#viewOf(machine.index).revisions.get(machine.id) ?? 0);
    this.#learn(machine, leader.id, this.#viewOf(leader.index).revisions.get(leader.id) ?? 0);
    this.#tellAll(leader, machine.index);
    this.setOnline(leader, machine.id, true);
    this.#show(machine, leader.id, true);
  }

  #look(machine: Machine): void {
    const alive = new Set(machine.election?.health().flatMap((peer) => (peer.alive ? [peer.node] : [])));
    const { revisions, online } = this.#viewOf(machine.index);
    for (const node of revisions.keys()) {
      if (node === machine.id) continue;
      const wasOnline = online.has(node);
      const isLinked = this.#links.get(this.indexOf(node)) === machine.id;
      const isOnline = isOnlineBy({ isAlive: alive.has(node), isLinked, wasOnline });
      if (isOnline !== wasOnline) this.setOnline(machine, node, isOnline);
    }
  }

  #tellAll(leader: Machine, index: number): void {
    this.#tell(leader, index, [...this.#viewOf(leader.index).revisions.keys()], true);
  }

  /** The switch sends entries, as they are now. */
  #tell(leader: Machine, index: number, nodes: readonly NodeId[], isAll: boolean): void {
    const { revisions, online } = this.#viewOf(leader.index);
    const entries = nodes.map((node) => ({
      ...{ node, revision: revisions.get(node) ?? 0, isOnline: online.has(node) },
    }));
    this.after(FRAME_MS, () => {
      const machine = this.machine(index);
      const isLinked = this.#links.get(index) === leader.id && leader.side === machine.side;
      if (!isLinked || !machine.election) return;
      for (const { node, revision, isOnline } of entries) {
        if (node === machine.id) continue;
        this.#learn(machine, node, revision);
        this.#show(machine, node, isOnline);
      }
      if (!isAll) return;
      for (const node of this.shows(index))
        if (node !== machine.id && !nodes.includes(node)) this.#show(machine, node, false);
    });
  }

  #learn(machine: Machine, node: NodeId, revision: number): void {
    const { revisions } = this.#viewOf(machine.index);
    revisions.set(node, Math.max(revision, revisions.get(node) ?? 0));
  }

  #show(machine: Machine, node: NodeId, online: boolean): void {
    const view = this.#viewOf(machine.index);
    if (online) view.online.add(node);
    else if (view.online.delete(node)) this.onOffline(machine, node);
    if (!this.#isSwitch(machine)) super.input(machine.index, { type: 'peer', node, online });
  }

  #digestOf({ revisions, online }: View): string {
    return rosterDigest([...online].map((node) => ({ node, revision: revisions.get(node) ?? 0 })));
  }

  #isSwitch(machine: Machine): boolean {
    return machine.election?.state().role === 'switch';
  }
}
