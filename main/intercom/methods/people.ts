import type { Handlers, NodeContext } from '../node-context.ts';
import { people } from '../views.ts';

/** Who is there, and what a dialled string does. */
export function peopleMethods(
  node: NodeContext,
): Pick<Handlers, 'people' | 'setFavourite' | 'dialPlan' | 'dialPreview' | 'dial'> {
  const list = () =>
    people(node.roster.directory, node.identity.nodeId, node.membership?.incoming.speaking ?? []);
  return {
    people: list,
    setFavourite: list,
    dialPlan: () => [],
    dialPreview: () => ({ kind: 'nobody', sentence: '' }),
    dial: () => ({ kind: 'nobody', sentence: '' }),
  };
}
