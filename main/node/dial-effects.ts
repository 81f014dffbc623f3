import { effectOfRow, resolveDial, type SuggestionFacts, type DialEffect } from '../directory/index.ts';
import {
  assertNever,
  CorridorError,
  readNumber,
  type CallId,
  type DialName,
  type KnownGroup,
  type KnownNode,
  type NodeId,
  type Page,
} from '../model/index.ts';
import { inPlaceOf } from './diverts.ts';
import { dialledGroup, groupChosenAs, refuseTooMany } from './groups.ts';
import { chosenAs, peopleOf } from './known-persons.ts';
import { findMessage, type NodeContext } from './node-context.ts';
import { nextToPlay, playMessage } from './play-message.ts';
import type { ProfileSettings } from './profile-fields.ts';
import { isSpokenWith } from './spoken-with.ts';

/** What a dialled string does here, now: the dial plan’s answer to the facts of this node. Preview, dial, talk and forward all go by it. */
export function effectOf(node: NodeContext, dialled: string): DialEffect {
  return resolveDial(dialled, factsOf(node));
}

/** What a row of the plan does with an extension, whatever its code is. */
export function effectOfRowHere(node: NodeContext, name: DialName, extension: string): DialEffect {
  return effectOfRow(name, extension, factsOf(node));
}

/** What the dial plan asks of this node. */
export function factsOf(node: NodeContext): SuggestionFacts {
  const { roster, messages } = node;
  return {
    plan: roster.directory.plan,
    self: roster.self,
    holdersOf: (extension) => roster.directory.resolve(extension),
    groupWith: (extension) => {
      const group = roster.directory.groupWith(extension);
      return group && dialledGroup(node, group);
    },
    everybody: () => everybody(node),
    hasMessage: (number) => messages.kept.findByNumber(number)?.roles.mine !== undefined,
    lastTalker: () => {
      const talker = lastTalker(node);
      const person = talker === undefined ? undefined : roster.directory.get(talker)?.person;
      return person === undefined ? [] : roster.directory.nodesOf(person);
    },
    lastHeard: () => lastHeard(node),
    mayOverride: () => node.session.peers.mayOverride(roster.self),
    hasLastWords: () => messages.player.hasLastWords,
    unheard: () => messages.kept.count('unheard'),
    numbers: () => {
      const names = roster.directory.roster().map(({ extension, name }) => [extension, name] as const);
      const groups = [...(node.session.office?.ledger.groups.values() ?? [])];
      const named = groups.map(({ extension = '', name }) => [extension, name] as const);
      return [...new Map([...names, ...named])]
        .map(([number, name]) => ({ number, name }))
        .filter(({ number }) => number !== '');
    },
  };
}

/** The people whom a dialled string reaches, without this computer. */
export interface Reached {
  readonly recipients: readonly KnownNode[];
  /** Nothing sounds at them by itself. */
  readonly isQuiet: boolean;
  /** People who do not want to be disturbed hear it, too. */
  readonly isOverride?: boolean;
  /** The groups whose numbers were dialled. */
  readonly groups?: readonly KnownGroup[];
  /** All whom a page is meant for, also those who are offline and do not get it. */
  readonly meant?: readonly KnownNode[];
  /** They are paged. */
  readonly page?: Page;
  /** The page is recorded first. */
  readonly isRecorded?: boolean;
}

/** The people whose own numbers were dialled, not a group's; one record for each. */
export function peopleThemselves({
  recipients,
  groups = [],
}: Pick<Reached, 'recipients' | 'groups'>): readonly KnownNode[] {
  const members = new Set(groups.flatMap(({ people }) => people));
  return peopleOf(recipients.filter(({ person }) => !members.has(person)));
}

/** Whom the talk key reaches from then on: the groups, and the people who are in none of them. */
export function choiceOf(reached: Pick<Reached, 'recipients' | 'groups'>): ProfileSettings['talkTo'] {
  return [...(reached.groups ?? []).flatMap(groupChosenAs), ...peopleThemselves(reached).map(chosenAs)];
}

/** The nodes of everybody else in the office. */
export function everybody({
  roster: { directory, self },
}: Pick<NodeContext, 'roster'>): readonly KnownNode[] {
  const own = directory.get(self)?.person;
  return directory
    .roster()
    .flatMap(({ node, person }) => (person === own ? [] : (directory.get(node) ?? [])));
}

/**
 * Does what was dialled. A person who was dialled is whom the talk key reaches from now on. A mailbox and an override are talked
 * to at once, or not at all. Everybody is paged only while the key is held.
 */
export async function perform(node: NodeContext, effect: DialEffect): Promise<void> {
  switch (effect.kind) {
    case 'talk':
      if (effect.isQuiet || effect.isOverride || effect.isTyped) return;
      // Also on a full disk a person can talk to somebody else.
      await node.profile.note({ talkTo: choiceOf({ ...effect, recipients: effect.nodes }) });
      node.changed();
      return;
    case 'page':
      return;
    case 'call':
      await callPerson(node, effect.nodes[0].person);
      return;
    case 'pick-up':
      await node.calls.pickUp();
      return;
    case 'play':
      await playMessage(node, findMessage(node, effect.number));
      return;
    case 'play-unheard':
      await playMessage(node, nextToPlay(node), { all: true });
      return;
    case 'last-words':
      await node.messages.player.playLastWords();
      return;
    case 'do-not-disturb':
      await node.presence.choose(effect.isOn ? 'dnd' : 'available');
      return;
    case 'divert':
      await node.divert.choose(effect.to?.person ?? null);
      node.changed();
      return;
    case 'nothing':
      return;
    default:
      return assertNever(effect);
  }
}

/**
 * Whom a call to this person reaches, or one that is put through to them: themself if they are spoken with now, else whom they diverted
 * to. What a preview says of a call goes by it, too.
 */
export function calledFor(node: NodeContext, person: NodeId): NodeId {
  return isSpokenWith(node, person) ? person : inPlaceOf(node, person);
}

/**
 * Calls a person, or whoever is called in their place; the missed calls of both are settled by that. `pcm`: spoken instead of the
 * microphone’s sound; `into`: added to that call.
 */
export function callPerson(
  node: NodeContext,
  person: NodeId,
  pcm?: Int16Array,
  into?: CallId,
): Promise<CallId> {
  const called = calledFor(node, person);
  for (const one of [person, called]) void node.missed.forget(one);
  const how = { pcm, meant: called === person ? undefined : person };
  return into === undefined ? node.calls.dial(called, how) : node.calls.add(into, called, how);
}

/** @throws CorridorError `nobody` or `yourself` where it reaches nobody */
export function reachedBy(node: NodeContext, dialled: string): Reached {
  const effect = effectOf(node, dialled);
  const number = readNumber(dialled);
  switch (effect.kind) {
    case 'talk':
      refuseTooMany(effect.nodes);
      return { ...effect, recipients: effect.nodes };
    case 'page': {
      const { nodes: recipients, group } = effect;
      if (!group) return { recipients, isQuiet: false, page: { isToAll: true } };
      return { recipients, isQuiet: false, page: {}, groups: [group] };
    }
    case 'play': {
      const sentence = `${number} plays message #${effect.number} and reaches nobody. Dial it to hear the message; to talk or to forward, dial an extension.`;
      const details = { dialled: number, number: effect.number };
      throw new CorridorError('nobody', sentence, { phrase: { code: 'dial-not-talked-to', details } });
    }
    case 'call':
    case 'pick-up':
    case 'play-unheard':
    case 'last-words':
    case 'do-not-disturb':
    case 'divert': {
      const sentence = `${number} reaches nobody. To talk or to forward, dial an extension.`;
      const phrase = { code: 'dial-no-person', details: { dialled: number } } as const;
      throw new CorridorError('nobody', sentence, { phrase });
    }
    case 'nothing': {
      const { sentence, phrase } = effect.reason;
      throw new CorridorError(phrase.code === 'yourself' ? 'yourself' : 'nobody', sentence, { phrase });
    }
    default:
      return assertNever(effect);
  }
}

/** Who talks to this person now or did a moment ago; else the talker of the last message that came. */
export function lastTalker({ messages }: NodeContext): NodeId | undefined {
  if (messages.replies.talker) return messages.replies.talker;
  for (const { roles, header } of messages.kept.newest())
    if (roles.mine === 'recipient') return header.facts.talker;
  return undefined;
}

function lastHeard({ messages }: NodeContext): string | undefined {
  for (const { local } of messages.kept.heardLast())
    if (local.number !== undefined && local.deletedAt === undefined) return local.number;
  return undefined;
}
