import type { Page } from 'playwright-core';

/** A page as a screen reader reads it: from the browser's accessibility tree, without ignored nodes. */
interface ScreenReaderPage {
  /** Elements that can have the focus and have no name: a person would hear only "button". */
  readonly nameless: readonly string[];
  /** "2 Messages", in the page's order. */
  readonly headings: readonly string[];
  /** "main", "search", "contentinfo Talk bar". */
  readonly landmarks: readonly string[];
  /** "polite status", "assertive alert": live regions, which are read out when they change. */
  readonly live: readonly string[];
  /** The text of each polite live region, in the page's order. */
  readonly polite: readonly string[];
}

interface Value {
  readonly value?: string | number | boolean;
}

interface AxNode {
  readonly nodeId: string;
  readonly childIds?: readonly string[];
  readonly ignored: boolean;
  readonly role?: Value;
  readonly name?: Value;
  readonly properties?: readonly { readonly name: string; readonly value: Value }[];
}

const LANDMARKS: readonly unknown[] = ['main', 'navigation', 'search', 'banner', 'contentinfo', 'region'];

/** Reads out a page as it is now. */
export async function readOut(page: Page): Promise<ScreenReaderPage> {
  const session = await page.context().newCDPSession(page);
  try {
    const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: readonly AxNode[] };
    const seen = nodes.filter(({ ignored }) => !ignored);
    const words = (...parts: (string | number | boolean | undefined)[]): string =>
      parts.filter(Boolean).join(' ');
    const of = (node: AxNode, property: string): Value['value'] =>
      node.properties?.find(({ name }) => name === property)?.value.value;
    return {
      nameless: seen
        .filter((node) => of(node, 'focusable') === true && String(node.name?.value ?? '').trim() === '')
        .map(({ role, properties }) => words(role?.value, JSON.stringify(properties).slice(0, 160))),
      headings: seen
        .filter(({ role }) => role?.value === 'heading')
        .map((node) => words(of(node, 'level'), node.name?.value)),
      landmarks: seen
        .filter(({ role }) => LANDMARKS.includes(role?.value))
        .map(({ role, name }) => words(role?.value, name?.value)),
      live: seen
        .filter((node) => ['polite', 'assertive'].includes(String(of(node, 'live'))))
        .filter((node) => of(node, 'root') !== undefined || node.role?.value !== 'StaticText')
        .map((node) => words(of(node, 'live'), node.role?.value, node.name?.value)),
      polite: seen.filter((node) => of(node, 'live') === 'polite').map((node) => textIn(node, nodes)),
    };
  } finally {
    await session.detach();
  }
}

/** The text of a node and of all below it. */
function textIn({ role, name, childIds = [] }: AxNode, nodes: readonly AxNode[]): string {
  if (role?.value === 'StaticText') return String(name?.value ?? '');
  const children = nodes.filter(({ nodeId }) => childIds.includes(nodeId));
  return children.map((child) => textIn(child, nodes)).join(' ');
}
