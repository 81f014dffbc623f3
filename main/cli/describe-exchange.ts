import type { CallRecording, CallStatus, MissedCall, Status } from '../../preload/api.ts';
import { describeCall } from './call-commands.ts';
import { describeCaption } from './describe-caption.ts';
import { describeRecording } from './record-command.ts';

/** The parts of a node's status on calls, pages, diverts and the queue. */
type Exchange = Pick<
  Status,
  'calls' | 'recording' | 'missedCalls' | 'paged' | 'waiting' | 'divert' | 'talkTo' | 'caption'
>;

/** The present state, one line for each part; no lines if nothing is going on. */
export function describeExchange({
  calls,
  recording,
  missedCalls,
  paged,
  waiting,
  talkTo,
  caption,
}: Exchange): string[] {
  const missed = missedCalls.map(who).join(', ');
  return [
    ...(talkTo ? [`talk key    reaches ${talkTo.name} (${talkTo.extension})`] : []),
    ...calls.map((call) => `call        ${describeCall(call)}`),
    ...(recording ? [`recording   ${describeRecording(recording)}`] : []),
    ...(paged ? [`page        ${pages(paged)}`] : []),
    ...(caption ? [`caption     ${describeCaption(caption)}`] : []),
    ...(waiting.length > 0 ? [`waiting     ${waiting.map(who).join(', then ')}`] : []),
    ...(missed === '' ? [] : [`missed      ${missed} called in vain: corridor missed`]),
  ];
}

/** The changes, one line each. `before` null: nothing was known. */
export function exchangeChanges(now: Exchange, before: Exchange | null): string[] {
  return [
    ...callChanges(now.calls, before?.calls ?? []),
    ...recordingChanges(now.recording, before?.recording ?? null),
    ...missedChanges(now.missedCalls, before?.missedCalls ?? []),
    ...pageChanges(now.paged, before?.paged ?? null),
    ...now.waiting
      .filter(({ extension }) => !before?.waiting.some((known) => known.extension === extension))
      .map((one) => `${who(one)} is next, after what you hear now`),
    ...divertChanges(now.divert, before?.divert ?? null),
  ];
}

function callChanges(now: readonly CallStatus[], before: readonly CallStatus[]): string[] {
  const lines = now.flatMap((call) => {
    const known = before.find(({ id }) => id === call.id);
    const line = describeCall(call);
    if (known && describeCall(known) === line) return [];
    return [call.isIncoming ? `${line}: corridor answer, or: corridor hangup` : line];
  });
  const over = before.filter(({ id, state }) => state !== 'ended' && !now.some((call) => call.id === id));
  return [...lines, ...over.map((call) => `the call with ${who(call)} is over`)];
}

/** The call says that it is recorded: here is where the recording is. */
function recordingChanges(now: CallRecording | null, before: CallRecording | null): string[] {
  const isNews = now?.isOver === true && (before?.isOver !== true || before.file !== now.file);
  return isNews ? [describeRecording(now)] : [];
}

function missedChanges(now: readonly MissedCall[], before: readonly MissedCall[]): string[] {
  return now
    .filter(({ person, times }) => (before.find((one) => one.person === person)?.times ?? 0) < times)
    .map((one) => `${who(one)} called and was not answered. To call back: corridor call ${one.extension}`);
}

function pageChanges(now: Status['paged'], before: Status['paged']): string[] {
  if (now?.extension === before?.extension && now?.isUrgent === before?.isUrgent) return [];
  return now ? [pages(now)] : ['the page is over'];
}

function divertChanges(now: Status['divert'], before: Status['divert']): string[] {
  if (now?.person === before?.person) return [];
  return [now ? `what is said to you goes to ${who(now)}` : 'what is said to you reaches you again'];
}

function pages(paged: NonNullable<Status['paged']>): string {
  const whom = paged.isToAll ? 'everybody' : (paged.group?.name ?? 'you');
  return `${who(paged)} pages ${whom}${paged.isUrgent ? ', urgently' : ''}`;
}

function who({ name, extension }: { readonly name: string; readonly extension: string }): string {
  return `${name} (${extension})`;
}
