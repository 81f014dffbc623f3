import type { Settings } from '../../preload/api.ts';
import { sameKey } from './key-name.ts';
import type { TalkTarget } from './talk-switch.ts';

/** The action of a key: a talk, or what is done once when it goes down. */
export type KeyAction = TalkTarget | DoneAtOnce;

/** `preset`: the place of a sentence at hand, from 1. `answer` and `later`: see `AnswerKey`. */
export type DoneAtOnce =
  { readonly kind: 'play-next' | 'answer' | 'later' } | { readonly kind: 'preset'; readonly preset: number };

const AT_ONCE: ReadonlySet<KeyAction['kind']> = new Set(['play-next', 'answer', 'later', 'preset']);

export function isTalk(action: KeyAction): action is TalkTarget {
  return !AT_ONCE.has(action.kind);
}

export interface KeyBinding {
  readonly key: string;
  readonly action: KeyAction;
}

interface KeyBindings {
  readonly bindings: readonly KeyBinding[];
  /** Keys bound to several actions; each does only its first. */
  readonly twice: readonly string[];
}

export type KeySettings = Pick<
  Settings,
  'talkKey' | 'replyKey' | 'pageKey' | 'playNextKey' | 'answerKey' | 'laterKey' | 'personKeys' | 'presetKeys'
>;

/** The bindings of the settings, each key once. */
export function bindingsOf({
  talkKey,
  replyKey,
  pageKey,
  playNextKey,
  answerKey,
  laterKey,
  personKeys,
  presetKeys,
}: KeySettings): KeyBindings {
  const wanted: readonly (readonly [string | null, KeyAction])[] = [
    [talkKey, { kind: 'talk' }],
    [replyKey, { kind: 'reply' }],
    [pageKey, { kind: 'page' }],
    [playNextKey, { kind: 'play-next' }],
    [answerKey, { kind: 'answer' }],
    [laterKey, { kind: 'later' }],
    ...personKeys.map(({ key, ...whose }) => [key, { kind: 'person', ...whose }] as const),
    ...presetKeys.map(({ key, preset }) => [key, { kind: 'preset', preset }] as const),
  ];
  const taken = new Set<string>();
  const bindings: KeyBinding[] = [];
  const twice: string[] = [];
  for (const [key, action] of wanted) {
    if (key === null) continue;
    if (taken.has(sameKey(key))) twice.push(key);
    else bindings.push({ key, action });
    taken.add(sameKey(key));
  }
  return { bindings, twice };
}
