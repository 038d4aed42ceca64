import type { JsonSchema } from '../src/json-schema.ts';
import type { Manifest, PromptEntry, ResourceEntry, ToolEntry } from '../src/manifest.ts';

export interface SurfaceChange {
  /** Whether a caller that worked before may now fail. */
  breaking: boolean;
  text: string;
}

/** How the surface that callers see differs between two manifests, the breaking changes first. */
export function diffManifests(before: Manifest, after: Manifest): SurfaceChange[] {
  const changes = [
    ...diffEntries('tool', before.tools, after.tools, (a, b) => [
      ...diffInput(a.inputSchema, b.inputSchema, ''),
      ...diffOutput(a.outputSchema, b.outputSchema, ''),
      ...differs('annotations', a.annotations, b.annotations, false),
    ]),
    ...diffEntries('resource', before.resources, after.resources, (a, b) => [
      ...differs('URI template', a.uriTemplate, b.uriTemplate, true),
      ...diffInput(a.inputSchema, b.inputSchema, ''),
    ]),
    ...diffPrompts(before.prompts, after.prompts),
  ];
  return [...changes.filter((change) => change.breaking), ...changes.filter((change) => !change.breaking)];
}

function diffPrompts(before: readonly PromptEntry[], after: readonly PromptEntry[]): SurfaceChange[] {
  const now = new Map(after.map((entry) => [entry.name, entry]));
  const old = new Map(before.map((entry) => [entry.name, entry]));
  const required = (entry: PromptEntry) =>
    entry.arguments.flatMap((argument) => (argument.required ? [argument.name] : []));
  return [
    ...before.filter(({ name }) => !now.has(name)).map(({ name }) => change(true, `prompt ${name}: removed`)),
    ...after.flatMap((entry) => {
      const earlier = old.get(entry.name);
      if (!earlier) return [change(false, `prompt ${entry.name}: added`)];
      const more = required(entry).filter((name) => !required(earlier).includes(name));
      return [
        ...more.map((name) => change(true, `argument ${name}: now required`)),
        ...differs('text', [earlier.title, earlier.template], [entry.title, entry.template], false),
      ].map(({ breaking, text }) => change(breaking, `prompt ${entry.name}: ${text}`));
    }),
  ];
}

function diffEntries<Entry extends ToolEntry | ResourceEntry>(
  kind: string,
  before: readonly Entry[],
  after: readonly Entry[],
  compare: (a: Entry, b: Entry) => SurfaceChange[],
): SurfaceChange[] {
  const old = new Map(before.map((entry) => [entry.name, entry]));
  const now = new Map(after.map((entry) => [entry.name, entry]));
  const removed = before
    .filter(({ name }) => !now.has(name))
    .map(({ name }) => change(true, `${kind} ${name}: removed`));
  const rest = after.flatMap((entry) => {
    const earlier = old.get(entry.name);
    if (!earlier) return [change(false, `${kind} ${entry.name}: added`)];
    return [
      ...compare(earlier, entry),
      ...differs('scopes', earlier.scopes, entry.scopes, true),
      ...differs(
        'description',
        [earlier.title, earlier.description],
        [entry.title, entry.description],
        false,
      ),
      ...differs('cost', earlier.cost, entry.cost, false),
      ...differs('document', earlier.sha256, entry.sha256, false),
    ].map(({ breaking, text }) => change(breaking, `${kind} ${entry.name}: ${text}`));
  });
  return [...removed, ...rest];
}

function diffInput(before: JsonSchema, after: JsonSchema, path: string): SurfaceChange[] {
  return diffObject(before, after, path, {
    label: 'argument',
    removed: true,
    added: (name) => after.required?.includes(name) ?? false,
    required: (name) => !before.required?.includes(name) && (after.required?.includes(name) ?? false),
    enumLost: true,
    recurse: diffInput,
  });
}

function diffOutput(before: JsonSchema, after: JsonSchema, path: string): SurfaceChange[] {
  return diffObject(before, after, path, {
    label: 'answer',
    removed: true,
    added: () => false,
    required: (name) => (before.required?.includes(name) ?? false) && !after.required?.includes(name),
    enumLost: false,
    recurse: diffOutput,
  });
}

interface Rules {
  label: string;
  removed: boolean;
  added: (name: string) => boolean;
  required: (name: string) => boolean;
  enumLost: boolean;
  recurse: (before: JsonSchema, after: JsonSchema, path: string) => SurfaceChange[];
}

function diffObject(before: JsonSchema, after: JsonSchema, path: string, rules: Rules): SurfaceChange[] {
  const at = path === '' ? rules.label : `${rules.label} ${path}`;
  const changes = [...differs(`${at} type`, before.type, after.type, true)];
  const lost = (before.enum ?? []).filter((value) => after.enum && !after.enum.includes(value));
  const gained = (after.enum ?? []).filter((value) => before.enum && !before.enum.includes(value));
  if (lost.length > 0) changes.push(change(rules.enumLost, `${at}: no longer ${lost.join(', ')}`));
  if (gained.length > 0) changes.push(change(false, `${at}: now also ${gained.join(', ')}`));
  const old = before.properties ?? {};
  const now = after.properties ?? {};
  for (const [name, schema] of Object.entries(old)) {
    const here = path === '' ? name : `${path}.${name}`;
    const next = now[name];
    if (!next) changes.push(change(rules.removed, `${rules.label} ${here}: removed`));
    else {
      if (rules.required(name))
        changes.push(change(true, `${rules.label} ${here}: changed whether it must be there`));
      changes.push(...rules.recurse(schema, next, here));
    }
  }
  for (const name of Object.keys(now)) {
    const here = path === '' ? name : `${path}.${name}`;
    if (!old[name]) changes.push(change(rules.added(name), `${rules.label} ${here}: added`));
  }
  if (before.items && after.items) changes.push(...rules.recurse(before.items, after.items, `${path}[]`));
  changes.push(...diffAlternatives(before, after, path, rules));
  return changes;
}

function diffAlternatives(
  before: JsonSchema,
  after: JsonSchema,
  path: string,
  rules: Rules,
): SurfaceChange[] {
  const typename = (schema: JsonSchema) => schema.properties?.['__typename']?.const ?? String(schema.type);
  const now = new Map((after.anyOf ?? []).map((schema) => [typename(schema), schema]));
  const old = new Map((before.anyOf ?? []).map((schema) => [typename(schema), schema]));
  return [
    ...[...old].flatMap(([name, schema]) => {
      const next = now.get(name);
      const here = `${path}<${name}>`;
      return next ? rules.recurse(schema, next, here) : [change(false, `${rules.label} ${here}: removed`)];
    }),
    ...[...now.keys()]
      .filter((n) => !old.has(n))
      .map((n) => change(false, `${rules.label} ${path}<${n}>: added`)),
  ];
}

function differs(what: string, before: unknown, after: unknown, breaking: boolean): SurfaceChange[] {
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [change(breaking, `${what} changed`)];
}

function change(breaking: boolean, text: string): SurfaceChange {
  return { breaking, text };
}
