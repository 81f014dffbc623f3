/**
 * The API of a node: arguments and results of its methods, and its events. All clients (panel, tray, keys, command line) call these
 * methods, over Electron IPC, a local socket or a loopback WebSocket. Other rooms import this file alone.
 *
 * Every sentence is English. A client in another language translates the `phrase` beside it (`i18n/`); null: there is no sentence, or it
 * exists in English alone.
 */

export type { Language, Phrase } from '../i18n/index.ts';
export type * from './calls.ts';
export type * from './channels.ts';
export type * from './flash.ts';
export type * from './groups.ts';
export type * from './health.ts';
export type * from './members.ts';
export type { MessagePosition } from './message-pages.ts';
export type * from './messages.ts';
export * from './methods.ts';
export type * from './node-api.ts';
export type * from './people.ts';
export * from './settings.ts';
export type * from './speech.ts';
export type * from './status.ts';
export * from './volume.ts';
