import { defineConfig, globalIgnores } from 'eslint/config';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** A folder of the API that bears the name of a noun of the product. */
const rooms =
  'api/src/{accounts,oauth,audit,groups,index,memories,reads,search,sharing,personas,goals,libraries,activity,admin}';
const rows = `${rooms}/**/{rows,*-rows}.ts`;
const schemas = `${rooms}/**/{schema,*-schema}.ts`;
const tests = ['**/*.test.ts', 'api/test/**'];

/** Data flows one way: http → schema → use case → rows → storage. Each limit says where to go instead. */
const limits = {
  driver: {
    regex: '^(postgres|pgvector|@electric-sql/[^/]+)(/|$)',
    message: 'Only storage/ imports the database driver: take what you need from storage/database.ts.',
  },
  models: {
    regex: '^(openai|onnxruntime-node|@huggingface/[^/]+)(/|$)',
    message: 'Only models/ imports a model library: embed through models/embed.ts.',
  },
  adapter: {
    regex: '^(\\.\\./)+mcp-adapter/|^@picard/mcp-adapter',
    message:
      'Only where things are put together (main.ts, http/ and the CLI’s own mcp.ts and door.ts) is the adapter known.',
  },
  bench: { regex: '^(\\.\\./)+bench/', message: 'The product does not depend on its benches.' },
  graphql: {
    regex: '^(graphql|graphql-yoga|graphql-sse|@pothos/[^/]+|@graphql-yoga/[^/]+)(/|$)',
    message:
      'A use case does not know GraphQL: return plain values, or throw a named error; schema.ts turns them.',
  },
  http: { regex: '^(\\.\\./)+http/', message: 'A use case does not know HTTP: pass it what it needs.' },
  schemaFolder: { regex: '^(\\.\\./)+schema/', message: 'A use case does not know the schema.' },
  useCase: {
    // Use cases begin with a verb; types, rules, errors and other rows do not.
    regex:
      '/(accept|answer|ask|authenticate|change|count|create|decline|delete|disclose|embed|empty|erase|export|find|get|import|' +
      'index|invite|leave|list|modify|move|purge|read|related|remove|restore|revoke|rotate|search|share|submit|undelete|' +
      'update|verify)-[a-z-]+\\.ts$',
    message: 'Rows are called by use cases and never call one.',
  },
  rows: { regex: '/([a-z-]+-)?rows\\.ts$', message: 'The schema calls use cases; only they read rows.' },
  storage: { regex: '^(\\.\\./)+storage/', message: 'The schema calls use cases; only they reach storage.' },
  texts: {
    regex: '/storage/sealed-text\\.ts$',
    message: 'Texts are opened through memories/reveal.ts, which notes who reads them.',
  },
  api: {
    regex: '^(\\.\\./)+api/|^@picard/api',
    message: 'The adapter knows only schema/: take what it needs as a parameter from the composition root.',
  },
};

/** The rule of a later block replaces that of an earlier one whole, so each block lists all that holds for it. */
const forbid = (files, names, ignores = []) => ({
  files,
  ignores,
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', { patterns: names.map((name) => limits[name]) }],
  },
});

const everywhere = ['adapter', 'bench'];
const useCases = [...everywhere, 'driver', 'models', 'graphql', 'http', 'schemaFolder'];

export default defineConfig(
  globalIgnores(['**/node_modules/', '**/coverage/', '.picard/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    settings: {
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/external-module-folders': ['node_modules'],
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-duplicates': 'error',
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Pothos is told its types by `declare global`.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allow: [{ name: ['URL', 'URLSearchParams'], from: 'lib' }] },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // An async function without await is how a synchronous answer keeps to an asynchronous interface.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // A test reads answers of every shape, and fails by itself if they are not what it took them for.
    files: tests,
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['*.config.{ts,js}', 'codegen.ts', '**/global-setup.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  { files: ['**/*.d.ts'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: [
      'api/src/cli/**/*.ts',
      'api/src/main.ts',
      'api/src/schema/print.ts',
      'mcp-adapter/src/main.ts',
      'bench/**/*.ts',
      'codegen.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  forbid(['api/src/**/*.ts'], [...everywhere, 'driver', 'models']),
  forbid(['api/src/pages/**/*.ts'], [...everywhere, 'driver', 'models', 'graphql', 'rows', 'storage'], tests),
  forbid(
    ['api/src/main.ts', 'api/src/http/*.ts', 'api/src/cli/{door,mcp}.ts'],
    ['bench', 'driver', 'models'],
  ),
  forbid(['api/src/storage/**/*.ts'], [...everywhere, 'models']),
  forbid(['api/src/models/**/*.ts'], [...everywhere, 'driver']),
  forbid([`${rooms}/**/*.ts`], [...useCases, 'texts'], [...tests, schemas]),
  forbid(['api/src/memories/reveal.ts', 'api/src/index/{embed-pending,index-for-audiences}.ts'], useCases),
  forbid([rows], [...useCases, 'useCase', 'texts'], tests),
  forbid([schemas], [...everywhere, 'driver', 'models', 'rows', 'storage'], tests),
  forbid(['api/test/**/*.ts'], ['bench']),
  forbid(['mcp-adapter/**/*.ts', 'codegen.ts'], ['api', 'bench']),
);
