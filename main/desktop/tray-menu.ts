import type { Group, Person, PresenceChoice, Status } from '../../preload/api.ts';
import type { Strings } from './strings.ts';

/** The menu lists at most this many people and stays readable; the panel has the others. */
const MAX_PEOPLE = 20;
const MAX_GROUPS = 10;

/** How long a presence lasts: minutes, or until the next morning. */
type Span = number | 'tomorrow';

/** The action of a choice in the menu. */
export type TrayAction =
  | { readonly type: 'play' | 'play-all' | 'page' | 'stop' | 'end-divert' }
  | { readonly type: 'open' | 'people' | 'settings' | 'requests' | 'quit' }
  /** `person` or `group`: the holder of the extension when the menu was made. They are reached at their present number. */
  | { readonly type: 'talk'; readonly extension: string; readonly person?: string; readonly group?: string }
  | { readonly type: 'call'; readonly id: string; readonly action: 'answer' | 'hang-up' }
  /** Talks to the talker of this message, or calls them. */
  | { readonly type: 'reply' | 'call-talker'; readonly message: string }
  | { readonly type: 'presence'; readonly presence: PresenceChoice; readonly span?: Span };

/** One line of the menu, as plain data: two menus are equal if their JSON is. */
export type TrayItem =
  | { readonly kind: 'line' }
  | {
      readonly kind: 'choice';
      readonly label: string;
      readonly action: TrayAction;
      readonly isEnabled: boolean;
      /** Left out for a choice that is no state. */
      readonly isChosen?: boolean;
    }
  | {
      readonly kind: 'menu';
      readonly label: string;
      readonly isEnabled: boolean;
      readonly items: readonly TrayItem[];
    };

const LINE: TrayItem = { kind: 'line' };

export interface TrayFacts {
  readonly status: Status;
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  /** The last message to this node's person, and its talker's name. */
  readonly lastSpeaker: { readonly id: string; readonly name: string } | null;
}

/** The menu of the tray icon: what a person does every day, without a window. Pure. */
export function trayMenu(
  { status, people, groups, lastSpeaker }: TrayFacts,
  strings: Strings,
): readonly TrayItem[] {
  const isRunning = status.state === 'running';
  const { unheard } = status;
  return [
    ...calls(status, strings),
    ...(status.requests > 0 ? [choice(strings.wantsToJoin, { type: 'requests' }), LINE] : []),
    ...(status.moveAsked ? [choice(strings.askedToMove, { type: 'people' }), LINE] : []),
    choice(strings.play(unheard), { type: 'play' }, unheard > 0),
    ...(unheard > 1 ? [choice(strings.playAll, { type: 'play-all' })] : []),
    { kind: 'line' },
    ...(status.talking
      ? [choice(strings.stopTalking, { type: 'stop' })]
      : [
          ...(lastSpeaker
            ? [
                choice(
                  strings.reply(lastSpeaker.name),
                  { type: 'reply', message: lastSpeaker.id },
                  isRunning,
                ),
                choice(
                  strings.callTalker(lastSpeaker.name),
                  { type: 'call-talker', message: lastSpeaker.id },
                  isRunning,
                ),
              ]
            : []),
          talkTo(people, groups, isRunning, strings),
          choice(strings.pageAll, { type: 'page' }, isRunning && people.some(isThere)),
        ]),
    presence(status, isRunning, strings),
    { kind: 'line' },
    choice(strings.open, { type: 'open' }),
    choice(strings.settings, { type: 'settings' }, isRunning),
    choice(strings.quit, { type: 'quit' }),
  ];
}

const isThere = ({ presence: is }: Person): boolean => is !== 'offline';

/** The menu lines for ringing and active calls. */
function calls(status: Status, strings: Strings): readonly TrayItem[] {
  const items = status.calls.flatMap(({ id, name, state, isIncoming }): TrayItem[] => {
    if (state === 'ended') return [];
    if (!isIncoming) return [choice(strings.hangUp(name), { type: 'call', id, action: 'hang-up' })];
    return [
      choice(strings.answer(name), { type: 'call', id, action: 'answer' }),
      choice(strings.callLater(name), { type: 'call', id, action: 'hang-up' }),
    ];
  });
  return items.length > 0 ? [...items, LINE] : [];
}

/** The menu lines for whom to talk to. Groups that the person may talk to come first, since most offices have few. */
function talkTo(
  people: readonly Person[],
  groups: readonly Group[],
  isRunning: boolean,
  strings: Strings,
): TrayItem {
  const ofGroups = groups
    .flatMap(({ id, name, extension, mayTalk, people: members }) =>
      mayTalk && extension !== null && members.length > 0
        ? choice(`${name} · ${extension}`, { type: 'talk', extension, group: id })
        : [],
    )
    .slice(0, MAX_GROUPS);
  const sorted = [...people].sort(
    (a, b) =>
      Number(b.favourite) - Number(a.favourite) ||
      Number(a.presence === 'offline') - Number(b.presence === 'offline') ||
      a.name.localeCompare(b.name, strings.language),
  );
  const shown = sorted.slice(0, MAX_PEOPLE);
  const ofPeople: TrayItem[] = shown.map(({ id, name, extension, presence: is, divertedTo }) => {
    const state = is === 'offline' ? strings.offline : strings.presences[is];
    const reached = divertedTo && !divertedTo.isMe ? `${name} → ${divertedTo.name}` : name;
    const label = `${reached} · ${extension}${is === 'available' ? '' : ` (${state})`}`;
    return choice(label, { type: 'talk', extension, person: id });
  });
  const items: TrayItem[] = [
    ...ofGroups,
    ...(ofGroups.length > 0 && ofPeople.length > 0 ? [LINE] : []),
    ...ofPeople,
  ];
  const more = sorted.length - shown.length;
  if (more > 0) items.push({ kind: 'line' }, choice(strings.morePeople(more), { type: 'people' }));
  return { kind: 'menu', label: strings.talkTo, isEnabled: isRunning && items.length > 0, items };
}

function presence(status: Status, isRunning: boolean, strings: Strings): TrayItem {
  const until = status.presenceUntil;
  const time = until === null ? '' : `, ${strings.until(clock(until, strings.language))}`;
  const plain = (['available', 'busy', 'away', 'dnd'] as const).map((which): TrayItem => {
    const isChosen = status.presence === which;
    const label = `${strings.presences[which]}${isChosen ? time : ''}`;
    return { ...choice(label, { type: 'presence', presence: which }), isChosen };
  });
  const dnd = (label: string, span: Span): TrayItem =>
    choice(label, { type: 'presence', presence: 'dnd', span });
  const { divert } = status;
  const items: TrayItem[] = [
    ...(divert ? [choice(strings.endDivert(divert.name), { type: 'end-divert' }), LINE] : []),
    ...plain,
    { kind: 'line' },
    dnd(strings.forMinutes(30), 30),
    dnd(strings.forOneHour, 60),
    dnd(strings.untilTomorrow, 'tomorrow'),
  ];
  return { kind: 'menu', label: strings.presence, isEnabled: isRunning, items };
}

/** A time of day in the language's format. */
export function clock(at: number, language: string): string {
  return new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
}

function choice(label: string, action: TrayAction, isEnabled = true): Extract<TrayItem, { kind: 'choice' }> {
  return { kind: 'choice', label, action, isEnabled };
}
