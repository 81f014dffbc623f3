import type { DialPreview } from '../../preload/api.ts';
import { resolveDial, type DialEffect } from '../directory/index.ts';
import {
  assertNever,
  CorridorError,
  isDialString,
  isExtension,
  readNumber,
  type KnownNode,
} from '../model/index.ts';
import { describePerson, describeSpoken } from './dialled.ts';
import { findMessage, type NodeContext } from './node-context.ts';

/** The dial plan asked with the facts of this node: what preview, dial, talk and forward go by. */

/** What a dialled string does here, now. */
export function effectOf({ roster, messages }: NodeContext, dialled: string): DialEffect {
  return resolveDial(dialled, {
    self: roster.self,
    holdersOf: (extension) => roster.directory.resolve(extension),
    hasMessage: (number) => messages.kept.findByNumber(number)?.roles.mine !== undefined,
  });
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

/** Does what was dialled. A person who was dialled is whom the talk key reaches from now on. */
export async function perform(node: NodeContext, effect: DialEffect): Promise<void> {
  switch (effect.kind) {
    case 'talk':
      // Also on a full disk a person can talk to somebody else.
      await node.profile.note({ lastDialled: effect.extension, lastPerson: effect.nodes[0].person });
      node.changed();
      return;
    case 'play':
      await node.messages.player.play(findMessage(node, effect.number));
      return;
    case 'nothing':
      return;
    default:
      return assertNever(effect);
  }
}

/** Whom a dialled string reaches, this computer left out. @throws CorridorError `nobody` or `yourself` where it reaches nobody */
export function recipientsOf(node: NodeContext, dialled: string): readonly KnownNode[] {
  const effect = effectOf(node, dialled);
  switch (effect.kind) {
    case 'talk':
      return effect.nodes;
    case 'play': {
      const { number } = effect;
      const sentence = `${readNumber(dialled)} plays message #${number} and reaches nobody. Dial it to hear the message; to talk or to forward, dial an extension.`;
      const phrase = {
        code: 'dial-not-talked-to',
        details: { dialled: readNumber(dialled), number },
      } as const;
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

function described(node: NodeContext, effect: DialEffect): Pick<DialPreview, 'kind' | 'sentence' | 'phrase'> {
  switch (effect.kind) {
    case 'talk': {
      const [{ node: id, name }] = effect.nodes;
      const presence = node.roster.directory.presenceOf(id);
      return { kind: 'person', ...describePerson(name, effect.extension, presence) };
    }
    case 'play': {
      const message = findMessage(node, effect.number);
      return { kind: 'message', ...describeSpoken(node.views.summary(message), Date.now()) };
    }
    case 'nothing':
      return { kind: 'nobody', ...effect.reason };
    default:
      return assertNever(effect);
  }
}
