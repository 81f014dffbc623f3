import type { Person, Status } from '../../preload/api.ts';
import { translate } from '../../i18n/index.ts';
import type { IconState } from './draw-icon.ts';
import type { Strings } from './strings.ts';
import { clock } from './tray-menu.ts';

/** Said in the panel, and no reason to look worried all day: it will not change. */
const NO_ALARM: ReadonlySet<string> = new Set(['toggle-keys']);

/** What the tray says: what happens now before what waits, and what waits before how it is set. */
export function trayState(
  status: Status,
  people: readonly Person[],
  strings: Strings,
): { icon: IconState; tooltip: string } {
  const say = (icon: IconState, words: string) => ({ icon, tooltip: strings.tooltip(words) });
  const trouble = status.troubles.find(({ code }) => !NO_ALARM.has(code));
  const speaker = people.find(({ speaking }) => speaking);
  if (status.state === 'setup') return say({ kind: 'idle' }, strings.notSetUp);
  if (status.talking) {
    const names = status.talking.recipients.map(({ name }) => name).join(', ');
    return say({ kind: 'talking' }, strings.youTalkTo(names || status.talking.to));
  }
  if (speaker) return say({ kind: 'spoken-to' }, strings.talksToYou(speaker.name, speaker.extension));
  if (status.unheard > 0)
    return say({ kind: 'unheard', count: status.unheard }, strings.unheard(status.unheard));
  if (trouble) return say({ kind: 'trouble' }, translate(strings.phrases, trouble));
  if (status.presence === 'dnd') {
    const until = status.presenceUntil;
    const time = until === null ? '' : ` ${strings.until(clock(until, strings.language))}`;
    return say({ kind: 'dnd' }, `${strings.doNotDisturb}${time}`);
  }
  const own = status.node ? `${status.node.name}, ${status.node.extension}` : '';
  if (status.role === 'alone') return say({ kind: 'alone' }, `${own}; ${strings.nobodySeen}`);
  return say({ kind: 'idle' }, own);
}
