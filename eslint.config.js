import eslint from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { mayImport } from './scripts/may-import.mjs';

export default tseslint.config(
  { ignores: ['dist', 'release', 'node_modules', 'test-results', '.cache'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,svelte}'],
    plugins: { corridor: { rules: { 'may-import': mayImport } } },
    rules: { 'corridor/may-import': 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['describe', 'it', 'suite', 'test'] },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A rejected system call is an ErrnoException; saying so in the parameter is how its code is read.
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      // Where an interface wants a promise, `async` keeps a thrown error in it.
      '@typescript-eslint/require-await': 'off',
      // Sample loops index typed arrays, of which the compiler cannot know the length; `!` says that the loop does.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // An empty method is what an interface asks for where nothing is to be done.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
    },
  },
  {
    files: ['scripts/**', '*.js'],
    languageOptions: { globals: globals.node },
  },
  {
    // svelte-check looks at the types; here are the rules of the language and of the import table.
    files: ['**/*.svelte'],
    extends: [svelte.configs.recommended],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser } },
  },
);
