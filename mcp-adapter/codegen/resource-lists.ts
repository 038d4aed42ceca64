import type { JsonSchema } from '../src/json-schema.ts';
import type { ResourceEntry, ResourceListEntry } from '../src/manifest.ts';
import type { OperationEntry } from '../src/operation-entry.ts';
import { parseUriTemplate } from '../src/uri-template.ts';

type Report = (problem: string) => void;

export interface ResourceListDraft {
  /** Name of the resource whose template is filled. */
  resource: string;
  /** How an item is called, such as `{kind}: {text}`. */
  nameTemplate: string;
  entry: OperationEntry;
  outputSchema: JsonSchema;
}

/** Joins a list to the template it lists. */
export function resourceListOf(
  { resource, nameTemplate, entry, outputSchema }: ResourceListDraft,
  resources: readonly ResourceEntry[],
  report: Report,
): ResourceListEntry | undefined {
  const template = resources.find(({ name }) => name === resource);
  if (!template) {
    report(`${entry.operationName}: @list names ${resource}, which is no resource.`);
    return undefined;
  }
  const { budget } = entry;
  const path = budget?.paths[0];
  if (!budget?.page || !path) {
    report(`${entry.operationName}: @list needs a connection with pageInfo, $after and $max_tokens.`);
    return undefined;
  }
  const item = itemAt(outputSchema, path)?.properties?.['node']?.properties ?? {};
  const wanted = [...parseUriTemplate(template.uriTemplate).path, ...parseUriTemplate(nameTemplate).path];
  for (const name of wanted) {
    if (item[name] === undefined) report(`${entry.operationName}: @list needs ${name} of each node.`);
  }
  const { title, description, mimeType } = template;
  return { ...entry, uriTemplate: template.uriTemplate, nameTemplate, title, description, mimeType };
}

function itemAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], schema)?.items;
}
