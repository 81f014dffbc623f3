/** Saves the text of a setting, trimmed; empty: the setting has none. */
export type SaveText = (text: string) => void;
