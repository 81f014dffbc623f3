import { test } from 'node:test';

type Step = (name: string, run: () => void | Promise<void>) => void;

/**
 * One test case that is told in steps: each step goes on from the state that the step before it left, and the report names each.
 * After a step that fails none runs. Returns the function that adds a step.
 */
export function story(title: string): Step {
  const steps: { readonly name: string; readonly run: () => void | Promise<void> }[] = [];
  test(title, async (context) => {
    for (const { name, run } of steps) {
      let hasPassed = false;
      await context.test(name, async () => {
        await run();
        hasPassed = true;
      });
      if (!hasPassed) return;
    }
  });
  return (name, run) => steps.push({ name, run });
}
