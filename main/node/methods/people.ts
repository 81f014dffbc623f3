import type { DialPreview } from '../../../preload/api.ts';
import { localizedText } from '../../../i18n/index.ts';
import { dial, DIAL_PLAN, phrasesOf, type Dialled } from '../../directory/index.ts';
import { CorridorError, type NodeId, type NodeRecord } from '../../model/index.ts';
import { describePerson, describeSpoken, yourself } from '../dialled.ts';
import { memberOf, type Handlers, type NodeContext } from '../node-context.ts';

/** Who is there, and what a dialled string does. */
export function peopleMethods(
  node: NodeContext,
): Pick<Handlers, 'people' | 'setFavourite' | 'dialPlan' | 'dialPreview' | 'dial'> {
  const { roster, profile, identity } = node;
  return {
    people: () => node.people(),
    setFavourite: async ({ node: id, favourite }) => {
      const chosen = id as NodeId;
      if (favourite && (!roster.directory.get(chosen) || chosen === identity.nodeId)) {
        throw new CorridorError('no-person', 'There is nobody like that among your colleagues.');
      }
      const others = profile.settings.favourites.filter((one) => one !== chosen);
      await profile.change({ favourites: favourite ? [...others, chosen] : others });
      node.changed();
      return node.people();
    },
    dialPlan: () =>
      DIAL_PLAN.map((rule) => ({
        pattern: rule.dialled,
        explanation: rule.explanation,
        phrases: phrasesOf(rule),
      })),
    dialPreview: ({ dial: dialled }) => preview(node, lookUp(node, dialled)),
    dial: async ({ dial: dialled }) => {
      const reached = lookUp(node, dialled);
      const said = preview(node, reached);
      if (said.kind === 'message' && reached.kind === 'message') {
        const message = messageOf(node, reached.number);
        if (message) await memberOf(node).play(message);
      } else if (said.kind === 'person' && reached.kind === 'person') {
        // Also on a full disk one talks to somebody else.
        await profile.note({ lastDialled: reached.extension });
        node.changed();
      }
      return said;
    },
  };
}

function lookUp(node: NodeContext, dialled: string): Dialled {
  return dial(dialled, node.roster.directory, (number) => messageOf(node, number) !== undefined);
}

function messageOf({ store }: NodeContext, number: string) {
  const message = store.findByNumber(number);
  return message?.roles.mine === undefined ? undefined : message;
}

/** What it does, with what is known here of the person or the message; `nobody` where it does nothing. */
function preview(node: NodeContext, reached: Dialled): DialPreview {
  if (reached.kind === 'nobody') return reached;
  if (reached.kind === 'person') return person(node, reached.nodes, reached.extension);
  const message = messageOf(node, reached.number);
  if (!message) {
    const { number } = reached;
    const sentence = `No message here has the number ${number}. The list of messages shows their numbers.`;
    return { kind: 'nobody', ...localizedText('dial-no-message', sentence, { number }) };
  }
  return { kind: 'message', ...describeSpoken(node.summary(message), Date.now()) };
}

function person(
  { roster, identity }: NodeContext,
  nodes: readonly NodeRecord[],
  extension: string,
): DialPreview {
  const other = nodes.find((record) => record.node !== identity.nodeId);
  if (!other) return { kind: 'nobody', ...yourself(extension) };
  const presence = roster.directory.presenceOf(other.node);
  return { kind: 'person', ...describePerson(other.name, extension, presence) };
}
