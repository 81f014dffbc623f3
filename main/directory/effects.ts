import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { MAX_DIALLED, type KnownGroup, type KnownNode, type NodeId } from '../model/index.ts';
import { onlyAPerson, refusalOf, type DialledGroup } from './dialled-group.ts';

/** The effect of a dialled string. */
export type DialEffect =
  /** Talks to people: `nodes` are their computers, without this one. */
  | {
      readonly kind: 'talk';
      /** How they are dialled: one extension, or several with commas between them. */
      readonly extension: string;
      readonly nodes: readonly [KnownNode, ...KnownNode[]];
      /** The groups by whose numbers some of them are dialled. */
      readonly groups?: readonly KnownGroup[];
      /** It goes to the mailbox, and does not sound by itself. */
      readonly isQuiet: boolean;
      /** It overrides do not disturb. */
      readonly isOverride: boolean;
      /** What is said is typed. */
      readonly isTyped?: true;
    }
  /** Pages everybody, or a group: `nodes` are their computers, without this one. */
  | {
      readonly kind: 'page';
      readonly nodes: readonly [KnownNode, ...KnownNode[]];
      /** Left out: everybody. */
      readonly group?: KnownGroup;
    }
  /** Calls a person: `nodes` are their computers. */
  | {
      readonly kind: 'call';
      readonly extension: string;
      readonly nodes: readonly [KnownNode, ...KnownNode[]];
    }
  /** Picks up a call that rings at somebody in a group with this person. */
  | { readonly kind: 'pick-up' }
  /** Plays the message with this retrieval number. */
  | { readonly kind: 'play'; readonly number: string }
  /** Plays all unheard messages, the oldest first. */
  | { readonly kind: 'play-unheard'; readonly count: number }
  /** Plays the last 30 s that were heard again, of any messages. */
  | { readonly kind: 'last-words' }
  /** Turns do not disturb on or off. */
  | { readonly kind: 'do-not-disturb'; readonly isOn: boolean }
  /** Diverts this person's messages to that person; undefined: ends the divert. */
  | { readonly kind: 'divert'; readonly to: KnownNode | undefined }
  | { readonly kind: 'nothing'; readonly reason: LocalizedText };

/** The facts for resolving a dialled string. */
export interface DialFacts {
  /** This node: nobody talks to themself. */
  readonly self: NodeId;
  /** The nodes of the person who has the extension; none where nobody has it. */
  readonly holdersOf: (extension: string) => readonly KnownNode[];
  /** The group that has the extension; undefined: none has it. */
  readonly groupWith: (extension: string) => DialledGroup | undefined;
  /** The nodes of everybody else in the office. */
  readonly everybody: () => readonly KnownNode[];
  /** Whether a message of this person with that retrieval number is here. */
  readonly hasMessage: (number: string) => boolean;
  /** The nodes of the person who talked to this one last; none if nobody did, or they are gone. */
  readonly lastTalker: () => readonly KnownNode[];
  /** The retrieval number of the message that this person heard last; undefined: there is none. */
  readonly lastHeard: () => string | undefined;
  /** Whether there are last words to play again. */
  readonly hasLastWords: () => boolean;
  /** Whether this person has the right to override do not disturb. */
  readonly mayOverride: () => boolean;
  /** The number of messages that this person has not heard. */
  readonly unheard: () => number;
}

/** A row matches the string, but finds nothing under it. If no later row has an effect, this is the reason. */
interface NothingFound {
  readonly kind: 'absent';
  readonly reason: LocalizedText;
}
type Work = (argument: string, facts: DialFacts) => DialEffect | NothingFound;

/** The effects that rows can have on the digits of their patterns. */
export const EFFECTS = {
  talk,
  several,
  mailbox,
  override,
  call,
  type,
  reply,
  everybody,
  play,
  again,
  lastWords,
  unheard,
  pickUp: () => ({ kind: 'pick-up' }),
  undisturbed: () => ({ kind: 'do-not-disturb', isOn: true }),
  disturbed: () => ({ kind: 'do-not-disturb', isOn: false }),
  divert,
  undivert: () => ({ kind: 'divert', to: undefined }),
} as const satisfies Record<string, Work>;

function talk(extension: string, facts: DialFacts, isQuiet = false): DialEffect | NothingFound {
  const { self, holdersOf, groupWith } = facts;
  const group = groupWith(extension);
  if (group) return talkToGroup(group, extension, isQuiet);
  const nodes = holdersOf(extension);
  if (nodes.length === 0) {
    const sentence = `Nobody has extension ${extension}. Look in the list of people.`;
    return { kind: 'absent', reason: localizedText('dial-nobody', sentence, { extension }) };
  }
  const [first, ...rest] = nodes.filter(({ node }) => node !== self);
  if (first) return { kind: 'talk', extension, nodes: [first, ...rest], isQuiet, isOverride: false };
  return nothing(yourself(extension));
}

function yourself(extension: string): LocalizedText {
  return localizedText('yourself', `${extension} is your own extension.`, { extension });
}

function talkToGroup(dialled: DialledGroup, extension: string, isQuiet: boolean): DialEffect {
  const refusal = refusalOf(dialled);
  if (refusal) return nothing(refusal);
  const [first, ...rest] = dialled.nodes;
  if (!first) return nothing(unknown());
  const groups = [dialled.group];
  return { kind: 'talk', extension, nodes: [first, ...rest], groups, isQuiet, isOverride: false };
}

function several(dialled: string, facts: DialFacts): DialEffect {
  const extensions = [...new Set(dialled.split(/[,+]/))];
  if (extensions.length > MAX_DIALLED) return nothing(tooMany(extensions.length));
  const nodes = new Map<NodeId, KnownNode>();
  const groups: KnownGroup[] = [];
  for (const extension of extensions) {
    const reached = talk(extension, facts);
    if (reached.kind === 'absent') return nothing(reached.reason);
    if (reached.kind !== 'talk') return reached;
    for (const one of reached.nodes) nodes.set(one.node, one);
    groups.push(...(reached.groups ?? []));
  }
  const [first, ...rest] = nodes.values();
  if (!first) return nothing(unknown());
  const extension = extensions.join(',');
  return {
    ...{ kind: 'talk', extension, nodes: [first, ...rest], isQuiet: false, isOverride: false },
    ...(groups.length > 0 && { groups }),
  };
}

/** The refusal of a message to too many people. */
export function tooMany(count: number): LocalizedText {
  const sentence = `At most ${MAX_DIALLED} people can be dialled at once, and these are ${count}.`;
  return localizedText('dial-too-many', sentence, { most: MAX_DIALLED, count });
}

function mailbox(extension: string, facts: DialFacts): DialEffect | NothingFound {
  return talk(extension, facts, true);
}

function talkToPerson(extension: string, facts: DialFacts): DialEffect | NothingFound {
  const group = facts.groupWith(extension);
  return group ? nothing(onlyAPerson(group)) : talk(extension, facts);
}

function override(extension: string, facts: DialFacts): DialEffect | NothingFound {
  const reached = talkToPerson(extension, facts);
  if (reached.kind !== 'talk') return reached;
  if (facts.mayOverride()) return { ...reached, isOverride: true };
  const sentence =
    'You may not override do not disturb. An admin gives that right in Settings → Office, or by corridor grant.';
  return nothing(localizedText('may-not-override', sentence));
}

function type(extension: string, facts: DialFacts): DialEffect | NothingFound {
  const reached = talk(extension, facts);
  return reached.kind === 'talk' ? { ...reached, isTyped: true } : reached;
}

/** Calls a person. A group is paged instead, since a call cannot ring at all of its members. */
function call(extension: string, facts: DialFacts): DialEffect | NothingFound {
  const reached = talk(extension, facts);
  if (reached.kind !== 'talk') return reached;
  const [group] = reached.groups ?? [];
  if (group) return { kind: 'page', nodes: reached.nodes, group };
  return { kind: 'call', extension, nodes: reached.nodes };
}

function reply(_: string, { lastTalker }: DialFacts): DialEffect {
  const [first, ...rest] = lastTalker();
  const how = { isQuiet: false, isOverride: false };
  if (first) return { kind: 'talk', extension: first.extension, nodes: [first, ...rest], ...how };
  return nothing(
    localizedText('nobody-spoke', 'Nobody has talked to you yet, so there is nobody to reply to.'),
  );
}

function everybody(_: string, facts: DialFacts): DialEffect {
  const [first, ...rest] = facts.everybody();
  if (first) return { kind: 'page', nodes: [first, ...rest] };
  return nothing(localizedText('nobody-to-page', 'Nobody else is in this office yet.'));
}

function again(_: string, { lastHeard }: DialFacts): DialEffect {
  const number = lastHeard();
  return number === undefined ? nothingHeard() : { kind: 'play', number };
}

function lastWords(_: string, { hasLastWords }: DialFacts): DialEffect {
  return hasLastWords() ? { kind: 'last-words' } : nothingHeard();
}

function unheard(_: string, facts: DialFacts): DialEffect {
  const count = facts.unheard();
  if (count > 0) return { kind: 'play-unheard', count };
  return nothing(localizedText('nothing-unheard', 'There is nothing unheard.'));
}

function divert(extension: string, facts: DialFacts): DialEffect | NothingFound {
  const { self, holdersOf } = facts;
  // A further computer of this person counts as this person.
  if (holdersOf(extension).some(({ node }) => node === self)) return nothing(yourself(extension));
  const reached = talkToPerson(extension, facts);
  return reached.kind === 'talk' ? { kind: 'divert', to: reached.nodes[0] } : reached;
}

function play(number: string, { hasMessage }: DialFacts): DialEffect | NothingFound {
  if (hasMessage(number)) return { kind: 'play', number };
  const sentence = `No message here has the number ${number}. The list of messages shows their numbers.`;
  return { kind: 'absent', reason: localizedText('dial-no-message', sentence, { number }) };
}

function nothingHeard(): DialEffect {
  return nothing(localizedText('nothing-heard', 'You have heard no message yet.'));
}

export function nothing(reason: LocalizedText): DialEffect {
  return { kind: 'nothing', reason };
}

export function unknown(): LocalizedText {
  const sentence =
    'There is no such number. An extension has 2 to 6 digits; # and a retrieval number plays a message.';
  return localizedText('dial-unknown', sentence);
}
