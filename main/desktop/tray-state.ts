import type { CallStatus, Person, RecipientStatus, Status, TalkStatus } from '../../preload/api.ts';
import { translate } from '../../i18n/index.ts';
import type { IconState } from './draw-icon.ts';
import type { Strings } from './strings.ts';
import { clock } from './tray-menu.ts';

/** Lasting troubles: the panel shows them, and the icon does not, which would show a warning all day. */
const NO_ALARM: ReadonlySet<string> = new Set(['toggle-keys']);

/** The sentence on whom the person is talking to or paging. */
export function talkText({ page, group, recipients, to }: TalkStatus, strings: Strings): string {
  const names = (group?.name ?? recipients.map(({ name }) => name).join(', ')) || to;
  if (!page) return withWait(strings.youTalkTo(names), recipients, strings);
  return (page.isUrgent ? strings.youPageUrgently : strings.youPage)(
    page.isToAll ? strings.everybody : names,
  );
}

/** Adds why the recipient hears this later, if there is only one recipient. */
function withWait(text: string, recipients: readonly RecipientStatus[], strings: Strings): string {
  const [only, ...others] = recipients;
  if (!only?.waitsFor || others.length > 0) return text;
  const { waitsFor } = only;
  if (waitsFor.kind === 'voice') return strings.youAreNext(text, strings.hearsFirst(waitsFor.name));
  return strings.youAreNext(text, waitsFor.kind === 'you' ? strings.hearsYouFirst : strings.speaksFirst);
}

/** Who pages, whom, and whether that is urgent. `group`: its name. */
export function pageText(
  page: {
    readonly name: string;
    readonly extension: string;
    readonly group: string | null;
    readonly isUrgent: boolean;
  },
  strings: Strings,
): string {
  const { name, extension, group, isUrgent } = page;
  return (isUrgent ? strings.pagesUrgently : strings.pages)(name, extension, group);
}

/** Who rings, and who puts them through. */
export function ringsText({ name, extension, putThroughBy }: CallStatus, strings: Strings): string {
  if (putThroughBy) return strings.putsThrough(putThroughBy.name, name, extension);
  return strings.calls(name, extension);
}

/** Whom the person is in a call with, and what they may not know of it. */
function callText({ name, direction, isAutomatic, isRecordedByThem }: CallStatus, strings: Strings): string {
  if (isRecordedByThem) return strings.inRecordedCall(name);
  return direction === 'in' && isAutomatic ? strings.inAnsweredCall(name) : strings.inCallWith(name);
}

/** The icon and the tooltip. They show current events before unheard messages, and unheard messages before the presence. */
export function trayState(
  status: Status,
  people: readonly Person[],
  strings: Strings,
): { icon: IconState; tooltip: string } {
  const show = (icon: IconState, text: string) => ({ icon, tooltip: strings.tooltip(text) });
  const trouble = status.troubles.find(({ code }) => !NO_ALARM.has(code));
  const speaker = people.find(({ speaking }) => speaking);
  const ringing = status.calls.find(({ isIncoming }) => isIncoming);
  const call = status.calls.find(({ state }) => state === 'active');
  if (status.state === 'setup')
    return show({ kind: 'idle' }, status.joining ? strings.isJoining : strings.notSetUp);
  if (status.talking) {
    return show({ kind: 'talking' }, talkText(status.talking, strings));
  }
  if (ringing) return show({ kind: 'spoken-to' }, ringsText(ringing, strings));
  if (status.paged) {
    const { paged } = status;
    return show({ kind: 'spoken-to' }, pageText({ ...paged, group: paged.group?.name ?? null }, strings));
  }
  const [next] = status.waiting;
  const withNext = (text: string): string => (next ? strings.isNext(text, next.name) : text);
  if (call) return show({ kind: 'talking' }, withNext(callText(call, strings)));
  if (speaker) {
    const text = strings.talksToYou(speaker.name, speaker.extension);
    return show({ kind: 'spoken-to' }, withNext(text));
  }
  if (status.unheard > 0)
    return show({ kind: 'unheard', count: status.unheard }, strings.unheard(status.unheard));
  if (status.state === 'removed') return show({ kind: 'trouble' }, strings.isRemoved);
  if (status.requests > 0) return show({ kind: 'idle' }, strings.asksToJoin);
  if (trouble) return show({ kind: 'trouble' }, translate(strings.phrases, trouble));
  if (status.presence === 'dnd') {
    const until = status.presenceUntil;
    const time = until === null ? '' : ` ${strings.until(clock(until, strings.language))}`;
    return show({ kind: 'dnd' }, `${strings.doNotDisturb}${time}`);
  }
  const own = status.node ? `${status.node.name}, ${status.node.extension}` : '';
  if (status.role === 'alone') return show({ kind: 'alone' }, `${own}; ${strings.nobodySeen}`);
  return show({ kind: 'idle' }, own);
}
