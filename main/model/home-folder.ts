import { homedir } from 'node:os';

/** The home folder of the user; undefined where neither HOME nor the system's list of users has one, such as in a container. */
export function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
