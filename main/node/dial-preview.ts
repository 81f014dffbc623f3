import type { LocalizedText } from '../../i18n/index.ts';
import type { DialPreview } from '../../preload/api.ts';
import type { DialEffect } from '../directory/index.ts';
import { assertNever, isDialString, isExtension, readNumber, type KnownNode } from '../model/index.ts';
import { suggestionsOf } from './dial-suggestions-view.ts';
import { calledFor, effectOf, factsOf } from './dial-effects.ts';
import {
  describeCall,
  describeDivert,
  describeDiverted,
  describeDoNotDisturb,
  describeGroup,
  describeLastWords,
  describeMailbox,
  describeOverride,
  describePage,
  describePagedGroup,
  describePeople,
  describePerson,
  describePickUp,
  describeSpoken,
  describeType,
  describeUnheard,
} from './dialled.ts';
import { followed, labelsOf } from './diverts.ts';
import { peopleOf } from './known-persons.ts';
import { findMessage, type NodeContext } from './node-context.ts';

/** What an effect would do, in a sentence. */
export function previewOf(node: NodeContext, dialled: string): DialPreview {
  const number = readNumber(dialled);
  return {
    ...described(node, effectOf(node, dialled)),
    dialled: isDialString(number) ? number : null,
    extension: isExtension(number) ? number : null,
    ...suggestionsOf(dialled, factsOf(node)),
  };
}

function described(node: NodeContext, effect: DialEffect): Pick<DialPreview, 'kind' | 'sentence' | 'phrase'> {
  switch (effect.kind) {
    case 'talk': {
      const [first] = effect.nodes;
      const [group, ...others] = effect.groups ?? [];
      if (effect.isTyped)
        return { kind: 'type', ...describeType(group?.name ?? first.name, effect.extension) };
      if (group && others.length === 0 && effect.extension === group.extension) {
        const count = peopleOf(effect.nodes).length;
        return { kind: 'person', ...describeGroup(group.name, group.extension, count, effect.isQuiet) };
      }
      if (effect.isQuiet) return { kind: 'person', ...describeMailbox(first.name, effect.extension) };
      if (effect.isOverride) return { kind: 'person', ...describeOverride(first.name, effect.extension) };
      return { kind: 'person', ...describedPeople(node, effect.nodes) };
    }
    case 'page':
      return { kind: 'page', ...describedPage(effect) };
    case 'call': {
      const [{ name, person }] = effect.nodes;
      const [called] = node.roster.directory.nodesOf(calledFor(node, person));
      const isDiverted = called && called.person !== person;
      return {
        kind: 'call',
        ...(isDiverted
          ? describeCall(`${name} → ${called.name}`, called.extension)
          : describeCall(name, effect.extension)),
      };
    }
    case 'play': {
      const message = findMessage(node, effect.number);
      return { kind: 'message', ...describeSpoken(node.views.summary(message), Date.now()) };
    }
    case 'pick-up':
      return { kind: 'call', ...describePickUp() };
    case 'play-unheard':
      return { kind: 'message', ...describeUnheard(effect.count) };
    case 'last-words':
      return { kind: 'message', ...describeLastWords() };
    case 'do-not-disturb':
      return { kind: 'setting', ...describeDoNotDisturb(effect.isOn) };
    case 'divert':
      return { kind: 'setting', ...describeDivert(effect.to) };
    case 'nothing':
      return { kind: 'nobody', ...effect.reason };
    default:
      return assertNever(effect);
  }
}

function describedPeople(
  { roster }: NodeContext,
  dialled: readonly [KnownNode, ...KnownNode[]],
): LocalizedText {
  const { directory } = roster;
  const reached = followed(roster, dialled);
  const { nodes, diverted } = reached;
  const numbered = peopleOf(nodes).map((one) => ({ ...one, name: `${one.name} (${one.extension})` }));
  if (peopleOf(dialled).length > 1) {
    return describePeople(labelsOf({ nodes: numbered, diverted }, directory));
  }
  const [from] = dialled;
  const to = nodes[0] ?? from;
  const presence = directory.presenceOf(to.node);
  return diverted.length > 0
    ? describeDiverted(from, to, presence)
    : describePerson(to.name, to.extension, presence);
}

function describedPage({ nodes, group }: Extract<DialEffect, { kind: 'page' }>): LocalizedText {
  const { length } = peopleOf(nodes);
  return group ? describePagedGroup(group.name, group.extension ?? '', length) : describePage(length);
}
