import type { DialPreview } from '../../preload/api.ts';
import { resolveDial, type DialEffect } from '../directory/index.ts';
import {
  assertNever,
  CorridorError,
  isDialString,
  isExtension,
  readNumber,
  type KnownGroup,
  type KnownNode,
  type NodeId,
} from '../model/index.ts';
import {
  describeDoNotDisturb,
  describeGroup,
  describeMailbox,
  describePeople,
  describePerson,
  describeSpoken,
  describeUnheard,
} from './dialled.ts';
import { dialledGroup, groupChosenAs, refuseTooMany } from './groups.ts';
import { chosenAs, peopleOf } from './known-persons.ts';
import { findMessage, type NodeContext } from './node-context.ts';
import type { ProfileSettings } from './profile-fields.ts';

/** The dial plan asked with the facts of this node: what preview, dial, talk and forward go by. */

/** What a dialled string does here, now. */
export function effectOf(node: NodeContext, dialled: string): DialEffect {
  const { roster, messages } = node;
  return resolveDial(dialled, {
    self: roster.self,
    holdersOf: (extension) => roster.directory.resolve(extension),
    groupWith: (extension) => {
      const group = roster.directory.groupWith(extension);
      return group && dialledGroup(node, group);
    },
    hasMessage: (number) => messages.kept.findByNumber(number)?.roles.mine !== undefined,
    lastTalker: () => {
      const talker = lastTalker(node);
      const person = talker === undefined ? undefined : roster.directory.get(talker)?.person;
      return person === undefined ? [] : roster.directory.nodesOf(person);
    },
    lastHeard: () => lastHeard(node),
    unheard: () => messages.kept.unheard().length,
  });
}

/** Whom a dialled string reaches, this computer left out. */
export interface Reached {
  readonly recipients: readonly KnownNode[];
  /** Nothing sounds there by itself. */
  readonly isQuiet: boolean;
  /** The groups by whose numbers some of them are reached. */
  readonly groups?: readonly KnownGroup[];
}

/** The people who are reached by their own numbers, and not by a group's; one record for each. */
export function peopleThemselves({
  recipients,
  groups = [],
}: Pick<Reached, 'recipients' | 'groups'>): readonly KnownNode[] {
  const members = new Set(groups.flatMap(({ people }) => people));
  return peopleOf(recipients.filter(({ person }) => !members.has(person)));
}

/** Whom the talk key reaches from then on: the groups, and those who are in none of them. */
export function choiceOf(reached: Pick<Reached, 'recipients' | 'groups'>): ProfileSettings['talkTo'] {
  return [...(reached.groups ?? []).flatMap(groupChosenAs), ...peopleThemselves(reached).map(chosenAs)];
}

/** An effect before it happens, in a sentence. */
export function previewOf(node: NodeContext, dialled: string): DialPreview {
  const number = readNumber(dialled);
  return {
    ...described(node, effectOf(node, dialled)),
    dialled: isDialString(number) ? number : null,
    extension: isExtension(number) ? number : null,
  };
}

/** Does what was dialled. A person who was dialled is whom the talk key reaches from now on; a mailbox is talked to at once or not. */
export async function perform(node: NodeContext, effect: DialEffect): Promise<void> {
  switch (effect.kind) {
    case 'talk':
      if (effect.isQuiet) return;
      // Also on a full disk a person can talk to somebody else.
      await node.profile.note({ talkTo: choiceOf({ ...effect, recipients: effect.nodes }) });
      node.changed();
      return;
    case 'play':
      await node.messages.player.play(findMessage(node, effect.number));
      return;
    case 'play-unheard':
      await node.messages.player.play(findMessage(node, 'next'), { all: true });
      return;
    case 'do-not-disturb':
      await node.presence.choose(effect.isOn ? 'dnd' : 'available');
      return;
    case 'nothing':
      return;
    default:
      return assertNever(effect);
  }
}

/** @throws CorridorError `nobody` or `yourself` where it reaches nobody */
export function reachedBy(node: NodeContext, dialled: string): Reached {
  const effect = effectOf(node, dialled);
  const number = readNumber(dialled);
  switch (effect.kind) {
    case 'talk':
      refuseTooMany(effect.nodes);
      return { ...effect, recipients: effect.nodes };
    case 'play': {
      const sentence = `${number} plays message #${effect.number} and reaches nobody. Dial it to hear the message; to talk or to forward, dial an extension.`;
      const details = { dialled: number, number: effect.number };
      throw new CorridorError('nobody', sentence, { phrase: { code: 'dial-not-talked-to', details } });
    }
    case 'play-unheard':
    case 'do-not-disturb': {
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

/** Who talks to this person now or did a moment ago, else the talker of the last message that came. */
export function lastTalker({ messages }: NodeContext): NodeId | undefined {
  return messages.replies.talker ?? messages.kept.list({ mine: 'recipient' }).pop()?.header.facts.talker;
}

function lastHeard({ messages }: NodeContext): string | undefined {
  let last: { readonly at: number; readonly number: string } | undefined;
  for (const { local } of messages.kept.shown()) {
    const { heard, number } = local;
    if (heard !== undefined && number !== undefined && heard >= (last?.at ?? 0)) last = { at: heard, number };
  }
  return last?.number;
}

function described(node: NodeContext, effect: DialEffect): Pick<DialPreview, 'kind' | 'sentence' | 'phrase'> {
  switch (effect.kind) {
    case 'talk': {
      const people = peopleOf(effect.nodes);
      const [group, ...others] = effect.groups ?? [];
      if (group && others.length === 0 && effect.extension === group.extension)
        return {
          kind: 'person',
          ...describeGroup(group.name, group.extension, people.length, effect.isQuiet),
        };
      if (people.length > 1) return { kind: 'person', ...describePeople(people) };
      const [{ node: id, name }] = effect.nodes;
      if (effect.isQuiet) return { kind: 'person', ...describeMailbox(name, effect.extension) };
      const presence = node.roster.directory.presenceOf(id);
      return { kind: 'person', ...describePerson(name, effect.extension, presence) };
    }
    case 'play': {
      const message = findMessage(node, effect.number);
      return { kind: 'message', ...describeSpoken(node.views.summary(message), Date.now()) };
    }
    case 'play-unheard':
      return { kind: 'message', ...describeUnheard(effect.count) };
    case 'do-not-disturb':
      return { kind: 'setting', ...describeDoNotDisturb(effect.isOn) };
    case 'nothing':
      return { kind: 'nobody', ...effect.reason };
    default:
      return assertNever(effect);
  }
}
