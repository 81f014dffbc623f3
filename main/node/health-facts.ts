import type { Health, NodeHealth } from '../../preload/api.ts';
import { faults, type NodeId } from '../model/index.ts';
import type { Path } from '../office/index.ts';
import { healthOf, type HealthFacts } from './health.ts';
import type { RoomFacts } from './health-room.ts';
import type { NodeContext } from './node-context.ts';
import { storageOf } from './storage.ts';

/** Copying takes a moment: a message of just now is no worry yet. */
const COPIED_WITHIN_MS = 30_000;
/** Nobody waits for these to get a message. */
const GOT_IT: ReadonlySet<string> = new Set(['heard', 'read', 'removed', 'handed-on']);

/** The facts about this node and its office. The first time it waits a moment for answers, so that there is something to show. */
export async function healthNow(node: NodeContext): Promise<Health> {
  const online = node.roster.directory.roster().filter((one) => one.online && one.node !== node.roster.self);
  const paths = await node.session.measure(online.map((one) => one.node));
  const { freeBytes } = await storageOf(node);
  const nameOf = (id: NodeId) => node.roster.directory.get(id)?.name ?? 'somebody unknown';
  const status = node.views.status();
  const role = node.session.role;
  const before = Date.now() - COPIED_WITHIN_MS;
  return healthOf({
    state: status.state,
    role: status.role,
    switch: named(node, role?.switch),
    standby: named(node, role?.standby),
    switchLinked: node.session.isLinked,
    rosterDiffersMs: node.session.rosterDiffersMs,
    clockTrouble: node.troubles.find('clock') ?? null,
    isClockCompared: node.session.time.isKnown,
    nodes: nodes(node, paths),
    microphone: status.microphone,
    speaker: status.speaker,
    microphoneTrouble: node.troubles.find('microphone') ?? null,
    callTrouble: node.troubles.find('call-') ?? null,
    address: status.endpoints?.address ?? null,
    networkTrouble: node.troubles.find('network') ?? null,
    multicastTrouble: node.troubles.find('discovery') ?? null,
    storageTrouble: node.troubles.find('store-') ?? null,
    tooMuch: node.overruns.recent.map(({ node: id, count }) => ({
      name: nameOf(id),
      count,
    })),
    forged: node.forged.recent.map(({ talker, count, sentBy }) => ({
      name: nameOf(talker),
      count,
      sentBy: sentBy === undefined ? null : nameOf(sentBy),
    })),
    unsafe: node.messages.outbox().filter(({ manifest }) => (manifest?.facts.endedAt ?? Infinity) < before)
      .length,
    ending: endingOf(node),
    freeBytes,
    ...roomOf(node),
    extension: status.node?.extension ?? null,
    statements: node.session.office?.ledger.standing.counting ?? null,
    isAdmin: node.session.office?.ledger.isAdmin(node.roster.self) ?? false,
    faults: faults.total,
  });
}

/** Which computers of those that are on have no room to keep messages. */
function roomOf({ roster, session }: NodeContext): RoomFacts {
  const online = roster.directory.roster().filter((one) => one.online);
  const isOwn = ({ node }: { readonly node: NodeId }): boolean => node === roster.self;
  const [own, others] = [online.filter(isOwn), online.filter((one) => !isOwn(one))];
  const isFull = ({ node }: { readonly node: NodeId }): boolean => !session.peers.hasRoom(node);
  const full = [...own, ...others].filter(isFull).map((one) => ({
    name: isOwn(one) ? null : one.name,
    isSwitch: one.node === session.role?.switch,
  }));
  return {
    full: [...full.filter(({ isSwitch }) => isSwitch), ...full.filter(({ isSwitch }) => !isSwitch)],
    hasRoomElsewhere: others.some((one) => !isFull(one)),
  };
}

/** What of this person's waits no longer soon. */
function endingOf({ messages, views }: NodeContext): HealthFacts['ending'] {
  const ending = messages.kept
    .those('ending')
    .filter(({ local }) => local.deletedAt === undefined)
    .map((message) => views.summary(message));
  if (ending.length === 0) return null;
  const away = ending.flatMap(({ recipients }) => recipients.filter(({ state }) => !GOT_IT.has(state)));
  return {
    messages: ending.length,
    endsAt: Math.min(...ending.map(({ endsAt }) => endsAt ?? Infinity)),
    names: [...new Set(away.map(({ name }) => name))],
  };
}

function named({ roster }: NodeContext, id: NodeId | undefined): Health['switch'] {
  if (id === undefined) return null;
  return { id, name: roster.directory.get(id)?.name ?? 'Somebody unknown', self: id === roster.self };
}

function nodes({ roster }: NodeContext, paths: ReadonlyMap<NodeId, Path> | undefined): NodeHealth[] {
  return roster.directory
    .roster()
    .filter(({ node }) => node !== roster.self)
    .map(({ node, name, extension, online: isOnline, endpoints }) => {
      const path = isOnline ? paths?.get(node) : undefined;
      return {
        id: node,
        name,
        extension,
        online: isOnline,
        address: isOnline ? endpoints.address : null,
        latencyMs: path?.latencyMs === undefined ? null : Math.round(path.latencyMs * 10) / 10,
        loss: path?.loss === undefined ? null : Math.round(path.loss * 1000) / 1000,
      };
    });
}
