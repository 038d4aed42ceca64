import { createHash } from 'node:crypto';
import type { JsonSchema } from './json-schema.ts';
import type { Manifest, PromptEntry, ResourceEntry, ToolEntry } from './manifest.ts';
import type { OperationEntry } from './operation-entry.ts';
import { belowPublicUrl } from './protected-resource.ts';
import { referenceStyle } from './reference-style.ts';
import { typeText } from './schema-text.ts';

export interface ReferencePage {
  html: string;
  /** Nothing remote, no script, no inline style but the page's own, no framing. */
  contentSecurityPolicy: string;
}

/** The API reference at `/docs`, rendered once from the manifest. */
export function referencePage(manifest: Manifest, publicUrl: URL): ReferencePage {
  const styleHash = createHash('sha256').update(referenceStyle).digest('base64');
  return {
    html: page(manifest, publicUrl),
    contentSecurityPolicy: [
      "default-src 'none'",
      `style-src 'sha256-${styleHash}'`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

function page(manifest: Manifest, publicUrl: URL): string {
  const mcpUrl = belowPublicUrl(publicUrl, 'mcp').href;
  const restUrl = belowPublicUrl(publicUrl, 'api/tools').href;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Picard tools: reference</title>
<style>${referenceStyle}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the tools</a>
<header>
<h1>Picard tools</h1>
<p>The same tools answer over <abbr title="Model Context Protocol">MCP</abbr> at <code>${escape(mcpUrl)}</code> and over REST at <code>POST ${escape(restUrl)}</code>. The machine-readable form is <a href="openapi.json">openapi.json</a>.</p>
</header>
<nav aria-label="Tools, resources and prompts">
<h2>Tools</h2>
<ul>${manifest.tools.map(({ name }) => `<li><a href="#${name}"><code>${name}</code></a></li>`).join('')}</ul>
<h2>Resources</h2>
<ul>${manifest.resources.map(({ name }) => `<li><a href="#resource-${name}"><code>${name}</code></a></li>`).join('')}</ul>
<h2>Prompts</h2>
<ul>${manifest.prompts.map(({ name }) => `<li><a href="#prompt-${name}"><code>${name}</code></a></li>`).join('')}</ul>
</nav>
<main id="main">
<section aria-labelledby="calling">
<h2 id="calling">Calling a tool over REST</h2>
<pre tabindex="0"><code>${escape(curlExample(restUrl))}</code></pre>
<p>The answer is <code>{"tool", "data"}</code>; what fails is <code>{"error": {"code", "message", "way_on"}}</code> with a fitting status. Enum values are taken in either case. Longer answers than <code>max_tokens</code> lose whole items from the end; <code>left_out</code> says how many and how to get them.</p>
</section>
${manifest.tools.map(toolSection).join('\n')}
${manifest.resources.map(resourceSection).join('\n')}
${manifest.prompts.map(promptSection).join('\n')}
</main>
</body>
</html>
`;
}

function toolSection(tool: ToolEntry): string {
  const { annotations } = tool;
  const effect = annotations.readOnlyHint ? 'reads' : annotations.destructiveHint ? 'destroys' : 'writes';
  return section(tool.name, tool.name, tool, `<span class="effect ${effect}">${effect}</span>`);
}

function resourceSection(resource: ResourceEntry): string {
  return section(
    `resource-${resource.name}`,
    resource.uriTemplate,
    resource,
    '<span class="effect">resource</span>',
  );
}

function promptSection({ name, title, description, arguments: args }: PromptEntry): string {
  const rows = args.map(
    (argument) =>
      `<li><code>${argument.name}</code>${argument.required ? ' <em>required</em>' : ''}: ${escape(argument.description)}</li>`,
  );
  return `<section aria-labelledby="prompt-${name}">
<h2 id="prompt-${name}"><code>${name}</code> <span class="effect">prompt</span></h2>
<p><strong>${escape(title)}.</strong> ${escape(description)}</p>
<ul>${rows.join('')}</ul>
</section>`;
}

function section(
  id: string,
  heading: string,
  entry: OperationEntry & { title: string; description: string },
  badge: string,
): string {
  const scopes = entry.scopes
    .map((set) => set.map((scope) => `<code>${escape(scope)}</code>`).join(' and '))
    .join(', or ');
  return `<section aria-labelledby="${id}">
<h2 id="${id}"><code>${escape(heading)}</code> ${badge}</h2>
<p><strong>${escape(entry.title)}.</strong> ${escape(entry.description).replaceAll('\n', '<br>')}</p>
<p>Scopes: ${scopes || 'none'}. Cost: ${entry.cost}.</p>
<div class="table" role="region" aria-label="Arguments of ${escape(heading)}" tabindex="0">
<table>
<thead><tr><th scope="col">Argument</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${argumentRows(entry.inputSchema)}</tbody>
</table>
</div>
</section>`;
}

function argumentRows(schema: JsonSchema): string {
  return Object.entries(schema.properties ?? {})
    .map(([name, property]) => {
      const required = schema.required?.includes(name) ? ' <em>required</em>' : '';
      const fallback =
        property.default === undefined
          ? ''
          : ` Default: <code>${escape(JSON.stringify(property.default))}</code>.`;
      return `<tr><th scope="row"><code>${name}</code>${required}</th><td>${escape(typeText(property))}</td><td>${escape(property.description ?? '')}${fallback}</td></tr>`;
    })
    .join('');
}

function curlExample(restUrl: string): string {
  return `curl ${restUrl} \\
  -H "authorization: Bearer $PICARD_TOKEN" \\
  -H "content-type: application/json" \\
  -d '{"tool": "query_memory", "data": {"prompt": "travel plans", "first": 5}}'`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
