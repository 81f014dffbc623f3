import type { Person, Status } from '../../preload/api.ts';
import type { IconState } from './draw-icon.ts';

/** What the tray says: what happens now before what waits, and what waits before how it is set. */
export function trayState(status: Status, people: readonly Person[]): { icon: IconState; tooltip: string } {
  const [trouble] = status.troubles;
  const speaker = people.find(({ speaking }) => speaking);
  const waiting = status.unheard === 1 ? '1 unheard message' : `${status.unheard} unheard messages`;
  if (status.state === 'setup') return say({ kind: 'idle' }, 'not set up yet');
  if (status.talking) {
    const names = status.talking.recipients.map(({ name }) => name).join(', ');
    return say({ kind: 'talking' }, `you talk to ${names || status.talking.to}`);
  }
  if (speaker) return say({ kind: 'spoken-to' }, `${speaker.name} (${speaker.extension}) talks to you`);
  if (status.unheard > 0) return say({ kind: 'unheard', count: status.unheard }, waiting);
  if (trouble) return say({ kind: 'trouble' }, trouble.sentence);
  if (status.presence === 'dnd') return say({ kind: 'dnd' }, 'do not disturb');
  const own = status.node ? `${status.node.name}, ${status.node.extension}` : '';
  return say({ kind: 'idle' }, status.role === 'alone' ? `${own}; nobody else is seen` : own);
}

function say(icon: IconState, words: string): { icon: IconState; tooltip: string } {
  return { icon, tooltip: `Corridor: ${words}` };
}
