import type {
  ControlLink,
  ControlMessage,
  ControlMessageOf,
  ControlMessageType,
} from '../signalling/index.ts';

/** One handler for each type of frame; a type without one does not compile. */
export type ControlRoutes = {
  readonly [T in ControlMessageType]: (link: ControlLink, message: ControlMessageOf<T>) => void;
};

/** Hands a frame to the handler of its type. */
export function route(routes: ControlRoutes, link: ControlLink, message: ControlMessage): void {
  // The compiler does not see that a message and the handler of its type belong together.
  const handle = routes[message.type] as (link: ControlLink, message: ControlMessage) => void;
  handle(link, message);
}
